import { limitBroken, MailRefused } from '../limits.js';
import type { Limits } from '../limits.js';

const FIELD = /^[!-9;-~]+[ \t]*:/;
const LF = 10;
const CR = 13;

/** @throws MailRefused if the whole message is too large. */
export function checkSize(raw: Uint8Array, limits: Limits): void {
  if (raw.length > limits.size) throw limitBroken('too_large', limits);
}

/** Returns a message's header section without the blank line. @throws MailRefused if it exceeds the limits. */
export function messageHeader(raw: Buffer, limits: Limits): Buffer {
  if (!isField(raw, 0) && raw.toString('latin1', 0, 5) !== 'From ')
    throw new MailRefused(
      'no_header',
      'The message has no header section, so it says neither who sent it nor what it is about.',
    );
  return section(raw, limits, () => true);
}

/** The same for a part. Its header also ends at a line that is not a field: some programs omit the blank line. */
export function partHeader(part: Buffer, limits: Limits): Buffer {
  return section(part, limits, (at) => isFolded(part, at) || isField(part, at));
}

function section(bytes: Buffer, limits: Limits, belongs: (at: number) => boolean): Buffer {
  let [at, field, fields, lines] = [0, 0, 0, 0];
  while (at < bytes.length && !isBlank(bytes, at) && belongs(at)) {
    if (!isFolded(bytes, at)) [field, fields] = [at, fields + 1];
    const newline = bytes.indexOf(LF, at);
    at = newline < 0 ? bytes.length : newline + 1;
    lines += 1;
    if (at > limits.headers_size) throw limitBroken('headers_too_large', limits);
    if (at - field > limits.header_size) throw limitBroken('header_too_large', limits);
    if (fields > limits.headers || lines > limits.header_lines) throw limitBroken('too_many_headers', limits);
  }
  return bytes.subarray(0, at);
}

const isField = (bytes: Buffer, at: number) => FIELD.test(bytes.toString('latin1', at, at + 300));
const isFolded = (bytes: Buffer, at: number) => at > 0 && (bytes[at] === 32 || bytes[at] === 9);
const isBlank = (bytes: Buffer, at: number) => bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF);
