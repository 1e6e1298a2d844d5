import { randomBytes } from 'node:crypto';
import type { MimeNode, SplitterChunk } from '@zone-eu/mailsplit';
import { isBodyText, writtenFile, writtenText } from './part.js';
import type { WrittenPart } from './part.js';

/**
 * Writes a message anew for mailparser while mailsplit reads it: the given headers, and the same parts, each repaired,
 * between boundaries that occur nowhere else. So both agree on where a part ends, whatever the message holds. `hint`
 * is the charset that the rest of the message is written in, for parts that don't say.
 */
export async function* rewrite(
  chunks: AsyncIterable<SplitterChunk>,
  header: readonly string[],
  hint: string | undefined,
): AsyncGenerator<Buffer | string> {
  const boundaries = new Boundaries();
  let [part, body, texts]: [MimeNode | null, Buffer[], number] = [null, [], 0];
  const written = async (node: MimeNode): Promise<WrittenPart> => {
    const whole = Buffer.concat(body);
    return isBodyText(node, texts === 0) && ++texts > 0 ? writtenText(node, whole, hint) : writtenFile(node, whole);
  };
  yield header.map((line) => `${line}\r\n`).join('') + boundaries.open('mixed');
  for await (const chunk of chunks) {
    if (chunk.type !== 'node') {
      if (chunk.node === part) body.push(chunk.value);
      continue;
    }
    if (part && chunk.parentNode === part) yield boundaries.begin(part) + boundaries.open(part.multipart || '');
    else if (part) yield* boundaries.around(part, await written(part));
    [part, body] = [chunk, []];
  }
  if (part) yield* boundaries.around(part, await written(part));
  yield boundaries.end();
}

/** A boundary for each depth at which multiparts stand in each other; that of depth 1 is around the message's own. */
class Boundaries {
  readonly #secret = randomBytes(12).toString('hex');
  #depth = 0;

  open(type: string): string {
    const subtype = /^[\w.+-]+/.exec(type)?.[0] ?? 'mixed';
    return `Content-Type: multipart/${subtype}; boundary="${this.#secret}.${++this.#depth}"\r\n\r\n`;
  }

  /** Ends what stands open beside a part, and begins the part. */
  begin({ root, partNr }: MimeNode): string {
    return `${this.end(root || !partNr ? 1 : partNr.length + 1)}--${this.#secret}.${this.#depth}\r\n`;
  }

  around(node: MimeNode, { header, body }: WrittenPart): (Buffer | string)[] {
    return [this.begin(node), header, ...(body.length > 0 ? [body, '\r\n'] : [])];
  }

  end(depth = 0): string {
    let ends = '';
    for (; this.#depth > depth; this.#depth--) ends += `--${this.#secret}.${this.#depth}--\r\n`;
    return ends;
  }
}
