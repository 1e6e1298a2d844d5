import { DAY_MS } from '../pages/days.js';

/** How often something that happens again does so: in steps of so many days, weeks or months. */
export interface Recurrence {
  repeats: 'daily' | 'weekly' | 'monthly';
  every: number;
  /** The last day on which it may, ISO 8601; or else `times`. */
  until_on: string | null;
  times: number | null;
}

/** So often at most. */
const MOST_TIMES = 400;

// A month without the day is skipped (RFC 5545 §3.3.10): the 31st comes seven times a year, February 29 every four years.
const MOST_STEPS = MOST_TIMES * 50;

/**
 * The days on which something happens that first does on `first` (ISO 8601), in their order; null if they are more than
 * `MOST_TIMES`.
 */
export function daysOf(first: string, recurrence: Recurrence | null): string[] | null {
  if (!recurrence) return [first];
  const { until_on, times } = recurrence;
  const days: string[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    const day = dayAt(first, step, recurrence);
    if (day === null) continue;
    if (until_on !== null && day > until_on) return days;
    if (days.length >= (times ?? Infinity)) return days;
    if (days.length === MOST_TIMES) return null;
    days.push(day);
  }
  return null;
}

/** The day so many steps after the first; null where its month has no such day. */
function dayAt(first: string, step: number, { repeats, every }: Recurrence): string | null {
  const [year = 0, month = 1, day = 1] = first.split('-').map(Number);
  if (repeats !== 'monthly') {
    const days = step * every * (repeats === 'weekly' ? 7 : 1);
    return new Date(Date.parse(first) + days * DAY_MS).toISOString().slice(0, 10);
  }
  const found = new Date(Date.UTC(year, month - 1 + step * every, day));
  return found.getUTCDate() === day ? found.toISOString().slice(0, 10) : null;
}
