import { addDays } from '../../pages/days.js';

/** Of a day (ISO 8601), 0 for Monday to 6. */
const weekday = (day: string) => (new Date(day).getUTCDay() + 6) % 7;

/** The day itself, or the Monday after a weekend. */
export const workdayFrom = (day: string): string => (weekday(day) > 4 ? addDays(day, 7 - weekday(day)) : day);

/** The day itself, or the Friday before a weekend. */
const workdayUpTo = (day: string): string => (weekday(day) > 4 ? addDays(day, 4 - weekday(day)) : day);

const dayNumber = (day: string) => Date.parse(day) / 86_400_000;

/** How many working days have passed before this one since a Monday long ago. */
function workdayNumber(workday: string): number {
  const since = dayNumber(workday) - MONDAY;
  return Math.floor(since / 7) * 5 + (since % 7);
}
const MONDAY = dayNumber('1900-01-01');

/** The working day that comes so many of them after a working day. */
export function addWorkdays(workday: string, count: number): string {
  const from_monday = weekday(workday) + count;
  return addDays(workday, Math.floor(from_monday / 5) * 7 + (from_monday % 5) - weekday(workday));
}

/**
 * Where a task lies in working days from the first of its project: 0 is the first. A start on a weekend counts as the
 * Monday after it, an end as the Friday before, unless both are on one weekend. Days ISO 8601, none before `first`.
 */
export function workdaysAfter(first: string, starts_on: string | null, due_on: string | null) {
  const base = workdayNumber(workdayFrom(first));
  const starts_after = starts_on ? workdayNumber(workdayFrom(starts_on)) - base : null;
  const due_after = due_on ? Math.max(workdayNumber(workdayUpTo(due_on)) - base, starts_after ?? 0) : null;
  return { starts_after, due_after };
}
