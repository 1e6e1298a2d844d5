/**
 * A moment in words a person would use, with the exact one beside it: `iso` is for `<time datetime>`, `title` for
 * hover.
 */
export interface When {
  text: string;
  title: string;
  iso: string;
}

/** Calendar dates are 'YYYY-MM-DD' and belong to no time zone; moments are `Date`s, shown in the reader's zone. */
export interface Dates {
  /** "12 November 2026" in the locale's order. */
  date(day: string): string;
  /** "Sunday, 22 November", for the day it is. */
  weekday(day: string): string;
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

const minuteOf = (moment: Date) => Math.floor(moment.getTime() / 60_000);

/**
 * To format a moment takes microseconds, and a page shows the same ones at each view: those asked for lately are
 * kept.
 */
function remembering(make: (number: number) => string): (number: number) => string {
  const known = new Map<number, string>();
  return (number) => {
    const found = known.get(number);
    if (found !== undefined) return found;
    if (known.size >= 2000) known.clear();
    const made = make(number);
    known.set(number, made);
    return made;
  };
}

/** Date formatters for one locale and time zone. */
export function makeDates(locale: string, timeZone: string): Dates {
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit', timeZone });
  const zoned = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone });
  const near = nearby(locale);

  const momentOf = remembering((minute) => moment.format(minute * 60_000));
  const weekdayOf = remembering((minute) => weekday.format(minute * 60_000));
  const dayOf = remembering((minute) => zoned.format(minute * 60_000));

  const today = (now = new Date()) => dayOf(minuteOf(now));
  const days = namedDays(locale);
  const { date, dayAndMonth } = days;

  function whenDay(value: string, now: Date): When {
    const away = isDay.test(value) ? Math.round((Date.parse(value) - Date.parse(today(now))) / day) : 0;
    return {
      text: isDay.test(value) && Math.abs(away) <= 13 ? near.days(away) : date(value),
      title: date(value),
      iso: value,
    };
  }

  function whenMoment(value: Date, now: Date): When {
    const shown = { title: momentOf(minuteOf(value)), iso: value.toISOString() };
    const minutes = Math.round((value.getTime() - now.getTime()) / 60_000);
    if (Math.abs(minutes) < 1) return { ...shown, text: near.now };
    if (Math.abs(minutes) < 60) return { ...shown, text: near.minutes(minutes) };
    if (Math.abs(minutes) < 12 * 60) return { ...shown, text: near.hours(Math.round(minutes / 60)) };
    if (minutes < 0 && minutes > -6 * 24 * 60) return { ...shown, text: weekdayOf(minuteOf(value)) };
    return {
      ...shown,
      text: today(value).slice(0, 4) === today(now).slice(0, 4) ? dayAndMonth(today(value)) : date(today(value)),
    };
  }

  return {
    ...days,
    today,
    dateTime: (value) => momentOf(minuteOf(value)),
    when: (value, now = new Date()) => (typeof value === 'string' ? whenDay(value, now) : whenMoment(value, now)),
  };
}

const namedDays = (locale: string) => ({
  date: daysIn(locale, { dateStyle: 'long' }),
  shortDate: daysIn(locale, { dateStyle: 'medium' }),
  weekday: daysIn(locale, { weekday: 'long', day: 'numeric', month: 'long' }),
  dayAndMonth: daysIn(locale, { day: 'numeric', month: 'short' }),
});

function daysIn(locale: string, shape: Intl.DateTimeFormatOptions): (value: string) => string {
  const format = new Intl.DateTimeFormat(locale, { ...shape, timeZone: 'UTC' });
  return (value) => (isDay.test(value) ? format.format(new Date(value)) : value);
}

/** "in 3 days", "12 minutes ago" */
function nearby(locale: string) {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    now: relative.format(0, 'second'),
    minutes: remembering((minutes) => relative.format(minutes, 'minute')),
    hours: remembering((hours) => relative.format(hours, 'hour')),
    days: remembering((days) => relative.format(days, 'day')),
  };
}
