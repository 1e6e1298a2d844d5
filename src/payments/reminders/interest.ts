import Big from 'big.js';
import { daysBetween } from '../../pages/days.js';

/** A change of what is open, in minor units, from the end of a day on. */
export interface Movement {
  day: string;
  amount: number;
}

/** Nights from a day until another. */
interface Nights {
  from: string;
  until: string;
}

/** Nights in which the same amount was open. */
export interface InterestSpan extends Nights {
  days: number;
  /** Open, in minor units. */
  open: number;
}

const daysIn = ({ from, until }: Nights) => daysBetween(from, until);

/**
 * The spans of `nights` that cost interest: a night does if something is open at the end of its day, and no pause has
 * it. So the due date itself is free, and what arrives on it costs nothing.
 */
export function interestSpans(
  nights: Nights,
  movements: readonly Movement[],
  pauses: readonly Nights[],
): InterestSpan[] {
  const edges = [...movements.map(({ day }) => day), ...pauses.flatMap(({ from, until }) => [from, until])];
  const inside = edges.filter((day) => day > nights.from && day < nights.until);
  const days = [...new Set([nights.from, ...inside, nights.until])].toSorted();
  const spans: InterestSpan[] = [];
  for (const [n, until] of days.slice(1).entries()) {
    const from = days[n] ?? nights.from;
    const open = movements.filter(({ day }) => day <= from).reduce((sum, { amount }) => sum + amount, 0);
    if (from >= until || open <= 0 || pauses.some((pause) => pause.from <= from && from < pause.until)) continue;
    const last = spans.at(-1);
    if (last?.until === from && last.open === open) Object.assign(last, { until, days: daysIn({ ...last, until }) });
    else spans.push({ from, until, days: daysIn({ from, until }), open });
  }
  return spans;
}

/** Simple interest on a span, in minor units, halves rounded up: each night costs 1/365 of the yearly rate. */
export const interestOn = ({ open, days }: InterestSpan, rate: string): number =>
  Big(open).times(days).times(rate).div(36_500).round(0, Big.roundHalfUp).toNumber();

/** From each `dispute` until it was answered, or ever since. `events`: in their order. */
export function disputedNights(events: readonly { day: string; opened: boolean }[]): Nights[] {
  const pauses: Nights[] = [];
  for (const { day, opened } of events) {
    const last = pauses.at(-1);
    if (opened) pauses.push({ from: day, until: NEVER });
    else if (last) last.until = day;
  }
  return pauses;
}

const NEVER = '9999-12-31';
