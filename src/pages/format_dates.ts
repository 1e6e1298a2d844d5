/** A moment in words a person would use, with the exact one beside it: `iso` is for `<time datetime>`, `title` for hover. */
export interface When {
  text: string;
  title: string;
  iso: string;
}

/** Calendar dates are 'YYYY-MM-DD' and belong to no time zone; moments are `Date`s, shown in the reader's zone. */
export interface Dates {
  /** "12 November 2026" in the locale's order. */
  date(day: string): string;
  /** "12 Nov 2026", for tables. */
  shortDate(day: string): string;
  /** "12 Nov": for a sentence where the year is plain. */
  dayAndMonth(day: string): string;
  dateTime(moment: Date): string;
  /** "in 3 days", "yesterday", "12 minutes ago"; far ones as a date. */
  when(value: Date | string, now?: Date): When;
  /** Today's date in the reader's zone, 'YYYY-MM-DD'. */
  today(now?: Date): string;
}

const day = 86_400_000;
const isDay = /^\d{4}-\d{2}-\d{2}$/;

/** Date formatters for one locale and time zone. */
export function makeDates(locale: string, timeZone: string): Dates {
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const medium = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit', timeZone });
  const zoned = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

  const today = (now = new Date()) => zoned.format(now);
  const date = (value: string) => (isDay.test(value) ? full.format(new Date(value)) : value);
  const shortDate = (value: string) => (isDay.test(value) ? medium.format(new Date(value)) : value);
  const dayAndMonth = (value: string) => (isDay.test(value) ? short.format(new Date(value)) : value);

  function whenDay(value: string, now: Date): When {
    const days = isDay.test(value) ? Math.round((Date.parse(value) - Date.parse(today(now))) / day) : 0;
    const near = isDay.test(value) && Math.abs(days) <= 13;
    return { text: near ? relative.format(days, 'day') : date(value), title: date(value), iso: value };
  }

  function whenMoment(value: Date, now: Date): When {
    const shown = { title: moment.format(value), iso: value.toISOString() };
    const minutes = Math.round((value.getTime() - now.getTime()) / 60_000);
    if (Math.abs(minutes) < 1) return { ...shown, text: relative.format(0, 'second') };
    if (Math.abs(minutes) < 60) return { ...shown, text: relative.format(minutes, 'minute') };
    if (Math.abs(minutes) < 12 * 60) return { ...shown, text: relative.format(Math.round(minutes / 60), 'hour') };
    if (minutes < 0 && minutes > -6 * 24 * 60) return { ...shown, text: weekday.format(value) };
    return { ...shown, text: today(value).slice(0, 4) === today(now).slice(0, 4) ? dayAndMonth(today(value)) : date(today(value)) };
  }

  return {
    date,
    shortDate,
    dayAndMonth,
    today,
    dateTime: (value) => moment.format(value),
    when: (value, now = new Date()) => (typeof value === 'string' ? whenDay(value, now) : whenMoment(value, now)),
  };
}
