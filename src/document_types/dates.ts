import type { Facts } from './type.js';

const DAY = 86_400_000;

/** Whole days from one ISO day to another; negative if it lies before. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** Unpaid, and its last day has passed. */
export const overdue = ({ due_on, open }: Pick<Facts, 'due_on' | 'open'>, today: string) => open > 0 && due_on !== null && due_on < today;

// Days after the due date on which a partner hears of it: once ahead, then ever more rarely.
const PLAN = [-3, 1, 8, 22, 45];

/** A reminder's day has come, nothing is on its way, and the last one is at least two days old. */
export function reminderDue({ due_on, open, paying, reminders, reminded_on }: Facts, today: string): boolean {
  const day = PLAN[reminders];
  if (!due_on || open <= 0 || paying || day === undefined) return false;
  return daysBetween(due_on, today) >= day && (reminded_on === null || daysBetween(reminded_on, today) >= 2);
}
