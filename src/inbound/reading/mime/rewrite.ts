import { randomBytes } from 'node:crypto';
import type { MimeNode, SplitterChunk } from '@zone-eu/mailsplit';
import { isBodyText, writtenFile, writtenText } from './part.js';
import type { WrittenPart } from './part.js';

/** What is known of a message before its parts are read, and counts of the parts read so far. */
interface RewriteContext {
  /** The message's header lines for mailparser. */
  readonly header: readonly string[];
  /** The charset used elsewhere in the message, for parts that don't declare one. */
  readonly hint: string | undefined;
  /** The number of body texts, and how many of them are HTML. */
  texts: number;
  htmls: number;
}

/**
 * Rewrites a message for mailparser as mailsplit reads it: the same parts, repaired, with new random boundaries, so
 * that both parsers agree on where each part ends.
 */
export async function* rewrite(
  chunks: AsyncIterable<SplitterChunk>,
  context: RewriteContext,
): AsyncGenerator<Buffer | string> {
  const boundaries = new Boundaries();
  let [part, body]: [MimeNode | null, Buffer[]] = [null, []];
  yield context.header.map((line) => `${line}\r\n`).join('') + boundaries.open('mixed');
  for await (const chunk of chunks) {
    if (chunk.type !== 'node') {
      if (chunk.node === part) body.push(chunk.value);
      continue;
    }
    if (part && chunk.parentNode === part) yield boundaries.begin(part) + boundaries.open(part.multipart || '');
    else if (part) yield* boundaries.wrap(part, await written(part, body, context));
    [part, body] = [chunk, []];
  }
  if (part) yield* boundaries.wrap(part, await written(part, body, context));
  yield boundaries.end();
}

async function written(node: MimeNode, chunks: Buffer[], context: RewriteContext): Promise<WrittenPart[]> {
  const found = Buffer.concat(chunks);
  // For a part without a body, mailsplit emits the line break that belongs to the boundary.
  const body = found.length < 3 && found.toString('latin1').trim() === '' ? Buffer.alloc(0) : found;
  if (!isBodyText(node, context.texts === 0)) return [writtenFile(node, body)];
  context.texts += 1;
  if (node.contentType === 'text/html') context.htmls += 1;
  return writtenText(node, body, context.hint);
}

/** One boundary for each nesting depth; depth 1 encloses the original message. */
class Boundaries {
  readonly #secret = randomBytes(12).toString('hex');
  #depth = 0;

  open(type: string): string {
    const subtype = /^[\w.+-]+/.exec(type)?.[0] ?? 'mixed';
    return `Content-Type: multipart/${subtype}; boundary="${this.#secret}.${++this.#depth}"\r\n\r\n`;
  }

  /** Closes the multiparts that ended before this part, and begins the part. */
  begin({ root, partNr }: MimeNode): string {
    return `${this.end(root || !partNr ? 1 : partNr.length + 1)}${this.#line()}`;
  }

  /** Returns a part with its boundaries; several versions become multipart/alternative. */
  wrap(node: MimeNode, parts: readonly WrittenPart[]): (Buffer | string)[] {
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
