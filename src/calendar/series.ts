import { addDays, DAY_MS } from '../pages/days.js';
import { daysOf, type Recurrence } from './recurrence.js';

/** Clocks as '2026-12-04T09:00'. */
export interface Span {
  starts_at: string;
  ends_at: string;
}

/** One time of a series that was moved or canceled by itself. */
export interface ChangedTime {
  /** Its day in the series, ISO 8601: what it is called by, wherever it is moved. */
  on: string;
  canceled: boolean;
  /** When it is now; null: as its series says. */
  starts_at: string | null;
  ends_at: string | null;
  /** Of the last invitation to it alone. */
  sequence: number;
}

/** When a series says that it happens on one of its days. */
export function spanOn({ starts_at, ends_at }: Span, on: string): Span {
  const length = daysBetween(starts_at.slice(0, 10), ends_at.slice(0, 10));
  return { starts_at: on + starts_at.slice(10), ends_at: addDays(on, length) + ends_at.slice(10) };
}

/** The same, or when it is now, if it was moved by itself. */
export function timeOn(series: Span, changed: readonly ChangedTime[], on: string): Span {
  const { starts_at, ends_at } = changed.find((one) => one.on === on) ?? {};
  return starts_at && ends_at ? { starts_at, ends_at } : spanOn(series, on);
}

/** From one day (ISO 8601) to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS);

/**
 * The rule of a series that begins on another day and happens as often: `count` times. Where it ended on a day, it ends
 * on another; null if it happens once.
 */
export function ruleFrom(first: string, count: number, rule: Recurrence | null): Recurrence | null {
  if (!rule || count === 1) return null;
  if (rule.times !== null) return { ...rule, times: count };
  return { ...rule, until_on: daysOf(first, { ...rule, until_on: null, times: count })?.at(-1) ?? rule.until_on };
}

/** What is said of each time of a series: by itself, or else of all, unless it was moved since. */
export function answerOn<Answer>(
  answers: readonly { on: string | null; answer: Answer }[],
  changed: readonly ChangedTime[],
  on: string | null,
): Answer | null {
  const moved = changed.some((one) => one.on === on && one.starts_at);
  const found = answers.find((one) => one.on === on) ?? (moved ? null : answers.find((one) => one.on === null));
  return found?.answer ?? null;
}
