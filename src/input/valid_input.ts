import { isVisible, withoutInvisible } from './visible.js';

/** Whether input is a date as forms send it, 'YYYY-MM-DD', of a year that PostgreSQL and JavaScript agree on. */
export function isDay(typed: string): boolean {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(typed)) return false;
  const moment = new Date(`${typed}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toJSON().startsWith(typed);
}

// Nobody types control characters, and PostgreSQL rejects NUL.
// oxlint-disable-next-line no-control-regex -- matched to be removed
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]+/g;

// Half of a character, which JSON can carry and PostgreSQL rejects (RFC 8259 §8.2).
const SURROGATES = /\p{Surrogate}/gu;

const printable = (typed: string) => typed.replace(CONTROL, ' ').replace(SURROGATES, '\ufffd');

const seen = (text: string) => (isVisible(text) ? text : '');

/**
 * Input of a single line: control characters, line breaks and tabs become spaces, what shows nothing is left out. The
 * one cleaning of names: '' if nothing of it can be seen.
 */
export const oneLine = (typed: string) => seen(withoutInvisible(printable(typed).replace(/[\t\n]+/g, ' ')).trim());

/** Input of several lines: LF line breaks, other control characters become spaces; '' if nothing of it can be seen. */
export const multiLine = (typed: string) => seen(printable(typed.replace(/\r\n?/g, '\n')).trim());
