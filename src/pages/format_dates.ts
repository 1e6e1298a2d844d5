import { type LocaleParts, readLocale } from '../input/locale_tag.js';

/** A moment as a person would say it. `title` is the exact date for hovering, `iso` for `<time datetime>`. */
interface When {
  text: string;
  title: string;
  iso: string;
}

/** Calendar dates are 'YYYY-MM-DD' and have no time zone; moments are `Date`s, shown in the reader's time zone. */
export interface Dates {
  /** "12 November 2026" in the locale's order. */
  date(day: string): string;
  /** "Sunday, 22 November". */
  weekday(day: string): string;
  /** "12 Nov 2026", for tables. */
  shortDate(day: string): string;
  /** "12 Nov", where the year is obvious. */
  dayAndMonth(day: string): string;
  /** "Nov 9 – 27", "Nov 27 – Dec 2". */
  range(from: string, until: string): string;
  /** "August 2028" of '2028-08'. */
  month(month: string): string;
  dateTime(moment: Date): string;
  /** "in 3 days", "yesterday", "12 minutes ago"; distant ones as a date. */
  when(value: Date | string, now?: Date): When;
  /** Today's date, 'YYYY-MM-DD': the organization's, not the reader's. */
  today(now?: Date): string;
}

const DAY_MS = 86_400_000;
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Date formatters for one locale and time zone. `dayZone`: what day it is there decides which days are near. */
export function makeDates(locale: string, timeZone: string, dayZone: string): Dates {
  const days = dayFormats(locale);
  const moments = momentFormats(locale, timeZone, days);
  const relative = relativeFormats(locale);
  const dayThere = timeZone === dayZone ? moments.day : momentFormats(locale, dayZone, days).day;
  const today = (now = new Date()) => dayThere(now);

  function whenDay(value: string, now: Date): When {
    const away = ISO_DAY.test(value) ? Math.round((Date.parse(value) - Date.parse(today(now))) / DAY_MS) : Infinity;
    const title = days.date(value);
    return { text: Math.abs(away) <= 13 ? relative.days(away) : title, title, iso: value };
  }

  function whenMoment(value: Date, now: Date): When {
    const minutes = Math.round((value.getTime() - now.getTime()) / 60_000);
    const text = relative.near(minutes) ?? (minutes < 0 && minutes > -6 * 24 * 60 ? moments.weekday(value) : null);
    return { text: text ?? distantDay(value, now), title: moments.dateTime(value), iso: value.toISOString() };
  }

  function distantDay(value: Date, now: Date): string {
    const day = moments.day(value);
    return day.slice(0, 4) === moments.day(now).slice(0, 4) ? days.dayAndMonth(day) : days.date(day);
  }

  return {
    ...days,
    today,
    dateTime: moments.dateTime,
    when: (value, now = new Date()) => (typeof value === 'string' ? whenDay(value, now) : whenMoment(value, now)),
  };
}

type DayFormats = Pick<Dates, 'date' | 'shortDate' | 'weekday' | 'dayAndMonth' | 'month' | 'range'>;

/** The days of a locale, in the date style that it names. */
const dayFormats = (locale: string): DayFormats => DAYS[readLocale(locale).dates ?? 'long'](locale);

const DAYS: Record<NonNullable<LocaleParts['dates']>, (locale: string) => DayFormats> = {
  long: wordedDays,
  // English is the only one of our languages that a country writes with the month first.
  day: (locale) => wordedDays(locale.startsWith('en-') ? 'en-GB' : locale),
  numeric: (locale) => {
    const date = dayFormat(locale, { day: 'numeric', month: 'numeric', year: 'numeric' });
    const weekday = dayFormat(locale, { weekday: 'long', day: 'numeric', month: 'numeric' });
    const dayAndMonth = dayFormat(locale, { day: 'numeric', month: 'numeric' });
    const range = rangeFormat(locale, 'numeric');
    return { date, shortDate: date, weekday, dayAndMonth, range, month: monthFormat(locale, 'numeric') };
  },
  iso: (locale) => {
    const name = dayFormat(locale, { weekday: 'long' });
    const date = (day: string) => day;
    const range = (from: string, until: string) => `${from} – ${until}`;
    return { date, shortDate: date, weekday: (day) => `${name(day)}, ${day}`, dayAndMonth: date, month: date, range };
  },
};

function wordedDays(locale: string): DayFormats {
  return {
    date: dayFormat(locale, { dateStyle: 'long' }),
    shortDate: dayFormat(locale, { dateStyle: 'medium' }),
    weekday: dayFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }),
    dayAndMonth: dayFormat(locale, { day: 'numeric', month: 'short' }),
    range: rangeFormat(locale, 'short'),
    month: monthFormat(locale, 'long'),
  };
}

function rangeFormat(locale: string, month: 'short' | 'numeric'): Dates['range'] {
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month, timeZone: 'UTC' });
  return (from, until) => format.formatRange(new Date(from), new Date(until));
}

function monthFormat(locale: string, month: 'long' | 'numeric'): (month: string) => string {
  const format = new Intl.DateTimeFormat(locale, { month, year: 'numeric', timeZone: 'UTC' });
  return (month) => (ISO_DAY.test(`${month}-01`) ? format.format(new Date(`${month}-01`)) : month);
}

function dayFormat(locale: string, options: Intl.DateTimeFormatOptions): (day: string) => string {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return (day) => (ISO_DAY.test(day) ? withOrdinal(locale, format.format(new Date(day))) : day);
}

/** The first of a month is "1er" in French, which Intl doesn't know. */
const withOrdinal = (locale: string, date: string) =>
  locale.startsWith('fr') ? date.replace(/(?<!\d)1(?= \p{L})/u, '1er') : date;

/** Formats of moments, to the minute: date and time, "Fri 4:05 PM", and the day as 'YYYY-MM-DD'. */
function momentFormats(locale: string, timeZone: string, { shortDate }: DayFormats) {
  const byMinute = (formatLocale: string, options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(formatLocale, { ...options, timeZone });
    const cached = memoized((minute: number) => withOrdinal(formatLocale, format.format(minute * 60_000)));
    return (moment: Date) => cached(Math.floor(moment.getTime() / 60_000));
  };
  // Swedish dates are ISO 8601.
  const day = byMinute('sv-SE', { dateStyle: 'short' });
  const time = byMinute(locale, { hour: 'numeric', minute: '2-digit' });
  return {
    day,
    dateTime: readLocale(locale).dates
      ? (moment: Date) => `${shortDate(day(moment))}, ${time(moment)}`
      : byMinute(locale, { dateStyle: 'medium', timeStyle: 'short' }),
    weekday: byMinute(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit' }),
  };
}

/** "in 3 days", "12 minutes ago". `near` is null beyond half a day. */
function relativeFormats(locale: string) {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const now = format.format(0, 'second');
  const minutes = memoized((count: number) => format.format(count, 'minute'));
  const hours = memoized((count: number) => format.format(count, 'hour'));
  return {
    days: memoized((count: number) => format.format(count, 'day')),
    near(away: number): string | null {
      if (Math.abs(away) < 1) return now;
      if (Math.abs(away) < 60) return minutes(away);
      return Math.abs(away) < 12 * 60 ? hours(Math.round(away / 60)) : null;
    },
  };
}

/** Caches recent results, since pages show the same values on each view and formatting takes microseconds. */
export function memoized<Value extends number | string>(format: (value: Value) => string): (value: Value) => string {
  const cache = new Map<Value, string>();
  return (value) => {
    const cached = cache.get(value);
    if (cached !== undefined) return cached;
    if (cache.size >= 2000) cache.clear();
    const text = format(value);
    cache.set(value, text);
    return text;
  };
}
