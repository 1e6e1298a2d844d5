import { Splitter } from '@zone-eu/mailsplit';
import type { MimeNode, SplitterChunk, SplitterOptions } from '@zone-eu/mailsplit';
import { limitBroken } from '../limits.js';
import type { Limits } from '../limits.js';
import { repairHeader } from './part_header.js';

type Boundary = 1 | 2 | 3 | 4 | false;
type Next = (error?: Error | null, data?: SplitterChunk | false, flush?: boolean) => void;

/** Members of mailsplit's splitter that its types lack. */
interface Internals {
  node: MimeNode & { readonly _parentBoundaryOwner: MimeNode | false };
  checkBoundary(line: Buffer): Boundary;
  processLine(line: Buffer | false, final: boolean, next: Next): void;
}
const Base = Splitter as unknown as new (options: SplitterOptions) => Splitter & Internals;

/**
 * mailsplit's splitter with our limits, and more tolerant: a part also ends at the boundary of any enclosing multipart,
 * so that an unclosed one loses nothing (sample "a missing inner boundary"; nodemailer/mailparser#224 hung on it);
 * white space may follow a boundary (RFC 2046 section 5.1.1); a part that ends within its header is not lost. Attached
 * messages are not split.
 */
export class PartSplitter extends Base {
  readonly #boundaries = new Set<string>();
  readonly #limits: Limits;
  readonly #hint: string | undefined;

  constructor(limits: Limits, hint: string | undefined) {
    super({ ignoreEmbedded: true, maxChildNodes: limits.parts, maxHeadSize: limits.headers_size });
    [this.#limits, this.#hint] = [limits, hint];
  }

  override checkBoundary(line: Buffer): Boundary {
    const name = boundaryIn(line);
    if (!this.#boundaries.has(name) && !this.#boundaries.has(name.replace(/--$/, ''))) return false;
    const [inner, clean] = [this.node, Buffer.from(`--${name}\n`, 'latin1')];
    let found = super.checkBoundary(clean);
    while (!found && this.node._parentBoundaryOwner) {
      this.node = this.node._parentBoundaryOwner;
      found = super.checkBoundary(clean);
    }
    if (!found) this.node = inner;
    else if (inner._headerlen > 0 && !inner.headers) this.push(inner);
    return found;
  }

  // Flushes when the part changes, so that no chunk mixes the content of two parts.
  override processLine(line: Buffer | false, final: boolean, next: Next): void {
    const before = this.node;
    super.processLine(line, final, (error, data, flush) =>
      next(error && refusal(error, this.#limits), data, flush || this.node !== before),
    );
  }

  override push(chunk: SplitterChunk | null): boolean {
    if (chunk?.type !== 'node') return super.push(chunk);
    try {
      const text = repairHeader(chunk, this.#limits, this.#hint);
      if (chunk._boundary) this.#boundaries.add(chunk._boundary.toString('latin1'));
      if (chunk.partNr && chunk.partNr.length > this.#limits.depth) throw limitBroken('too_deep', this.#limits);
      super.push(chunk);
      return super.push({ type: 'body', node: chunk, value: text });
    } catch (error) {
      this.destroy(error instanceof Error ? error : undefined);
      return false;
    }
  }
}

const [LF, CR, DASH] = [10, 13, 45];
// RFC 2046 allows 70 characters, but longer boundaries occur.
const MAX_LINE = 2100;

/**
 * Returns the possible boundary in a line, or ''. The line break before a boundary belongs to it, and mailsplit
 * includes it in the line at the end of the message.
 */
function boundaryIn(line: Buffer): string {
  const start = line[0] === LF ? 1 : line[0] === CR ? 2 : 0;
  const dashed = line.length <= MAX_LINE && line[start] === DASH && line[start + 1] === DASH;
  return dashed ? line.toString('latin1', start + 2).trimEnd() : '';
}

function refusal(error: Error, limits: Limits): Error {
  if (error.message.includes('child nodes')) return limitBroken('too_many_parts', limits);
  return error.message.includes('header size') ? limitBroken('headers_too_large', limits) : error;
}
