/**
 * What an HTML client's own mark says of a line: an attribution, the start of the quoted rest or of what is passed
 * on, a signature, a ruled line. A citation stands in a blockquote that a client makes for what the sender indents;
 * `unnamed` in one that bears no mark at all.
 */
export type Mark = 'attribution' | 'rest' | 'signature' | 'rule' | 'citation' | 'unnamed' | 'forward';

/** One line of a message, from its text or its HTML. `text` is without quote marks, `raw` is as it was shown. */
export interface Line {
  readonly text: string;
  readonly raw: string;
  /** How many levels of quoting it stands in; 0 for what may be new. */
  readonly depth: number;
  readonly mark: Mark | null;
  /** Shows nothing: white space, or only invisible characters. */
  readonly blank: boolean;
  /** The line of the HTML walk it came from, so that the same lines can be kept there. */
  readonly source: number;
}

/** Longer lines are prose or an attack: patterns are not tried on them. */
export const MAX_PATTERN = 500;

// RFC 4155 mailboxes write ">From " for a line of the sender's that begins with "From ".
const MBOX_ESCAPE = /^>From [^:]*$/;
const SHOWN = /[^\s\p{Cf}\p{Mn}]/u;
const DIRECTION = /[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;
// What old gateways left of quoted-printable.
const ESCAPED_SPACE = /=(?:09|20)/g;
const QUOTE_MARKS = /^(?:[ \t]*>)+[ \t]?/;

/** Makes a line, reading leading ">" as levels of quoting on top of `depth`. */
export function toLine(raw: string, depth: number, mark: Mark | null, source: number): Line {
  if (raw === '') return { text: '', raw, depth, mark, blank: true, source };
  // "-- " with its space is a signature's delimiter (RFC 3676 section 4.3), without it perhaps not.
  const shown = raw === '-- ' ? raw : raw.trimEnd();
  if (depth === 0 && shown.startsWith('>From ') && MBOX_ESCAPE.test(shown))
    return { text: shown.slice(1), raw: shown.slice(1), depth, mark, blank: false, source };
  const marks = shown.trimStart().startsWith('>') ? (QUOTE_MARKS.exec(shown)?.[0] ?? '') : '';
  const levels = marks.length > MAX_PATTERN ? MAX_PATTERN : marks.replace(/[^>]/g, '').length;
  const text = shown.slice(marks.length).replace(DIRECTION, '').replace(ESCAPED_SPACE, ' ').trim();
  return { text, raw: shown, depth: depth + levels, mark, blank: text === '' || !SHOWN.test(text), source };
}

/** The lines of a plain text body. */
export function textLines(text: string): Line[] {
  return text.split(/\r\n|\r|\n/).map((raw, index) => toLine(raw, 0, null, index));
}

/** The index of the next line at or after `from` that shows something, or -1. */
export function nextShown(lines: readonly Line[], from: number): number {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i];
    if (line && !line.blank) return i;
  }
  return -1;
}
