import { MAX_PATTERN, nextShown } from '../line.js';
import type { Line } from '../line.js';
import { ADDRESS, DATE, FIELDS, FORWARDED, MESSAGE_NOUN, REPLY_ABOVE, TIME } from '../phrases.js';

const FIELD = /^[\s*_>-]*(\p{L}[\p{L}\p{M} '’.-]{0,24}?)\s*[*_]*\s?[:：][*_]*\s*(.*)$/u;
const INNER_FIELD = /\s[*_]*(\p{L}{2,14})[*_]*\s?[:：]/gu;
const DIVIDER = /^[\s*]*[-_=—–*]{2,}\s*(\p{L}(?:[^-_=]|-(?=\p{L})){2,60}?)\s*[-_=—–*]{2,}:?\s*$/u;
// Line breaks were lost: a divider, and the header block in the same line.
const GLUED_DIVIDER = /^[-_=]{4,}\s*(\p{L}(?:[^-_=]|-(?=\p{L})){2,60}?)\s*[-_=]{4,}\s*(?=\p{L})/u;
const MAX_LINES = 14;
const NAMES = new Map(Object.entries(FIELDS).flatMap(([kind, names]) => names.map((name) => [name, kind] as const)));

/** Whether a line is "-----Original Message-----" in any language: a noun for a message between dashes. */
export function isOriginalDivider(text: string): boolean {
  if (
    text.startsWith('Original Message processed by ') ||
    (text.length < 100 && /^[_-]{4,}\s*Reply Separator\s*[_-]{4,}$/i.test(text))
  )
    return true;
  const words = (text.length < 100 ? DIVIDER : GLUED_DIVIDER).exec(text.slice(0, MAX_PATTERN))?.[1];
  return words !== undefined && MESSAGE_NOUN.test(words) && !FORWARDED.test(words) && words.split(/\s+/).length <= 4;
}

const BARE_DIVIDER = new RegExp(
  "^(?:original message|ursprüngliche nachricht|message d['’]origine|mensaje original|messaggio originale|" +
    'oorspronkelijk bericht)$',
  'i',
);

/** Whether a line is a few words between dashes, as clients put above a header block in any language. */
export const isDivider = (line: Line | undefined): boolean =>
  line !== undefined && line.text.length < 100 && (DIVIDER.test(line.text) || BARE_DIVIDER.test(line.text));

/** Whether a line is another system's "Please reply above this line", with text above it. */
export function isReplyAbove(lines: readonly Line[], at: number): boolean {
  const text = lines[at]?.text ?? '';
  return text.length < 120 && REPLY_ABOVE.test(text) && nextShown(lines, 0) < at;
}

/**
 * Whether a forwarded message starts at a line: "---------- Forwarded message ---------", or "Begin forwarded message:"
 * above a header block. Forwarded text is kept as part of the reply.
 */
export function beginsForward(lines: readonly Line[], at: number): boolean {
  const text = lines[at]?.text ?? '';
  const divides = /^[-_=]{4,}/.test(text);
  if (text.length > 200 || (!divides && (text.length >= 60 || !/[:：]$/.test(text))) || !FORWARDED.test(text))
    return false;
  return divides || headerBlockAt(lines, nextShown(lines, at + 1)) > 0;
}

/** Returns how many lines from `at` form a quoted message's header block ("From: … Sent: … To: …"); 0 if none do. */
export const headerBlockAt = (lines: readonly Line[], at: number): number => headerAt(lines, at).lines;

/** Whether the header block at a line has too little of one to be nothing else, such as an order for a transport. */
export const isVagueHeader = (lines: readonly Line[], at: number): boolean => headerAt(lines, at).vague;

interface Header {
  readonly lines: number;
  readonly vague: boolean;
}

const NONE: Header = { lines: 0, vague: false };

function headerAt(lines: readonly Line[], at: number): Header {
  if (fieldOf(lines[at]) === null) return NONE;
  if (isOneLine(lines[at])) return { lines: 1, vague: false };
  const seen = new Map<string, string>();
  let unknown = 0;
  let end = at;
  for (let i = at; i < lines.length && i < at + MAX_LINES; i++) {
    const line = lines[i];
    if (!line || line.text.length > MAX_PATTERN) break;
    if (line.blank) {
      if (seen.size > 0 && fieldOf(lines[nextShown(lines, i)])?.kind == null) break;
      continue;
    }
    const field = fieldOf(line);
    if (field === null) {
      if (!(line.text.includes('@') || isFolded(lines, i))) break;
      continue;
    }
    // An unknown first label may be the sender's own ("Question: …"), unless its value is an address or a date.
    if (i === at && field.kind === null && !ADDRESS.test(field.value) && !DATE.test(field.value)) return NONE;
    // A header block has each field only once.
    if (field.kind !== null && seen.has(field.kind)) break;
    if (field.kind === null) unknown += 1;
    seen.set(field.kind ?? `unknown ${unknown}`, field.value);
    end = i + 1;
  }
  return isHeader(seen) ? { lines: end - at, vague: !seen.has('subject') || !hasMailbox(seen) } : NONE;
}

// "From: Ann <ann@example.com> Sent: Monday, 9 March 2026 16:02 …": line breaks between the fields were lost.
function isOneLine(line: Line | undefined): boolean {
  const first = fieldOf(line);
  if (!line || first?.kind !== 'from' || !ADDRESS.test(first.value)) return false;
  const kinds = Array.from(line.text.matchAll(INNER_FIELD), (match) => NAMES.get((match[1] ?? '').toLowerCase()));
  return kinds.includes('date') && (DATE.test(first.value) || TIME.test(first.value));
}

/** Whether a line is a header field with a standard name ("To: …"). */
export function isKnownField(line: Line): boolean {
  return fieldOf(line)?.kind != null;
}

interface Field {
  readonly kind: string | null;
  readonly value: string;
}

function fieldOf(line: Line | undefined): Field | null {
  const match = line && line.text.length <= MAX_PATTERN && /[:：]/.test(line.text) ? FIELD.exec(line.text) : null;
  if (!match) return null;
  return { kind: NAMES.get((match[1] ?? '').toLowerCase().trim()) ?? null, value: match[2] ?? '' };
}

// A folded value: the line is not a field, but another field follows soon.
function isFolded(lines: readonly Line[], at: number): boolean {
  for (let i = at + 1; i <= at + 2; i++) {
    const line = lines[i];
    if (!line || line.blank) return false;
    if (fieldOf(line)?.kind) return true;
  }
  return false;
}

function isHeader(seen: ReadonlyMap<string, string>): boolean {
  const values = [...seen.values()];
  const standard = ['from', 'date', 'to', 'cc', 'subject'].filter((kind) => seen.has(kind));
  // An address in another field ("Contact: …") is not the sender's.
  const people = ['from', 'to'].filter((kind) => seen.has(kind));
  const named = people.length > 0 ? [...people, 'cc'] : [...seen.keys()];
  const who = named.some((kind) => ADDRESS.test(seen.get(kind) ?? ''));
  const when = values.some((value) => DATE.test(value) || TIME.test(value));
  if (people.length === 0 || standard.length < 2)
    return (
      values.length >= 4 &&
      who &&
      when &&
      values.length - standard.length <= 4 &&
      values.some((value) => /<[^>]+@[^>]+>/.test(value))
    );
  if (standard.length >= 4) return true;
  if (seen.has('subject')) return standard.length === 3 ? who || seen.has('from') || seen.has('cc') : who;
  // Without a subject it may be an order for a transport: then it must be a mailbox, and nothing else beside it.
  const isMail = hasMailbox(seen) || values.some((value) => DATE.test(value) && TIME.test(value));
  if (!isMail || !who || seen.size > standard.length) return false;
  return standard.length === 3 ? when : seen.has('date') || people.length === 2;
}

const hasMailbox = (seen: ReadonlyMap<string, string>) =>
  ['from', 'to'].some((kind) => MAILBOX.test(seen.get(kind) ?? ''));

/** "Ann Lee <ann@example.com>", "ann@example.com", "Ann Lee [mailto:ann@example.com]" */
const MAILBOX = /(?:^|[<[:"'])[^\s<>@()]{1,80}@[^\s<>@()]{1,255}(?:[>\]"';,]|$)/;
