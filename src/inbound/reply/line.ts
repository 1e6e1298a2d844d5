/**
 * A mail client's markup of an HTML line. `rest` and `forward` start a quoted or forwarded message; `citation` is in a
 * blockquote for text that the sender indented, `unnamed` in a blockquote without any client's class.
 */
export type Mark = 'attribution' | 'rest' | 'signature' | 'rule' | 'citation' | 'unnamed' | 'forward';

/** A line of a message's text or HTML. `text` is without quote marks, `raw` is as shown. */
export interface Line {
  readonly text: string;
  readonly raw: string;
  /** The level of quoting; 0 if it may be new text. */
  readonly depth: number;
  readonly mark: Mark | null;
  /** Whether it contains only white space and invisible characters. */
  readonly blank: boolean;
  /** The index of the original line, to keep the same lines in the HTML. */
  readonly source: number;
}

/** Patterns are not applied to longer lines, which are prose or an attack. */
export const MAX_PATTERN = 500;

// In RFC 4155 mailboxes, a line of the sender's own that starts with "From " becomes ">From ".
const MBOX_ESCAPE = /^>From [^:]*$/;
const SHOWN = /[^\s\p{Cf}\p{Mn}]/u;
const DIRECTION = /[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;
// Remains of quoted-printable from old gateways.
const ESCAPED_SPACE = /=(?:09|20)/g;
const OTHER_DIGITS = /[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF\u0E50-\u0E59\uFF10-\uFF19]/g;
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0xff10];
const QUOTE_MARKS = /^(?:[ \t]*>)+[ \t]?/;

/** Creates a line. Leading ">" add levels of quoting to `depth`. */
export function toLine(raw: string, depth: number, mark: Mark | null, source: number): Line {
  if (raw === '') return { text: '', raw, depth, mark, blank: true, source };
  // "-- " with a trailing space is a signature delimiter (RFC 3676 section 4.3); without the space it may not be.
  const shown = raw === '-- ' ? raw : raw.trimEnd();
  if (depth === 0 && shown.startsWith('>From ') && MBOX_ESCAPE.test(shown))
    return { text: shown.slice(1), raw: shown.slice(1), depth, mark, blank: false, source };
  const marks = shown.trimStart().startsWith('>') ? (QUOTE_MARKS.exec(shown)?.[0] ?? '') : '';
  const levels = marks.length > MAX_PATTERN ? MAX_PATTERN : marks.replace(/[^>]/g, '').length;
  const text = plainDigits(shown.slice(marks.length).replace(DIRECTION, '').replace(ESCAPED_SPACE, ' ')).trim();
  return { text, raw: shown, depth: depth + levels, mark, blank: text === '' || !SHOWN.test(text), source };
}

/** Dates and times are found by ASCII digits, whatever the script. */
export const plainDigits = (text: string) =>
  text.replace(OTHER_DIGITS, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (ZEROS.findLast((zero) => zero <= code) ?? code));
  });

/** Splits a plain-text body into lines. */
export function textLines(text: string): Line[] {
  return text.split(/\r\n|\r|\n/).map((raw, index) => toLine(raw, 0, null, index));
}

/** Returns the index of the next line at or after `from` that is not blank, or -1. */
export function nextShown(lines: readonly Line[], from: number): number {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i];
    if (line && !line.blank) return i;
  }
  return -1;
}

/** Whether there is nothing to see at a line. */
export const isBlankAt = (lines: readonly Line[], at: number): boolean => lines[at]?.blank ?? true;
