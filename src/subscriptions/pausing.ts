import type { Knex } from 'knex';
import { z } from 'zod';
import { Invalid } from '../errors.js';
import { day } from '../input/fields.js';
import { addDays } from '../pages/days.js';
import { firstPeriodOutside, type Period, periodStart } from './periods.js';
import { dayOf, type SubscriptionRow } from './subscription.js';
import type { Changed, SubscriptionAct } from './subscription_acts.js';

const Pause = z.object({ from_on: day, until_on: day.optional() });

/** From today or a later day on, nothing is invoiced. @throws Invalid */
export async function pause(_db: Knex.Transaction, { row, actor, input }: SubscriptionAct): Promise<Changed> {
  const { from_on, until_on } = Pause.parse(input);
  const now = dayOf(row, actor);
  if (from_on < now) throw new Invalid({ from_on: 'Choose today or a later day.' });
  if (until_on && until_on < from_on) throw new Invalid({ until_on: 'It can’t end before it begins.' });
  const columns = { paused_from: from_on, paused_until: until_on ?? null };
  return { columns, ...(from_on === now ? { branch: 'now' } : {}) };
}

/** Ends a pause, or takes one back that hasn't begun: periods that began within it are not invoiced. */
export async function resume(_db: Knex.Transaction, { row, actor, name }: SubscriptionAct): Promise<Changed> {
  const now = dayOf(row, actor);
  // After a standstill, what began since the pause was over is made up for.
  const day = name === 'end_pause' && row.paused_until ? addDays(row.paused_until, 1) : now;
  const columns = { paused_from: null, paused_until: null };
  if (!row.paused_from || row.paused_from > now) return { columns };
  const pauses = [...row.skipped, { from_on: row.paused_from, until_on: addDays(day, -1) }];
  const next_period = firstPeriodOutside(row, pauses, row.next_period);
  const skipped = stillAhead(row, pauses, next_period);
  return { columns: { ...columns, next_period, skipped }, branch: runningState(row, now) };
}

/** Those of the pauses that a period not invoiced yet comes before. */
export const stillAhead = (row: SubscriptionRow, pauses: readonly Period[], next_period: number): Period[] =>
  pauses.filter(({ until_on }) => periodStart(row, next_period) <= until_on);

const runningState = ({ trial_until }: SubscriptionRow, day: string) =>
  trial_until && trial_until >= day ? 'trial' : 'active';
