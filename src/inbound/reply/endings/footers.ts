import { isBlankAt } from '../line.js';
import type { Line } from '../line.js';
import { DONT_PRINT, GREETING, isDeviceLine, LEGAL, SCANNER, THIS_MESSAGE } from './ending_phrases.js';
import { isCardLine } from './said_below.js';
import {
  isContact,
  isFullName,
  isSentence,
  isSignatureLine,
  matchesSender,
  MAX_SIGNATURE_LINE,
} from './sender_names.js';

/**
 * Some clients put the old message below a device line without marking it; one or two lines without a salutation may be
 * a postscript.
 */
export function device(run: readonly Line[], end: number, name: string | null): number | null {
  const at = run.findIndex((line, i) => i < end && line.text.length < 400 && isDeviceLine(line.text));
  const above = run[at - 1];
  if (at < 0 || isShortNote(run.slice(at + 1, end).filter((line) => !line.blank))) return null;
  return above && isBlankAt(run, at - 2) && isFullName(above.text) && matchesSender(above.text, name) ? at - 1 : at;
}

function isShortNote(below: readonly Line[]): boolean {
  const [first] = below;
  if (!first || below.length > 2 || below.some((line) => line.text.length > 100 || isDeviceLine(line.text)))
    return false;
  return !GREETING.test(first.text) && !below.every((line) => isSignatureLine(line) && isCardLine(line));
}

/** The same where it is known what is quoted: whatever else says something was typed there. */
export function deviceLine(run: readonly Line[], end: number, name: string | null): number | null {
  const at = device(run, end, name);
  return at !== null && run.slice(at + 1, end).some((line) => isSentence(line) && !isContact(line)) ? null : at;
}

export function legal(run: readonly Line[], end: number): number | null {
  let start = end;
  while (start > 0 && !isBlankAt(run, start - 1)) start -= 1;
  const text = run
    .slice(start, end)
    .map((line) => line.text)
    .join(' ')
    .slice(0, 6000);
  if (text.length < 200 && DONT_PRINT.test(text)) return start;
  if (text.length < 60 || !THIS_MESSAGE.test(text) || run.slice(start, end).filter(isLabelled).length >= 2) return null;
  const phrases = new Set(Array.from(text.matchAll(LEGAL), (match) => match[0].toLowerCase()));
  return phrases.size >= 3 ? start : null;
}

/** A rule, a link, or words that lead to one. */
const FOOTER_LINE = /^\W*(?:<?https?:|<#|$)|^(?:for )?more information.{0,40}https?:\S+$/i;

/** The footer of a scanner for viruses: its words and links alone. */
export function scanner(run: readonly Line[], end: number): number | null {
  let start = end;
  while (start > 0 && end - start < 8 && !isBlankAt(run, start - 1)) start -= 1;
  const lines = run.slice(start, end);
  const isFooter = lines.some(({ text }) => SCANNER.test(text.slice(0, 500)));
  return isFooter && lines.every(({ text }) => text.length < 300 && (SCANNER.test(text) || FOOTER_LINE.test(text)))
    ? start
    : null;
}

// "Terms of use: http://…": a paragraph with labeled contacts is more than a legal footer.
function isLabelled(line: Line): boolean {
  return line.text.length < MAX_SIGNATURE_LINE && /^[\p{L}\s/]{3,30}:\s/u.test(line.text) && isContact(line);
}
