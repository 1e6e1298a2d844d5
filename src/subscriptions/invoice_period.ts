import type { Knex } from 'knex';
import { Invalid } from '../errors.js';
import { systemActor } from '../db/scope.js';
import { type NewLine, withTotals } from '../documents/content/content.js';
import { fromMinor } from '../documents/content/decimals.js';
import { insertDraft } from '../documents/drafts/create.js';
import { usualInvoice } from '../document_types/relations.js';
import { addDays, today } from '../pages/days.js';
import { type Format, formatFor } from '../pages/format.js';
import { type Translate, translatorFor } from '../pages/i18n.js';
import { contactParticipants, staffParticipants } from '../subjects/participants.js';
import { stillAhead } from './pausing.js';
import { firstPeriodOutside, type Period, periodAt } from './periods.js';
import { type Adjustment, prorated, takeAdjustments } from './proration.js';
import { asGiven, takePlanTaxes } from './plan/plan_taxes.js';
import { dayOf, type PlanLine, type SubscriptionRow, totalOf } from './subscription.js';
import type { Changed, SubscriptionAct } from './subscription_acts.js';

/** Makes the invoice of the next period, and sends it unless staff want to look at it first. @throws Invalid */
export async function invoicePeriod(db: Knex.Transaction, { row, actor }: SubscriptionAct): Promise<Changed> {
  const { organization_id, id: subscription_id, next_period, currency } = row;
  const whole = periodAt(row, next_period);
  const until_on = row.ends_on && row.ends_on < whole.until_on ? row.ends_on : whole.until_on;
  const period = { from_on: whole.from_on, until_on };
  const plan = { lines: row.lines.map(asGiven) };
  const lines = await takePlanTaxes(db, actor, row.partner_id, plan, dayOf(row, actor));
  const cut = unused({ lines, currency }, whole, until_on);
  const { taken, left } = takeAdjustments(lines, [...row.adjustments, ...cut], currency);
  const made = { type: usualInvoice.name, period, lines, adjustments: taken };
  const [document_id, sender] = await makeDocument(db, actor, row, made);
  const invoiced = { ...whole, charged_until: until_on, lines: JSON.stringify(lines), document_id };
  await db('subscription_periods').insert({ organization_id, subscription_id, period: next_period, ...invoiced });
  const next = firstPeriodOutside(row, row.skipped, next_period + 1);
  const skipped = stillAhead(row, row.skipped, next);
  const price = { lines, total: totalOf(lines, currency) };
  const columns = { ...price, next_period: next, skipped, adjustments: left, failed_period: null };
  const sending = { id: document_id, action: 'send', ...(sender ? { as: sender } : {}) };
  const branch = row.state === 'paused' ? 'paused' : 'active';
  return { columns, branch, details: { ...period, made: document_id }, followUps: row.sends ? [sending] : [] };
}

/** Where it ends within the period, the days after that. */
const unused = (
  { lines, currency }: Pick<SubscriptionRow, 'lines' | 'currency'>,
  whole: Period,
  until_on: string,
): Adjustment[] =>
  prorated({ before: lines, after: [], currency }, whole, { ...whole, from_on: addDays(until_on, 1) }, 'end');

interface Made {
  type: string;
  /** Null: of none. */
  period: Period | null;
  lines: readonly PlanLine[];
  adjustments: readonly Adjustment[];
}

/** A draft in the name of the first of the staff who follow it. Returns its id, and whose it is. @throws Invalid */
export async function makeDocument(
  db: Knex.Transaction,
  { now, time_zone }: SubscriptionAct['actor'],
  row: SubscriptionRow,
  { type, period, lines, adjustments }: Made,
): Promise<[document_id: string, sender: string | null]> {
  const { organization_id, partner_id, currency } = row;
  const contacts = await contactParticipants(db, row);
  if (!contacts.length) throw new Invalid({ form: 'Choose at least one recipient before you send it.' });
  const [sender = null] = await staffParticipants(db, row);
  const partner = await db('partners').where({ organization_id, id: partner_id, is_customer: true }).first('locale');
  if (!partner) throw new Invalid({ form: 'This partner is no customer any more.' });
  const author = { ...systemActor(organization_id, sender, now), time_zone: row.time_zone || time_zone };
  const issued_on = today(author);
  const words = { t: translatorFor(partner.locale), format: formatFor({ locale: partner.locale, time_zone: 'UTC' }) };
  const given = [...lines, ...adjustments.map((one) => adjustmentLine(one, currency, words))];
  const content = withTotals({
    ...{ title: titleOf(row, period, words), currency, issued_on, due_on: addDays(issued_on, row.terms_days) },
    ...{ reference: row.reference, note: row.note, terms: row.terms, delivery_on: null, deposit_percent: '0' },
    ...{ partial_payments: true, reference_required: false, signature_required: false, tax_included: false },
    // What is credited has the taxes of then.
    lines:
      type === usualInvoice.name
        ? await takePlanTaxes(db, author, partner_id, { lines: given.map(asGiven) }, issued_on)
        : given,
  });
  const recipient_ids = contacts.map(({ id }) => id);
  const draft = { content, recipient_ids, project_id: null };
  return [await insertDraft(db, author, type, partner_id, draft), sender];
}

interface Words {
  t: Translate;
  format: Format;
}

/** "Garden care (SUB-0003), Nov 1, 2026 – Nov 30, 2026" */
const titleOf = ({ title, number }: SubscriptionRow, period: Period | null, { format }: Words): string =>
  [
    `${title} (${number})`,
    ...(period ? [`${format.shortDate(period.from_on)} – ${format.shortDate(period.until_on)}`] : []),
  ].join(', ');

const SENTENCES = {
  price: 'Price changed on {{date}}: {{days}} of {{of}} days',
  end: 'Not used from {{date}} on: {{days}} of {{of}} days',
  more: 'Goes on from {{date}}: {{days}} of {{of}} days',
} as const;

function adjustmentLine({ reason, days, of, from_on, ...one }: Adjustment, currency: string, words: Words): NewLine {
  const { t, format } = words;
  const values = { date: format.date(from_on), days, of };
  return {
    ...{
      description: t(SENTENCES[reason], values),
      unit_price: fromMinor(one.amount, currency),
      quantity: '1',
      unit: '',
    },
    ...{
      discount_percent: '0',
      tax_rate: one.tax_rate,
      taxes: one.taxes ?? [],
      group_name: '',
      choice: '',
      picked: true,
      refused: false,
    },
    ...{ delivery_on: null, origin_line: null },
  };
}
