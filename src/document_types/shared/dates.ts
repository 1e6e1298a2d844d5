import type { Facts } from './lifecycle.js';

const DAY = 86_400_000;

/** Whole days from one ISO day to another; negative if it is earlier. */
const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** Its last day has passed. */
export const pastDue = ({ due_on }: Pick<Facts, 'due_on'>, today: string) => due_on !== null && due_on < today;

/** Its last day has not passed: it can still be answered. */
export const inTime = (facts: Pick<Facts, 'due_on'>, today: string) => !pastDue(facts, today);

/** Unpaid, and its last day has passed. */
export const overdue = ({ due_on, open }: Pick<Facts, 'due_on' | 'open'>, today: string) =>
  open > 0 && pastDue({ due_on }, today);

/** The last reminder is at least two days old, or there was none. */
const mayRemind = ({ reminded_on }: Facts, today: string) =>
  reminded_on === null || daysBetween(reminded_on, today) >= 2;

// Days after the due date on which partners are reminded of a payment: once before, then ever more rarely.
const PAYMENT_REMINDERS = [-3, 1, 8, 22, 45];

/** Whether to remind of a payment: the day of the next reminder has come, and no payment is processing. */
export function reminderDue(facts: Facts, today: string): boolean {
  const { due_on, open, paying, reminders } = facts;
  const day = PAYMENT_REMINDERS[reminders];
  if (!due_on || open <= 0 || paying || day === undefined) return false;
  return daysBetween(due_on, today) >= day && mayRemind(facts, today);
}

const ANSWER_DAYS_AHEAD = 2;
const ANSWER_SILENT_DAYS = 5;
const MAX_ANSWER_REMINDERS = 2;

/** Whether to remind of an answer: its last day is near, or there was none for five days. Twice at most. */
export function answerDue(facts: Facts, today: string): boolean {
  const { due_on, sent_on, reminders } = facts;
  if (reminders >= MAX_ANSWER_REMINDERS || pastDue(facts, today) || !mayRemind(facts, today)) return false;
  const since = reminders ? facts.reminded_on : sent_on;
  const near = due_on !== null && daysBetween(today, due_on) <= ANSWER_DAYS_AHEAD && since !== today;
  return near || (since !== null && daysBetween(since, today) >= ANSWER_SILENT_DAYS);
}
