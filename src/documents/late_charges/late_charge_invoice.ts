import type { Knex } from 'knex';
import type { FollowUpAct } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { systemActor } from '../../db/scope.js';
import { has, typeNamed } from '../../document_types/index.js';
import { usualInvoice } from '../../document_types/relations.js';
import { reminderDay, type ReminderStep, reminderStep } from '../../document_types/shared/dates.js';
import { type Format, formatFor } from '../../pages/format.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import { today } from '../../pages/days.js';
import { addParticipants, contactParticipants, staffParticipants } from '../../subjects/participants.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import { type LineTax, type NewLine, withTotals } from '../content/content.js';
import { fromMinor } from '../content/decimals.js';
import { type Document, requirePartner } from '../content/document.js';
import { insertDraft } from '../drafts/create.js';
import { type ChargesDue, chargesDue } from './charges_due.js';

/** Notes which step a payment reminder is, and invoices what it charges for late payment. */
export async function remindOfPayment(db: Knex.Transaction, act: ActContext): Promise<EffectResult> {
  const { actor, document } = act;
  // Late charges are reminded of by themselves only once their invoice is settled: that begins anew.
  const first = document.late_charge && document.reminded_on === null;
  const step = first ? 'first' : reminderStep(document, today(actor));
  return { details: { step }, followUps: await invoiceLateCharges(db, act, step) };
}

/** Neither for late charges, nor for what is asked for before anything was delivered. */
const isCharged = ({ type, late_charge }: Document) => !late_charge && !has(typeNamed(type), 'prepayment');

async function invoiceLateCharges(
  db: Knex.Transaction,
  { actor, document }: ActContext,
  step: ReminderStep,
): Promise<FollowUpAct[]> {
  const [day, reminderOn] = [today(actor), reminderDay(document, today(actor))];
  if (!isCharged(document) || !(reminderOn > 0)) return [];
  const due = await chargesDue(db, document, { day: reminderOn, step, today: day });
  const contacts = due ? await contactParticipants(db, document) : [];
  if (!due || !contacts.length) return [];
  const { organization_id, id: document_id } = document;
  const recipient_ids = contacts.map(({ id }) => id);
  const charge_id = await draftOf(db, { document, due, day, recipient_ids }, actor.now);
  const { fee, interest } = due;
  const nights = interest ? { interest_from: due.interest_from, interest_until: day } : {};
  const charged = { fee, interest, reminder_day: reminderOn, ...nights };
  await db('late_charges').insert({ organization_id, charge_id, document_id, ...charged });
  return [{ id: charge_id, action: 'charge_late', input: { step } }];
}

interface Charged {
  document: Document;
  due: ChargesDue;
  day: string;
  recipient_ids: string[];
}

interface Settings {
  locale: string;
  names_taxes: boolean;
  card_allowed: boolean;
  bank_debit_allowed: boolean;
}

/** The draft, in the name of the first of the staff who follow the invoice, for all who take part. Returns its id. */
async function draftOf(
  db: Knex.Transaction,
  { document, due, day, recipient_ids }: Charged,
  now: Date | undefined,
): Promise<string> {
  const { organization_id, id, partner_id, currency, reference, project_id } = requirePartner(document);
  const { locale, names_taxes, ...online } = await settingsOf(db, document);
  const words = { t: translatorFor(locale), format: formatFor({ locale, time_zone: 'UTC' }) };
  const taxes = names_taxes ? [outsideOfTax(words.t)] : [];
  const content = withTotals({
    ...{ title: words.t('Late charges, {{number}}', { number: document.number ?? '' }), reference, currency },
    ...{ issued_on: day, due_on: day, delivery_on: null, terms: '', note: '', deposit_percent: '0', ...online },
    ...{ partial_payments: true, reference_required: false, signature_required: false, tax_included: false },
    lines: linesOf(document, due, day, words).map((line) => ({ ...line, taxes })),
  });
  const staff = await staffParticipants(db, document);
  const author = systemActor(organization_id, staff[0] ?? null, now);
  const draft = { content, recipient_ids, project_id };
  const options = { origin_id: id, late_charge: true };
  const made = await insertDraft(db, author, usualInvoice.name, partner_id, draft, options);
  await addParticipants(db, { organization_id, id: made }, staff);
  return made;
}

async function settingsOf(db: Knex.Transaction, { organization_id, id, partner_id }: Document): Promise<Settings> {
  const partner = await db('partners').where({ organization_id, id: partner_id }).first('locale');
  const named = await db('tax_rates').where({ organization_id }).first('id');
  const online = await db('documents').where({ organization_id, id }).first('card_allowed', 'bank_debit_allowed');
  return { locale: partner.locale, names_taxes: Boolean(named), ...online };
}

/**
 * Interest and fees for late payment compensate, and are no consideration for a supply (CJEU 222/81, BAZ Bausystem):
 * "Services outside scope of tax", O in EN 16931 (BT-151), which asks for a reason (BR-O-10).
 */
const outsideOfTax = (t: Translate): LineTax => ({
  ...{ id: newId(), name: t('Outside the scope of tax'), rate: '0', category: 'O' },
  note: t('Charges for late payment are compensation, not a supply: outside the scope of tax.'),
});

interface Words {
  t: Translate;
  format: Format;
}

function linesOf(document: Document, { fee, spans, rate }: ChargesDue, day: string, words: Words): NewLine[] {
  const { number, currency, due_on, reminder_days } = document;
  const { t, format } = words;
  const reached = reminderDay({ due_on, reminder_days }, day);
  const n = reminder_days.filter((planned) => planned > 0 && planned <= reached).length;
  const fees = fee ? [[t('Late fee, {{number}}, reminder {{n}}', { number: number ?? '', n }), fee] as const] : [];
  const interest = spans.map(({ open, from, until, days, interest }) => {
    const dates = { from: format.shortDate(from), until: format.shortDate(until), count: days };
    const values = { ...dates, amount: format.money(open, currency), percent: format.percent(rate) };
    return [`${t('Interest, {{number}}', { number: number ?? '' })}\n${t(NIGHTS, values)}`, interest] as const;
  });
  return [...fees, ...interest].map(([description, amount]) => lineOf(description, fromMinor(amount, currency)));
}

const NIGHTS = '{{amount}} from {{from}} to {{until}}: {{percent}} a year, {{count}} days';

const lineOf = (description: string, unit_price: string): NewLine => ({
  ...{ description, unit_price, quantity: '1', unit: '', discount_percent: '0', tax_rate: '0', group_name: '' },
  ...{ choice: '', picked: true, refused: false, delivery_on: null, origin_line: null },
});
