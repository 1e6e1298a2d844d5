/** Whether what was typed is a day of the calendar as forms send it, 'YYYY-MM-DD' (PostgreSQL and we agree on the years 1000 to 2999). */
export function isDay(typed: string): boolean {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(typed)) return false;
  const moment = new Date(`${typed}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toJSON().startsWith(typed);
}

/** Whether what was typed can be the address of one mailbox: a plain local part and a domain name (RFC 5321 §4.1.2, without quoting and literals). */
export const isEmail = (typed: string) => typed.length <= 254 && /^[^\s@"<>(),:;\\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(typed);
