import { randomBytes, randomInt } from 'node:crypto';

/** The millisecond of the last id, and the counter that it bears. */
const last = { at: 0, count: 0 };
const MOST = 0xfff;

/**
 * A UUIDv7 that sorts after those this process has made before, so that what happens within a millisecond keeps its
 * order. Other processes' sort by the millisecond. See RFC 9562 §6.2, method 1.
 */
export function newId(): string {
  const bytes = randomBytes(16);
  const { at, count } = next();
  bytes.writeUIntBE(at, 0, 6);
  bytes.writeUInt16BE(0x7000 | count, 6);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Begins in the lower half, which leaves room; runs ahead of a clock that goes back or is too slow. */
function next() {
  const now = Date.now();
  const later = now > last.at || last.count === MOST;
  return Object.assign(last, {
    at: Math.max(now, later ? last.at + 1 : last.at),
    count: later ? randomInt(MOST >> 1) : last.count + 1,
  });
}

/** Whether a string from outside is a UUID that the database can take. */
export const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
