import { addDays } from '../../pages/days.js';

/** Days (ISO 8601) on which nobody works, besides weekends. */
type Closed = ReadonlySet<string>;

const NONE: Closed = new Set();

/** Of a day (ISO 8601), 0 for Monday to 6. */
const weekday = (day: string) => (new Date(day).getUTCDay() + 6) % 7;

const isWorkday = (day: string, closed: Closed) => weekday(day) < 5 && !closed.has(day);

/** The day itself, or the working day after it. */
export function workdayFrom(day: string, closed: Closed = NONE): string {
  let found = day;
  while (!isWorkday(found, closed)) found = addDays(found, 1);
  return found;
}

/** The day itself, or the working day before it. */
function workdayUpTo(day: string, closed: Closed): string {
  let found = day;
  while (!isWorkday(found, closed)) found = addDays(found, -1);
  return found;
}

const dayNumber = (day: string) => Date.parse(day) / 86_400_000;

/** How many weekdays have passed before this one since a Monday long ago. */
function weekdayNumber(day: string): number {
  const since = dayNumber(day) - MONDAY;
  return Math.floor(since / 7) * 5 + (since % 7);
}
const MONDAY = dayNumber('1900-01-01');

/** The weekday that comes so many of them after a weekday. */
function addWeekdays(day: string, count: number): string {
  const from_monday = weekday(day) + count;
  return addDays(day, Math.floor(from_monday / 5) * 7 + (from_monday % 5) - weekday(day));
}

/** How many weekdays after one day, up to another, are days off. */
const closedBetween = (after: string, to: string, closed: Closed): number =>
  [...closed].filter((day) => after < day && day <= to && weekday(day) < 5).length;

/** The working day that comes so many of them after a working day. */
export function addWorkdays(workday: string, count: number, closed: Closed = NONE): string {
  let [from, day] = [workday, addWeekdays(workday, count)];
  for (let skipped = closedBetween(from, day, closed); skipped; skipped = closedBetween(from, day, closed))
    [from, day] = [day, addWeekdays(day, skipped)];
  return day;
}

/**
 * Where a task lies in working days from the first of its project: 0 is the first. A start on a day off counts as the
 * working day after it, an end as that before, unless there is none between. Days ISO 8601, none before `first`.
 */
export function workdaysAfter(first: string, starts_on: string | null, due_on: string | null, closed: Closed = NONE) {
  const base = workdayFrom(first, closed);
  const after = (day: string) => weekdayNumber(day) - weekdayNumber(base) - closedBetween(base, day, closed);
  const starts_after = starts_on ? after(workdayFrom(starts_on, closed)) : null;
  const due_after = due_on ? Math.max(after(workdayUpTo(due_on, closed)), starts_after ?? 0) : null;
  return { starts_after, due_after };
}
