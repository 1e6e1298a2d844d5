import { MailRefused } from './limits.js';
import type { Limits } from './limits.js';

/** Where in the bytes a part's Content-Type stands, and what it says. */
export interface PartType {
  readonly from: number;
  readonly to: number;
  readonly value: string;
}

interface Level {
  readonly boundary: string;
  readonly depth: number;
}

const LF = 10;
const CR = 13;
const DASH = 45;
// RFC 2046 allows 70 characters; longer ones are seen.
const LONGEST_BOUNDARY = 2048;
const FIELD = /^[!-9;-~]+[ \t]*:/;

/**
 * Walks the structure of a message once, line by line, before any parser sees it. Throws MailRefused when the limits are broken.
 * Attached messages are leaves: what they hold is not part of this message.
 */
export function scanStructure(raw: Buffer, limits: Limits): PartType[] {
  if (raw.length > limits.size) throw new MailRefused('too_large', `The message is larger than ${Math.floor(limits.size / 1_048_576)} MB.`);
  const scan = new Scan(raw, limits);
  scan.run();
  return scan.types;
}

class Scan {
  readonly types: PartType[] = [];
  #levels: Level[] = [];
  #boundaries = new Set<string>();
  #parts = 1;
  #depth = 0;

  constructor(
    readonly raw: Buffer,
    readonly limits: Limits,
  ) {}

  run(): void {
    this.#mustBeHeader(0, this.#lineEnd(0));
    let at = this.#header(0);
    while (at < this.raw.length) {
      const end = this.#lineEnd(at);
      const next = this.raw[at] === DASH && this.raw[at + 1] === DASH && this.#boundaryAt(at, end) ? this.#header(end) : end;
      at = next;
    }
  }

  #lineEnd(from: number): number {
    const at = this.raw.indexOf(LF, from);
    return at < 0 ? this.raw.length : at + 1;
  }

  /** Reads a header section and returns where the body begins. */
  #header(start: number): number {
    let [at, count, fieldStart] = [start, 0, start];
    while (at < this.raw.length) {
      const end = this.#lineEnd(at);
      if (this.raw[at] === LF || (this.raw[at] === CR && this.raw[at + 1] === LF)) break;
      const folded = this.raw[at] === 32 || this.raw[at] === 9;
      if (!folded) {
        this.#field(fieldStart, at);
        fieldStart = at;
        count += 1;
      }
      this.#check(start, end, fieldStart, count);
      at = end;
    }
    this.#field(fieldStart, at);
    return this.#lineEnd(at);
  }

  #mustBeHeader(at: number, end: number): void {
    const line = this.raw.toString('latin1', at, Math.min(end, at + 300));
    if (!FIELD.test(line) && !line.startsWith('From '))
      throw new MailRefused('no_header', 'The message has no header section, so it says neither who sent it nor what it is about.');
  }

  #check(start: number, end: number, fieldStart: number, count: number): void {
    const { headers_size, header_size, headers } = this.limits;
    if (end - start > headers_size)
      throw new MailRefused('headers_too_large', `The header section is larger than ${Math.floor(headers_size / 1024)} kB.`);
    if (end - fieldStart > header_size)
      throw new MailRefused('header_too_large', `One header is larger than ${Math.floor(header_size / 1024)} kB.`);
    if (count > headers) throw new MailRefused('too_many_headers', `There are more than ${headers} headers.`);
  }

  #field(from: number, to: number): void {
    if (to - from < 13 || this.raw.toString('latin1', from, from + 13).toLowerCase() !== 'content-type:') return;
    const value = this.raw.toString('latin1', from + 13, to);
    this.types.push({ from, to, value });
    this.#open(value);
  }

  #open(value: string): void {
    if (!/^\s*multipart\//i.test(value)) return;
    const match = /boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(value);
    const boundary = (match?.[1] ?? match?.[2] ?? '').trimEnd();
    if (boundary === '' || boundary.length > LONGEST_BOUNDARY) return;
    this.#depth += 1;
    if (this.#depth > this.limits.depth)
      throw new MailRefused('too_deep', `Parts stand inside each other more than ${this.limits.depth} deep.`);
    this.#levels.push({ boundary, depth: this.#depth });
    this.#boundaries.add(boundary);
  }

  /** Whether the line begins another part; closes the parts that it ends. */
  #boundaryAt(at: number, end: number): boolean {
    if (end - at > LONGEST_BOUNDARY + 10) return false;
    const line = this.raw.toString('latin1', at + 2, end).trimEnd();
    const closing = !this.#boundaries.has(line) && line.endsWith('--') && this.#boundaries.has(line.slice(0, -2));
    if (!closing && !this.#boundaries.has(line)) return false;
    const name = closing ? line.slice(0, -2) : line;
    const index = this.#levels.findLastIndex((level) => level.boundary === name);
    const level = this.#levels[index];
    if (!level) return false;
    this.#levels.length = closing ? index : index + 1;
    this.#depth = closing ? level.depth - 1 : level.depth;
    if (closing) return false;
    this.#parts += 1;
    if (this.#parts > this.limits.parts) throw new MailRefused('too_many_parts', `There are more than ${this.limits.parts} parts.`);
    return true;
  }
}
