/** Whether input is a date as forms send it, 'YYYY-MM-DD', of a year that PostgreSQL and JavaScript agree on. */
export function isDay(typed: string): boolean {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(typed)) return false;
  const moment = new Date(`${typed}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toJSON().startsWith(typed);
}

/** Whether input can be an email address (RFC 5321 §4.1.2, without quoted local parts and address literals). */
export const isEmail = (typed: string) =>
  typed.length <= 254 && /^[^\s@"<>(),:;\\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(typed);

// Nobody types control characters, and PostgreSQL rejects NUL.
// oxlint-disable-next-line no-control-regex -- matched to be removed
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]+/g;

// Half of a character, which JSON can carry and PostgreSQL rejects (RFC 8259 §8.2).
const SURROGATES = /\p{Surrogate}/gu;

const printable = (typed: string) => typed.replace(CONTROL, ' ').replace(SURROGATES, '\ufffd');

/** Input of a single line: control characters, line breaks and tabs become spaces. */
export const oneLine = (typed: string) =>
  printable(typed)
    .replace(/[\t\n]+/g, ' ')
    .trim();

/** Input of several lines: LF line breaks, other control characters become spaces. */
export const multiLine = (typed: string) => printable(typed.replace(/\r\n?/g, '\n')).trim();
