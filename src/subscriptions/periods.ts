import { DateTime } from 'luxon';
import type { Unit } from '../subjects/subscription/plan_input.js';
import { addDays, daysBetween } from '../pages/days.js';

/** How the periods of a subscription follow each other; periods are numbered from 0, days are ISO 8601. */
export interface Rhythm {
  /** The first day of the period `anchor_period`. */
  anchor_on: string;
  anchor_period: number;
  every: number;
  unit: Unit;
}

export interface Period {
  from_on: string;
  until_on: string;
}

const utc = (day: string) => DateTime.fromISO(day, { zone: 'utc' });

/**
 * The first day of a period. Counted from the anchor, so that the day of the month is kept: after January 31 comes
 * February 28, then March 31. Days have no clock, so that no change to summer time matters.
 */
export const periodStart = ({ anchor_on, anchor_period, every, unit }: Rhythm, period: number): string =>
  utc(anchor_on)
    .plus({ [unit]: every * (period - anchor_period) })
    .toFormat('yyyy-MM-dd');

export const periodAt = (rhythm: Rhythm, period: number): Period => ({
  from_on: periodStart(rhythm, period),
  until_on: addDays(periodStart(rhythm, period + 1), -1),
});

/** The first period, from `least` on, that begins on this day or later. */
export function firstPeriodFrom(rhythm: Rhythm, day: string, least: number): number {
  const { anchor_on, anchor_period, every, unit } = rhythm;
  const passed = Math.floor(utc(day).diff(utc(anchor_on)).as(unit) / every);
  // A month has no fixed length: what the division says may be off by one.
  let period = Math.max(least, anchor_period + passed - 1);
  while (periodStart(rhythm, period) < day) period++;
  return period;
}

/** The first period, from `least` on, that begins on none of these days. */
export function firstPeriodOutside(rhythm: Rhythm, skipped: readonly Period[], least: number): number {
  const begins = (period: number) => periodStart(rhythm, period);
  const isSkipped = (on: string) => skipped.some(({ from_on, until_on }) => from_on <= on && on <= until_on);
  let period = least;
  while (isSkipped(begins(period))) period++;
  return period;
}

/** The day of the first invoice. */
export const firstBilling = ({ start_on, trial_until }: { start_on: string; trial_until: string | null }): string =>
  trial_until ? addDays(trial_until, 1) : start_on;

/** How many days, both ends counted. */
export const daysIn = ({ from_on, until_on }: Period): number => daysBetween(from_on, until_on) + 1;
