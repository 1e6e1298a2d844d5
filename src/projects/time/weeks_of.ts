import { addDays } from '../../pages/days.js';

/** The Monday of a day's week, ISO 8601. */
export function mondayOf(day: string): string {
  const weekday = new Date(day).getUTCDay() || 7;
  return addDays(day, 1 - weekday);
}

/** A week, by any of its days, as activities name it. */
export function weekDetails(day: string): { week: string; from_on: string; until_on: string } {
  const week = mondayOf(day);
  return { week, from_on: week, until_on: addDays(week, 6) };
}
