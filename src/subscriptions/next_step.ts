import { addDays } from '../pages/days.js';
import { periodStart, type Rhythm } from './periods.js';

/** What decides when the clock has something to do with a subscription. */
export interface Terms extends Rhythm {
  state: string;
  start_on: string;
  trial_until: string | null;
  next_period: number;
  ends_on: string | null;
  paused_from: string | null;
  paused_until: string | null;
  sends: boolean;
  told_trial_until: string | null;
  told_ends_on: string | null;
}

/** An action of the clock, and the day on which it is due. */
export interface Step {
  name: 'end' | 'end_pause' | 'begin_pause' | 'remind_trial' | 'remind_end' | 'bill_period' | 'draft_period';
  on: string;
}

/** So many days before a trial, and before all of it ends, this is announced. */
const TRIAL_NOTICE = 7;
const END_NOTICE = 14;

/**
 * What comes next, by facts alone: the earliest of what may come, so that after weeks of standstill all is made up for
 * in its order. Null: nothing, as long as nobody changes it. `today`: what has passed is announced no more.
 */
export function nextStep(terms: Terms, today: string): Step | null {
  if (terms.state === 'ended' || terms.state === 'draft') return null;
  const steps = [...ending(terms), ...pausing(terms), ...notices(terms, today), ...invoicing(terms)];
  // Of those on the same day, the first.
  return steps.reduce<Step | null>((first, step) => (first && first.on <= step.on ? first : step), null);
}

const ending = ({ ends_on }: Terms): Step[] => (ends_on ? [{ name: 'end', on: addDays(ends_on, 1) }] : []);

function pausing({ state, paused_from, paused_until }: Terms): Step[] {
  if (state === 'paused') return paused_until ? [{ name: 'end_pause', on: addDays(paused_until, 1) }] : [];
  return paused_from ? [{ name: 'begin_pause', on: paused_from }] : [];
}

function notices({ start_on, trial_until, told_trial_until, ends_on, told_ends_on, state }: Terms, today: string) {
  const steps: Step[] = [];
  const announce = (name: Step['name'], day: string | null, told: string | null, days: number) => {
    const on = day && addDays(day, -days);
    if (day && on && day !== told && on > start_on && today <= day) steps.push({ name, on });
  };
  if (state === 'trial') announce('remind_trial', trial_until, told_trial_until, TRIAL_NOTICE);
  announce('remind_end', ends_on, told_ends_on, END_NOTICE);
  return steps;
}

/**
 * The day on which the next period is invoiced; null if none is: it ends before, or is paused. What began before the
 * pause still is.
 */
export function nextBilling(terms: Terms): string | null {
  const on = periodStart(terms, terms.next_period);
  const over = terms.ends_on !== null && on > terms.ends_on;
  const paused = terms.state === 'paused' && (terms.paused_from === null || on >= terms.paused_from);
  return over || paused || terms.state === 'ended' ? null : on;
}

function invoicing(terms: Terms): Step[] {
  const on = nextBilling(terms);
  return on ? [{ name: terms.sends ? 'bill_period' : 'draft_period', on }] : [];
}
