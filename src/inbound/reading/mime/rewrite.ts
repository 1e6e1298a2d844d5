import { randomBytes } from 'node:crypto';
import type { MimeNode, SplitterChunk } from '@zone-eu/mailsplit';
import { isBodyText, writtenFile, writtenText } from './part.js';
import type { WrittenPart } from './part.js';

/** What is known of a message before its parts are read, and what was found in them. */
export interface Circumstances {
  /** The headers of the message that mailparser reads. */
  readonly header: readonly string[];
  /** The charset that the rest of the message is written in, for parts that don't say. */
  readonly hint: string | undefined;
  /** How many texts of the body, and how many of these are HTML. */
  texts: number;
  htmls: number;
}

/**
 * Writes a message anew for mailparser while mailsplit reads it: the same parts, each repaired, between boundaries
 * that occur nowhere else. So both agree on where a part ends, whatever the message holds.
 */
export async function* rewrite(
  chunks: AsyncIterable<SplitterChunk>,
  circumstances: Circumstances,
): AsyncGenerator<Buffer | string> {
  const boundaries = new Boundaries();
  let [part, body]: [MimeNode | null, Buffer[]] = [null, []];
  yield circumstances.header.map((line) => `${line}\r\n`).join('') + boundaries.open('mixed');
  for await (const chunk of chunks) {
    if (chunk.type !== 'node') {
      if (chunk.node === part) body.push(chunk.value);
      continue;
    }
    if (part && chunk.parentNode === part) yield boundaries.begin(part) + boundaries.open(part.multipart || '');
    else if (part) yield* boundaries.around(part, await written(part, body, circumstances));
    [part, body] = [chunk, []];
  }
  if (part) yield* boundaries.around(part, await written(part, body, circumstances));
  yield boundaries.end();
}

async function written(node: MimeNode, chunks: Buffer[], circumstances: Circumstances): Promise<WrittenPart[]> {
  const found = Buffer.concat(chunks);
  // Of a part without a body mailsplit hands on the line break that belongs to the boundary.
  const body = found.length < 3 && found.toString('latin1').trim() === '' ? Buffer.alloc(0) : found;
  if (!isBodyText(node, circumstances.texts === 0)) return [writtenFile(node, body)];
  circumstances.texts += 1;
  if (node.contentType === 'text/html') circumstances.htmls += 1;
  return writtenText(node, body, circumstances.hint);
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
    return `${this.end(root || !partNr ? 1 : partNr.length + 1)}${this.#line()}`;
  }

  /** A part as it is written; several are alternatives. */
  around(node: MimeNode, parts: readonly WrittenPart[]): (Buffer | string)[] {
    const begin = this.begin(node);
    const several = parts.length > 1 ? this.open('alternative') : '';
    return [
      begin + several,
      ...parts.flatMap(({ header, body }) => [
        several && this.#line(),
        header,
        ...(body.length > 0 ? [body, '\r\n'] : []),
      ]),
    ];
  }

  end(depth = 0): string {
    let ends = '';
    for (; this.#depth > depth; this.#depth--) ends += `--${this.#secret}.${this.#depth}--\r\n`;
    return ends;
  }

  #line = () => `--${this.#secret}.${this.#depth}\r\n`;
}
