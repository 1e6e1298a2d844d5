/**
 * Whether what was typed is a day of the calendar as forms send it, 'YYYY-MM-DD' (PostgreSQL and we agree on the
 * years 1000 to 2999).
 */
export function isDay(typed: string): boolean {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(typed)) return false;
  const moment = new Date(`${typed}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toJSON().startsWith(typed);
}

/**
 * Whether what was typed can be the address of one mailbox: a plain local part and a domain name (RFC 5321 §4.1.2,
 * without quoting and literals).
 */
export const isEmail = (typed: string) =>
  typed.length <= 254 && /^[^\s@"<>(),:;\\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(typed);

// Control characters have no place in what people type, and PostgreSQL refuses NUL.
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]+/g;

/**
 * What was typed where there is one line, without control characters: each run of them, and each line break or tab,
 * becomes a space.
 */
export const oneLine = (typed: string) =>
  typed
    .replace(CONTROL, ' ')
    .replace(/[\t\n]+/g, ' ')
    .trim();

/** What was typed where there may be lines, without control characters; line breaks are LF. */
export const multiLine = (typed: string) => typed.replace(/\r\n?/g, '\n').replace(CONTROL, ' ').trim();
