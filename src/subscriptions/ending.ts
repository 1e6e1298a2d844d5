import type { Knex } from 'knex';
import { z } from 'zod';
import type { FollowUpAct } from '../acting/context.js';
import { usualCreditNote, usualInvoice } from '../document_types/relations.js';
import { addDays } from '../pages/days.js';
import { makeDocument } from './invoice_period.js';
import { firstPeriodFrom, periodStart } from './periods.js';
import { type Adjustment, prorated } from './proration.js';
import { currentPeriod, dayOf, planFacts, type SubscriptionRow } from './subscription.js';
import type { Changed, SubscriptionAct } from './subscription_acts.js';

const Cancel = z.object({ at_once: z.boolean().default(false), credit: z.boolean().default(false) });

/** Ends it with the period that runs today, invoiced or not; or today. One that hasn't begun costs nothing. */
export async function cancel(db: Knex.Transaction, act: SubscriptionAct): Promise<Changed> {
  const { row, actor } = act;
  const { at_once, credit } = Cancel.parse(act.input);
  const day = dayOf(row, actor);
  const { last, owed, paused_from } = at_once || row.start_on > day ? AT_ONCE : runningPeriod(row, day);
  const now = !last || (last <= day && !owed);
  const latest = now ? day : last;
  const ends_on = latest < row.start_on ? row.start_on : latest;
  const changed = { ends_on, asked: null, told_ends_on: ends_on, paused_from, paused_until: null };
  const plan = { ...planFacts({ ...row, ...changed, ends_on: latest }), next_on: null };
  const details = { ends_on: latest, plan };
  if (!now) return { columns: changed, details };
  const adjustments = [...row.adjustments, ...(credit ? await unusedDays(db, row, day) : [])];
  const settled = await settle(db, act, adjustments);
  return { columns: { ...changed, adjustments: [] }, branch: 'now', details, followUps: settled };
}

const AT_ONCE = { last: null, owed: false, paused_from: null };

/**
 * The last day of the period that runs on a day, or did when the pause began; `owed`: a period that has begun is not
 * invoiced yet, and still will be. Null: nothing runs.
 */
function runningPeriod(row: SubscriptionRow, day: string) {
  const paused_from = row.paused_from !== null && row.paused_from <= day ? row.paused_from : null;
  const next = paused_from ?? addDays(day, 1);
  const owed = periodStart(row, row.next_period) < next;
  if (paused_from && !owed) return AT_ONCE;
  const end = addDays(periodStart(row, firstPeriodFrom(row, next, row.next_period)), -1);
  const last = row.ends_on && row.ends_on < end ? row.ends_on : end;
  return { last, owed, paused_from };
}

/** What was charged for the days after this one, in its period. */
async function unusedDays(db: Knex.Transaction, row: SubscriptionRow, day: string): Promise<Adjustment[]> {
  const period = await currentPeriod(db, row, day);
  if (!period) return [];
  const unused = { from_on: addDays(day, 1), until_on: period.charged_until };
  return prorated({ before: period.lines, after: [], currency: row.currency }, period, unused, 'end');
}

/** Its last day has passed. */
export async function end(db: Knex.Transaction, act: SubscriptionAct): Promise<Changed> {
  const followUps = await settle(db, act, act.row.adjustments);
  return { columns: { adjustments: [], asked: null }, details: { plan: planFacts(act.row) }, followUps };
}

/** No invoice follows that would take these in: they get a document of their own, a credit note if too much was paid. */
async function settle(
  db: Knex.Transaction,
  { row, actor }: SubscriptionAct,
  adjustments: readonly Adjustment[],
): Promise<FollowUpAct[]> {
  const sum = adjustments.reduce((total, { amount }) => total + amount, 0);
  if (!sum) return [];
  const type = sum > 0 ? usualInvoice : usualCreditNote;
  const counted = adjustments.map((one) => ({ ...one, amount: sum > 0 ? one.amount : -one.amount }));
  const made = { type: type.name, period: null, lines: [], adjustments: counted };
  const [id, sender] = await makeDocument(db, actor, row, made);
  return row.sends ? [{ id, action: 'send', ...(sender ? { as: sender } : {}) }] : [];
}
