import { fieldsIn, valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import { MailRefused } from '../limits.js';
import type { Limits } from '../limits.js';
import { parameterized } from './parameters.js';
import type { Parameterized } from './parameters.js';

/**
 * A part of a message: its header, and where in the bytes its body lies, still encoded. Only multiparts have
 * children.
 */
export interface Part {
  readonly fields: readonly HeaderField[];
  readonly type: Parameterized;
  /** '' where it can have no children. */
  readonly boundary: string;
  readonly from: number;
  readonly to: number;
  readonly parent: Part | null;
  readonly children: readonly Part[];
}

interface OpenPart extends Part {
  to: number;
  readonly children: OpenPart[];
}

const LF = 10;
const CR = 13;
const DASH = 45;
// RFC 2046 allows 70 characters; longer ones are seen.
const LONGEST_BOUNDARY = 2048;
const FIELD = /^[!-9;-~]+[ \t]*:/;

/**
 * Walks a message once, line by line, and returns its outermost part with all parts inside it. Throws MailRefused
 * when the limits are broken, before more is read. Attached messages are leaves: what they hold is not part of this
 * message. A part ends where any multipart around it goes on, so that a boundary which never comes loses nothing.
 */
export function scanStructure(raw: Buffer, limits: Limits): Part {
  mustFit(raw, limits);
  return new Scan(raw, limits).run();
}

/** Throws MailRefused if the message as a whole is too large. */
export function mustFit(raw: Uint8Array, { size }: Limits): void {
  if (raw.length > size)
    throw new MailRefused('too_large', `The message is larger than ${Math.floor(size / 1_048_576)} MB.`);
}

class Scan {
  /** From the outermost part to the one that is being read. */
  #chain: OpenPart[] = [];
  readonly #boundaries = new Set<string>();
  #parts = 0;

  constructor(
    readonly raw: Buffer,
    readonly limits: Limits,
  ) {}

  run(): Part {
    this.#mustBeHeader(0, this.#lineEnd(0));
    const root = this.#part(0, null);
    let at = root.from;
    while (at < this.raw.length) {
      const end = this.#lineEnd(at);
      const parent = this.raw[at] === DASH && this.raw[at + 1] === DASH ? this.#boundaryAt(at, end) : null;
      at = parent === null ? end : this.#part(end, parent).from;
    }
    return root;
  }

  #lineEnd(from: number): number {
    const at = this.raw.indexOf(LF, from);
    return at < 0 ? this.raw.length : at + 1;
  }

  /** Opens the part whose header section begins here. */
  #part(start: number, parent: OpenPart | null): OpenPart {
    this.#parts += 1;
    if (this.#parts > this.limits.parts)
      throw new MailRefused('too_many_parts', `There are more than ${this.limits.parts} parts.`);
    const end = this.#headerEnd(start, parent === null);
    const fields = fieldsIn(this.raw.subarray(start, end));
    const type = parameterized(valuesOf(fields, 'content-type')[0] ?? '');
    const boundary = boundaryOf(type);
    const from = this.#isBlank(end) ? this.#lineEnd(end) : end;
    const part: OpenPart = { fields, type, boundary, from, to: this.raw.length, parent, children: [] };
    parent?.children.push(part);
    this.#chain.push(part);
    if (boundary !== '') this.#boundaries.add(boundary);
    if (this.#chain.filter((each) => each.boundary !== '').length > this.limits.depth)
      throw new MailRefused('too_deep', `Parts stand inside each other more than ${this.limits.depth} deep.`);
    return part;
  }

  /**
   * Where a header section ends. That of the whole message ends at a blank line alone; a part's also at what is no
   * header.
   */
  #headerEnd(start: number, whole: boolean): number {
    let [at, count, lines, fieldStart] = [start, 0, 0, start];
    while (at < this.raw.length && !this.#isBlank(at)) {
      const end = this.#lineEnd(at);
      const folded = (this.raw[at] === 32 || this.raw[at] === 9) && at > start;
      if (!whole && !folded && !FIELD.test(this.raw.toString('latin1', at, Math.min(end, at + 300)))) break;
      if (!folded) [fieldStart, count] = [at, count + 1];
      this.#check(start, end, fieldStart, count);
      if (++lines > this.limits.header_lines)
        throw new MailRefused('too_many_headers', `There are more than ${this.limits.header_lines} lines of headers.`);
      at = end;
    }
    return at;
  }

  #isBlank(at: number): boolean {
    return this.raw[at] === LF || (this.raw[at] === CR && this.raw[at + 1] === LF);
  }

  #mustBeHeader(at: number, end: number): void {
    const line = this.raw.toString('latin1', at, Math.min(end, at + 300));
    if (!FIELD.test(line) && !line.startsWith('From '))
      throw new MailRefused(
        'no_header',
        'The message has no header section, so it says neither who sent it nor what it is about.',
      );
  }

  #check(start: number, end: number, fieldStart: number, count: number): void {
    const { headers_size, header_size, headers } = this.limits;
    if (end - start > headers_size)
      throw new MailRefused(
        'headers_too_large',
        `The header section is larger than ${Math.floor(headers_size / 1024)} kB.`,
      );
    if (end - fieldStart > header_size)
      throw new MailRefused('header_too_large', `One header is larger than ${Math.floor(header_size / 1024)} kB.`);
    if (count > headers) throw new MailRefused('too_many_headers', `There are more than ${headers} headers.`);
  }

  /** The multipart whose next part begins after this line, if it is a boundary; ends the parts that it ends. */
  #boundaryAt(at: number, end: number): OpenPart | null {
    if (end - at > LONGEST_BOUNDARY + 10) return null;
    const line = this.raw.toString('latin1', at + 2, end).trimEnd();
    const closing = !this.#boundaries.has(line) && line.endsWith('--') && this.#boundaries.has(line.slice(0, -2));
    if (!closing && !this.#boundaries.has(line)) return null;
    const name = closing ? line.slice(0, -2) : line;
    const index = this.#chain.findLastIndex((part) => part.boundary === name);
    const multipart = this.#chain[index];
    if (!multipart) return null;
    for (const part of this.#chain.splice(closing ? index : index + 1))
      part.to = Math.max(part.from, this.#beforeBreak(at));
    return closing ? null : multipart;
  }

  // The line break before a boundary belongs to the boundary.
  #beforeBreak(at: number): number {
    const line = this.raw[at - 1] === LF ? at - 1 : at;
    return line < at && this.raw[line - 1] === CR ? line - 1 : line;
  }
}

// As bytes, since it is compared with bytes.
function boundaryOf({ value, parameters }: Parameterized): string {
  if (!value.startsWith('multipart/')) return '';
  const boundary = Buffer.from(parameters.get('boundary') ?? '')
    .toString('latin1')
    .trimEnd();
  return boundary.length > LONGEST_BOUNDARY ? '' : boundary;
}
