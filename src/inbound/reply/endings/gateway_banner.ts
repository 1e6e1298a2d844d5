import { nextShown } from '../line.js';
import type { Line } from '../line.js';
import { FROM_OUTSIDE, WARNING } from './ending_phrases.js';

/** "[EXTERNAL]" */
const TAG = new RegExp(
  '^[\\s*]*[\\[({]+\\s*(?:external|extern|externe|externo|esterno|ext)' +
    '(?: (?:e-?mail|sender|message|mail))?\\s*[\\])}]+[\\s*:]*$',
  'i',
);
const MAX_LINES = 6;
const MAX_MARKED = 20;
const MAX_LENGTH = 700;

/** Returns how many lines at the start are a mail gateway's warning about external mail; 0 if no text follows it. */
export function bannerLines(lines: readonly Line[]): number {
  let end = markedBanner(lines);
  for (let paragraphs = 0; paragraphs < 3; paragraphs++) {
    const start = nextShown(lines, end);
    if (start < 0) break;
    const next = paragraphEnd(lines, start);
    if (!isBanner(lines.slice(start, next))) break;
    end = next;
  }
  return nextShown(lines, end) < 0 ? 0 : end;
}

/** Proofpoint marks where its banner begins and ends. */
function markedBanner(lines: readonly Line[]): number {
  if (!/BannerStart$/.test(lines[nextShown(lines, 0)]?.text.slice(0, 100) ?? '')) return 0;
  return lines.slice(0, MAX_MARKED).findIndex(({ text }) => /BannerEnd$/.test(text.slice(0, 100))) + 1;
}

function paragraphEnd(lines: readonly Line[], start: number): number {
  for (let i = start; i < lines.length && i <= start + MAX_LINES; i++) if (lines[i]?.blank) return i;
  return Math.min(lines.length, start + MAX_LINES + 1);
}

function isBanner(paragraph: readonly Line[]): boolean {
  if (paragraph.length > MAX_LINES || paragraph.some((line) => line.depth > 0 || line.text.length > MAX_LENGTH))
    return false;
  const text = paragraph.map((line) => line.text).join(' ');
  if (TAG.test(text.slice(0, 60))) return true;
  if (text.length > MAX_LENGTH || !WARNING.test(text)) return false;
  const phrases = new Set(Array.from(text.matchAll(FROM_OUTSIDE), (match) => match[0].toLowerCase()));
  return phrases.size >= 2 || (phrases.size === 1 && (text.length < 50 || /^\W*you don/i.test(text)));
}
