import { MAX_PATTERN } from '../line.js';
import type { Line } from '../line.js';
import { ADDRESS } from '../phrases.js';

// Figures in a table are no phone number: one has a plus, a leading zero, a label, or the form of North America.
export const PHONE = new RegExp(
  [
    '\\+\\(?\\d[\\d\\s()./-]{5,}\\d',
    '(?:^|[\\s|,:;•·])\\(?0\\d[\\d\\s()/-]{5,}\\d',
    '\\b0\\d(?:\\.\\d\\d){4}\\b|\\(\\d{2,4}\\)\\s?\\d{3}[\\d\\s.-]{3,}|\\b\\d{3}[-.]\\d{3}[-.]\\d{4}\\b|\\b\\d{3}[-.]\\d{4}\\b',
    '(?:^|[\\s|(])(?:tel|phone|telephone|telefon|téléphone|fax|mob|mobil[e]?|cell|office|direct|handy|durchwahl|gsm|tlf|puh|' +
      'ph|t|m|f|p|d|o|c|w|電話|电话|전화|тел)\\b[.:/)\\s-]*(?:no\\.?|number|nr\\.?)?[.:\\s]*\\+?\\(?\\d[\\d\\s()./x-]{4,}\\d',
  ].join('|'),
  'iu',
);
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

/** A mailbox of a function, not of a person. */
const ROLE = new RegExp(
  '^(?:accounts?|accounting|accountspayable|admin|ap|billing|bookkeeping|buchhaltung|contact|einkauf|facturation|finance|' +
    'hello|help|info|invoices?|kontakt|mail|noreply|office|orders?|post|procurement|purchasing|rechnung|reception|sales|' +
    'service|shop|support|team|vertrieb|verwaltung)$',
);

/** The sender's name as far as it is known: the display name, or else what the address says ("maya.chen@"). */
export function senderName(display: string, address: string): string {
  if (display.trim() !== '') return display;
  const words = (address.split('@')[0] ?? '').replace(/\+.*$/, '').split(/[._-]+/);
  return words.some((word) => ROLE.test(word.toLowerCase()) || !/^\p{L}{2,20}$/u.test(word)) ? '' : words.join(' ');
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
