import type { Facts } from './type.js';

const DAY = 86_400_000;

/** Whole days from one ISO day to another; negative if it lies before. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** Its last day has passed. */
export const pastDue = ({ due_on }: Pick<Facts, 'due_on'>, today: string) => due_on !== null && due_on < today;

/** It can still be answered: its last day has not passed. */
export const inTime = (facts: Pick<Facts, 'due_on'>, today: string) => !pastDue(facts, today);

/** Unpaid, and its last day has passed. */
export const overdue = ({ due_on, open }: Pick<Facts, 'due_on' | 'open'>, today: string) =>
  open > 0 && pastDue({ due_on }, today);

/** The last reminder is at least two days old, or there was none. */
const rested = ({ reminded_on }: Facts, today: string) => reminded_on === null || daysBetween(reminded_on, today) >= 2;

// Days after the due date on which a partner hears of it: once ahead, then ever more rarely.
const PLAN = [-3, 1, 8, 22, 45];

/** A reminder's day has come, nothing is on its way, and the last one is at least two days old. */
export function reminderDue(facts: Facts, today: string): boolean {
  const { due_on, open, paying, reminders } = facts;
  const day = PLAN[reminders];
  if (!due_on || open <= 0 || paying || day === undefined) return false;
  return daysBetween(due_on, today) >= day && rested(facts, today);
}

/**
 * Days before the last day on which to remind of an answer; and after how many days of silence, where there is no
 * last day.
 */
const AHEAD = 2;
const SILENCE = 5;
const MOST = 2;

/** An answer is awaited: its last day is near, or nothing was heard for five days; twice at the most. */
export function answerDue(facts: Facts, today: string): boolean {
  const { due_on, sent_on, reminders } = facts;
  if (reminders >= MOST || pastDue(facts, today) || !rested(facts, today)) return false;
  const since = reminders ? facts.reminded_on : sent_on;
  const near = due_on !== null && daysBetween(today, due_on) <= AHEAD && since !== today;
  return near || (since !== null && daysBetween(since, today) >= SILENCE);
}
