import { isBlank, MAX_PATTERN } from './line.js';
import type { Line } from './line.js';
import { ADDRESS, CLOSING, DEVICE, LEGAL } from './words.js';

const DELIMITER = /^\s*(?:-{2,}|—{1,}|–{2,}|_{2,})\s*$/;
const DASH_NAME = /^[-–—~]\s?[\p{L}][\p{L}\p{M}'’-]*\.?(?: [\p{L}][\p{L}\p{M}'’-]*\.?){0,2}!?$/u;
const PHONE = /(?:\+?\(?\d[\d\s()./-]{6,}\d)/;
const LINK = /(?:https?:\/\/|www\.)\S/i;
const LIST_ITEM = /^\s*(?:[-–—*•·]|\d+[.)])\s/;
const MOST_LINES = 25;
const LONG = 70;

/**
 * How many of a run's lines are kept when what ends it is taken off: signatures, closings with a name, device lines, legal
 * footers. `name` is the sender's. At least one shown line always stays.
 */
export function keptLines(run: readonly Line[], name: string | null): number {
  let end = trimEnd(run, run.length);
  for (let round = 0; round < 6; round++) {
    const cut = [marked, device, delimited, legal, closing, dashName, contacts]
      .map((find) => find(run, end, name))
      .find((at) => at !== null);
    if (cut === undefined || cut === null) break;
    const next = trimEnd(run, cut);
    if (next === 0) break;
    end = next;
  }
  return end;
}

/** A line between "From: …" and the like: ruled lines that only divide are not worth keeping at an end. */
function trimEnd(run: readonly Line[], from: number): number {
  let end = from;
  while (end > 0) {
    const line = run[end - 1];
    if (line && !isBlank(line) && !(line.text.length < 200 && /^[-_=—–*\s]{2,}$/.test(line.text))) break;
    end -= 1;
  }
  return end;
}

function marked(run: readonly Line[], end: number): number | null {
  const at = run.findIndex((line, i) => i < end && line.mark === 'signature');
  if (at < 0) return null;
  return run.slice(at, end).every((line) => line.mark === 'signature' || isBlank(line) || line.text.length < LONG) ? at : null;
}

// What stands below a device line was never typed there: some clients put the old message there without any mark.
function device(run: readonly Line[], end: number): number | null {
  const at = run.findIndex((line, i) => i < end && line.text.length < 400 && DEVICE.test(line.text));
  return at >= 0 ? at : null;
}

function delimited(run: readonly Line[], end: number): number | null {
  for (let i = Math.max(0, end - MOST_LINES); i < end; i++) {
    const line = run[i];
    if (!line || line.mark === 'rule' || !DELIMITER.test(line.text)) continue;
    const below = run.slice(i + 1, end).filter((each) => !isBlank(each));
    if (line.raw === '-- ' ? below.length <= 20 : line.text === '--' ? below.length <= 12 && below.every(fits) : looksLikeSignature(below))
      return i;
  }
  return null;
}

function legal(run: readonly Line[], end: number): number | null {
  let start = end;
  while (start > 0 && !isBlankAt(run, start - 1)) start -= 1;
  const text = run
    .slice(start, end)
    .map((line) => line.text)
    .join(' ')
    .slice(0, 6000);
  if (text.length < 60) return null;
  const phrases = new Set(Array.from(text.matchAll(LEGAL), (match) => match[0].toLowerCase()));
  return phrases.size >= 3 ? start : null;
}

function closing(run: readonly Line[], end: number, name: string | null): number | null {
  for (let i = end - 1; i >= 0 && i > end - 12; i--) {
    const line = run[i];
    if (!line || line.text.length > LONG || !CLOSING.test(line.text)) continue;
    const below = run.slice(i + 1, end).filter((each) => !isBlank(each));
    const first = below[0];
    if (first && below.length <= 8 && (isName(first.text, name) || below.length >= 2) && below.every(isSignatureLine)) return i;
  }
  return null;
}

function dashName(run: readonly Line[], end: number): number | null {
  const line = run[end - 1];
  if (!line || !DASH_NAME.test(line.text)) return null;
  const before = run.slice(0, end - 1).findLast((each) => !isBlank(each));
  return before && !LIST_ITEM.test(before.raw) && !before.text.endsWith(':') ? end - 1 : null;
}

// The last paragraph: a name, then mostly ways of reaching it.
function contacts(run: readonly Line[], end: number, name: string | null): number | null {
  let start = end;
  while (start > 0 && !isBlankAt(run, start - 1)) start -= 1;
  const last = run.slice(start, end);
  const kinds = [PHONE, LINK, ADDRESS].filter((pattern) => last.some((line) => line.text.length < LONG && pattern.test(line.text)));
  const first = last[0];
  if (!first || last.length < 2 || last.length > 10 || !last.every(isSignatureLine)) return null;
  const dense = last.filter(isContact).length * 2 >= last.length && kinds.length >= 2;
  return isName(first.text, name) && (dense || (sameName(first.text, name) && kinds.length >= 1)) ? start : null;
}

function looksLikeSignature(below: readonly Line[]): boolean {
  if (below.length === 0 || below.length > 12) return false;
  const prose = below.filter((line) => !isSignatureLine(line)).length;
  const items = below.filter((line) => LIST_ITEM.test(line.raw)).length;
  return items === 0 && prose === 0 && below.length <= 4 ? true : items === 0 && prose * 3 <= below.length && below.some(isContact);
}

function isSignatureLine(line: Line): boolean {
  return (
    line.text.length <= LONG && (isContact(line) || !/[?]$|[\p{L}]{3,} [\p{Ll}]{2,} [\p{Ll}]{2,} [\p{Ll}]{2,}.*[.!]$/u.test(line.text))
  );
}

// The old rule for signatures: lines of at most 80 characters. Longer ones are prose or a list's footer.
function fits(line: Line): boolean {
  return line.text.length <= 80;
}

function isContact(line: Line): boolean {
  return line.text.length <= MAX_PATTERN && (PHONE.test(line.text) || LINK.test(line.text) || ADDRESS.test(line.text));
}

function isName(text: string, name: string | null): boolean {
  return (
    sameName(text, name) ||
    (/^[\s/*_]*[\p{L}][\p{L}\p{M}.'’-]*(?:[ ,]+[\p{L}(][\p{L}\p{M}.'’()-]*){0,5}[\s.!*_]*$/u.test(text) && text.length <= 45)
  );
}

function sameName(text: string, name: string | null): boolean {
  const plain = (value: string) =>
    value
      .toLowerCase()
      .replace(/[^\p{L}]+/gu, ' ')
      .trim();
  return name !== null && plain(name).length > 2 && plain(text) === plain(name);
}

function isBlankAt(run: readonly Line[], at: number): boolean {
  const line = run[at];
  return !line || isBlank(line);
}
