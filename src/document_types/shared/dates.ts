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

/** Days from one reminder to the next, at least. */
export const REMINDERS_APART = 2;

/** The last reminder is at least two days old, or there was none. */
const mayRemind = ({ reminded_on }: Facts, today: string) =>
  reminded_on === null || daysBetween(reminded_on, today) >= REMINDERS_APART;

/** The partner promised to pay, and the day has not ended. */
const promiseStands = ({ promised_on }: Pick<Facts, 'promised_on'>, today: string): boolean =>
  promised_on !== null && today <= promised_on;

/** The partner promised to pay by a day that has ended, and something is still owed. */
export const promiseBroken = (facts: Pick<Facts, 'promised_on' | 'open' | 'paying'>, today: string): boolean =>
  facts.promised_on !== null && facts.open > 0 && !facts.paying && !promiseStands(facts, today);

/**
 * Whether to remind of a payment: a day of the plan has come since the last reminder, and no payment is on its way or
 * planned.
 */
export function reminderDue(facts: Facts, today: string): boolean {
  const { due_on, open, paying, charging, disputed_on, reminded_on } = facts;
  if (!due_on || open <= 0 || paying || charging || disputed_on || promiseStands(facts, today)) return false;
  // Of several days that have passed, one reminder is enough.
  const last = reminderDay(facts, today);
  const isNew = reminded_on === null || daysBetween(due_on, reminded_on) < last;
  return Number.isFinite(last) && isNew && mayRemind(facts, today);
}

/** How far a reminder of the plan is: before the due date, on it, or the first, a further, the last one after it. */
export const REMINDER_STEPS = ['before', 'on', 'first', 'second', 'final'] as const;
export type ReminderStep = (typeof REMINDER_STEPS)[number];

/** The day of the plan that has come last: days after the due date, or before it if negative; -Infinity: none has. */
export function reminderDay({ due_on, reminder_days }: Pick<Facts, 'due_on' | 'reminder_days'>, today: string): number {
  const since = due_on ? daysBetween(due_on, today) : 0;
  return Math.max(...reminder_days.filter((day) => day <= since));
}

/** The step that a reminder of today is, by the day of the plan that has come last. */
export function reminderStep(
  { due_on, reminder_days }: Pick<Facts, 'due_on' | 'reminder_days'>,
  today: string,
): ReminderStep {
  const day = reminderDay({ due_on, reminder_days }, today);
  const late = reminder_days.filter((day) => day > 0);
  if (!(day > 0)) return day < 0 ? 'before' : 'on';
  if (day === Math.min(...late)) return 'first';
  return day === Math.max(...late) ? 'final' : 'second';
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
