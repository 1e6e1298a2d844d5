import { nextShown } from '../line.js';
import type { Line } from '../line.js';
import { FROM_OUTSIDE, WARNS } from '../phrases.js';

const MOST_LINES = 6;
const LONGEST = 700;

/**
 * How many lines at the start are a gateway's warning of mail from outside, which nobody wrote; 0 when something else
 * stands there, or nothing below.
 */
export function bannerLines(lines: readonly Line[]): number {
  let end = 0;
  for (let paragraphs = 0; paragraphs < 3; paragraphs++) {
    const start = nextShown(lines, end);
    if (start < 0) break;
    const next = paragraphEnd(lines, start);
    if (!isBanner(lines.slice(start, next))) break;
    end = next;
  }
  return nextShown(lines, end) < 0 ? 0 : end;
}

function paragraphEnd(lines: readonly Line[], start: number): number {
  for (let i = start; i < lines.length && i <= start + MOST_LINES; i++) if (lines[i]?.blank) return i;
  return Math.min(lines.length, start + MOST_LINES + 1);
}

function isBanner(paragraph: readonly Line[]): boolean {
  if (paragraph.length > MOST_LINES || paragraph.some((line) => line.depth > 0 || line.text.length > LONGEST))
    return false;
  const text = paragraph.map((line) => line.text).join(' ');
  if (text.length > LONGEST || !WARNS.test(text)) return false;
  const phrases = new Set(Array.from(text.matchAll(FROM_OUTSIDE), (match) => match[0].toLowerCase()));
  return phrases.size >= 2 || (phrases.size === 1 && (text.length < 50 || /^\W*you don/i.test(text)));
}
