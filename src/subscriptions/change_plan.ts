import type { Knex } from 'knex';
import { Invalid } from '../errors.js';
import { changedPlan } from '../subjects/subscription/plan_input.js';
import { addDays } from '../pages/days.js';
import { requireWithinLimit } from '../subjects/may.js';
import { addParticipants } from '../subjects/participants.js';
import { firstBilling, periodStart } from './periods.js';
import { planColumns, refuseDays } from './plan/plan_columns.js';
import { linesOn } from './plan/plan_taxes.js';
import { type Adjustment, prorated } from './proration.js';
import { currentPeriod, dayOf, type InvoicedPeriod, planFacts, type SubscriptionRow } from './subscription.js';
import type { Changed, SubscriptionAct } from './subscription_acts.js';

/** Another plan or price. Within a period that is invoiced, its difference is settled with the next invoice. */
export async function changePlan(db: Knex.Transaction, act: SubscriptionAct): Promise<Changed> {
  const { row, actor } = act;
  const input = changedPlan.parse(act.input);
  const day = dayOf(row, actor);
  const first = firstBilling(row);
  const columns = await planColumns(db, actor, input, { ...row, day: first > day ? first : day });
  requireWithinLimit(actor, 'send', { ...row, total: columns.total });
  if (columns.ends_on && columns.ends_on !== row.ends_on && columns.ends_on < day)
    throw new Invalid({ ends_on: 'Choose today or a later day.' });
  refuseDays(row.start_on, row.trial_until, columns.ends_on);
  await saveRecipients(db, row, input.content.recipients);
  const adjustments = await settlePeriod(db, act, { ...columns, prorate: input.prorate });
  const changed = { ...columns, ...rhythm(row, columns), adjustments: [...row.adjustments, ...adjustments] };
  const details = { plan: planFacts({ ...row, ...changed }), before: planFacts(row) };
  return { columns: { ...changed, asked: null, failed_period: null }, details };
}

/** Another interval begins with the next period. */
function rhythm(row: SubscriptionRow, changed: Pick<SubscriptionRow, 'every' | 'unit'>) {
  if (sameRhythm(row, changed)) return {};
  return { anchor_on: periodStart(row, row.next_period), anchor_period: row.next_period };
}

const sameRhythm = (a: Pick<SubscriptionRow, 'every' | 'unit'>, b: Pick<SubscriptionRow, 'every' | 'unit'>) =>
  a.every === b.every && a.unit === b.unit;

interface NewTerms extends Pick<SubscriptionRow, 'lines' | 'every' | 'unit' | 'ends_on'> {
  prorate: boolean;
}

/**
 * Charges or credits what a change makes of the current period: another last day, then another price for the days that
 * are left, taxed as when it began. The price of another interval is none of this period.
 */
async function settlePeriod(db: Knex.Transaction, { row, actor }: SubscriptionAct, terms: NewTerms) {
  const day = dayOf(row, actor);
  const period = await currentPeriod(db, row, day);
  if (!period) return [];
  const { organization_id, id: subscription_id, currency } = row;
  const charged_until = terms.ends_on === row.ends_on ? period.charged_until : lastDay(period, terms.ends_on);
  const reprices = terms.prorate && sameRhythm(row, terms);
  const lines = reprices ? await linesOn(db, actor, terms.lines, period.from_on) : period.lines;
  await db('subscription_periods')
    .where({ organization_id, subscription_id, period: period.period })
    .update({ charged_until, lines: JSON.stringify(lines) });
  const rest = { from_on: day, until_on: charged_until };
  return [
    ...otherEnd(period, charged_until, currency),
    ...prorated({ before: period.lines, after: lines, currency }, period, rest, 'price'),
  ];
}

const lastDay = ({ until_on }: InvoicedPeriod, ends_on: string | null) =>
  ends_on && ends_on < until_on ? ends_on : until_on;

/** The days that a period, charged until one day, is longer or shorter until another. */
function otherEnd(period: InvoicedPeriod, until_on: string, currency: string): Adjustment[] {
  const { charged_until, lines } = period;
  const more = { from_on: addDays(charged_until, 1), until_on };
  const less = { from_on: addDays(until_on, 1), until_on: charged_until };
  return [
    ...prorated({ before: [], after: lines, currency }, period, more, 'more'),
    ...prorated({ before: lines, after: [], currency }, period, less, 'end'),
  ];
}

/** @throws Invalid if one of them is no contact of the customer */
export async function saveRecipients(
  db: Knex.Transaction,
  { organization_id, id, partner_id }: Pick<SubscriptionRow, 'organization_id' | 'id' | 'partner_id'>,
  people: readonly string[],
): Promise<void> {
  const contacts: string[] = await db('people')
    .where({ organization_id, partner_id, removed_at: null, guest: false })
    .whereIn('id', people)
    .pluck('id');
  if (contacts.length !== new Set(people).size)
    throw new Invalid({ 'content.recipients': 'One of these people is no contact any more.' });
  const before = db('people').where({ organization_id, partner_id }).select('id');
  await db('participants').where({ organization_id, subject_id: id }).whereIn('person_id', before).delete();
  await addParticipants(db, { organization_id, id }, contacts);
}
