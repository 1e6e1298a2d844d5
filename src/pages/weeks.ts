import { type LocaleParts, readLocale } from '../input/locale_tag.js';
import { addDays } from './days.js';

type WeekStart = NonNullable<LocaleParts['week_start']>;

/** As `Date` counts them. */
const WEEKDAYS: Readonly<Record<WeekStart, number>> = { sun: 0, mon: 1, sat: 6 };

/** On which day weeks begin for a reader: as chosen, or as usual in their language's country. */
export function weekStart(locale: string): WeekStart {
  const { language, week_start } = readLocale(locale);
  return week_start ?? (/-(US|CA|IN)$/.test(language) ? 'sun' : 'mon');
}

/** The days of a reader's week in its order, 1 for Monday to 7. */
export function weekdaysIn(locale: string): number[] {
  const first = WEEKDAYS[weekStart(locale)];
  return Array.from({ length: 7 }, (_, n) => (first + n) % 7 || 7);
}

/** The first and the last day of the reader's week that a day (ISO 8601) belongs to. */
export function weekOf(day: string, locale: string): { from: string; to: string } {
  const since = (new Date(day).getUTCDay() - WEEKDAYS[weekStart(locale)] + 7) % 7;
  const from = addDays(day, -since);
  return { from, to: addDays(from, 6) };
}
