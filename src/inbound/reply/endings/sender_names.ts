import { MAX_PATTERN } from '../line.js';
import type { Line } from '../line.js';
import { ADDRESS } from '../phrases.js';

export const PHONE = /(?:\+?\(?\d[\d\s()./-]{6,}\d)/;
export const LINK = /(?:https?:\/\/|www\.)\S/i;
/** "- one", "2. two" */
export const LIST_ITEM = /^\s*(?:[-–—*•·]|\d+[.)])\s/;
/** Longer lines than this are prose. */
export const MAX_SIGNATURE_LINE = 70;
const NAME_WORD = "(?:[\\p{Lu}\\p{Lo}][\\p{L}\\p{M}.'’-]*)";
const FULL_NAME = new RegExp(
  `^[\\s/*_]*(?:(?:i\\. ?[AV]\\.|ppa\\.?|p\\. ?p\\.) ?)?${NAME_WORD}` +
    `(?:[ ,]+(?:(?:von|van|der|den|de|da|di|la|le|del|bin|zu|&|and|und) )*(?:\\(?${NAME_WORD}\\)?)){1,4}[\\s.!*_]*$`,
  'u',
);
const FIRST_NAME = /^[/*_]*[\p{L}][\p{L}\p{M}.'’-]*[.!*_]*$/u;

/** Whether a line may be part of a signature: short, not a list item, and contact details or no prose. */
export function isSignatureLine(line: Line): boolean {
  return (
    line.text.length <= MAX_SIGNATURE_LINE &&
    !LIST_ITEM.test(line.raw) &&
    (isContact(line) || !/[?]$|[\p{L}]{3,} [\p{Ll}]{2,} [\p{Ll}]{2,} [\p{Ll}]{2,}.*[.!]$/u.test(line.text))
  );
}

/** Whether a line is a full sentence, even if it contains an address or phone number. */
export function isSentence(line: Line): boolean {
  return /\p{L}{2}[.!?]["')]*$/u.test(line.text) && line.text.split(/\s+/, 6).length === 6;
}

/** The traditional limit for signatures: longer lines are prose or a mailing list's footer. */
export function isShort(line: Line): boolean {
  return line.text.length <= 80;
}

/** Whether a line contains a phone number, link or email address. */
export function isContact(line: Line): boolean {
  return line.text.length <= MAX_PATTERN && (PHONE.test(line.text) || LINK.test(line.text) || ADDRESS.test(line.text));
}

/** Whether a text looks like a full name: two to five capitalized words, with particles and titles. */
export function isFullName(text: string): boolean {
  return text.length <= 45 && FULL_NAME.test(text.trim());
}

/** Whether a text looks like a first name: a single short word. */
export function isFirstName(text: string): boolean {
  return text.length <= 20 && FIRST_NAME.test(text.trim());
}

/** Whether a name shares a word with the sender's. A sender name of a single word matches any name. */
export function matchesSender(text: string, sender: string | null): boolean {
  const own = nameWords(sender ?? '');
  // "M." may be short for Maya.
  if (/^\p{L}\.?$/u.test(text.trim())) return own[0]?.startsWith(text.trim().slice(0, 1).toLowerCase()) ?? false;
  return own.length < 2 || nameWords(text).some((word) => own.includes(word));
}

function nameWords(value: string): string[] {
  return value.toLowerCase().match(/[\p{L}\p{M}]{2,}/gu) ?? [];
}

/** Whether a first name is a word of the sender's name. */
export function isOneOf(text: string, sender: string | null): boolean {
  const [first] = nameWords(text);
  return first !== undefined && nameWords(sender ?? '').includes(first);
}

/** Whether two names have the same letters, ignoring case and punctuation. */
export function sameName(text: string, name: string | null): boolean {
  const plain = (value: string) =>
    value
      .toLowerCase()
      .replace(/[^\p{L}]+/gu, ' ')
      .trim();
  return name !== null && plain(name).length > 2 && plain(text) === plain(name);
}
