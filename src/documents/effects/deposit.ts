import type { Knex } from 'knex';
import { systemActor } from '../../db/scope.js';
import { depositInvoice } from '../../document_types/relations.js';
import { formatFor } from '../../pages/format.js';
import { translatorFor } from '../../pages/i18n.js';
import { addDays, today } from '../../pages/days.js';
import { withTotals } from '../content/content.js';
import { fromMinor } from '../content/decimals.js';
import { readLines } from '../content/content_store.js';
import { shareOf } from '../content/totals.js';
import { type TaxShare, taxShares } from '../taxes/tax_shares.js';
import { type Document, requirePartner } from '../content/document.js';
import type { Snapshot } from '../content/version.js';
import type { FollowUpAct } from '../../acting/context.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import { contactParticipants, staffParticipants } from '../../subjects/participants.js';
import { insertDraft } from '../drafts/create.js';
import { billedSoFar } from './billed_so_far.js';
import { takenTotal } from './origin_limits.js';

/** On acceptance, invoices the deposit. An order that is accepted late may be billed already, in part. */
export async function onAccepted(db: Knex.Transaction, act: ActContext): Promise<EffectResult> {
  const { document, action } = act;
  const branched = typeof action.to === 'object' ? { branch: (await billedSoFar(db, document)).branch } : {};
  return { ...branched, ...(await invoiceDeposit(db, act)) };
}

/**
 * Invoices what was agreed as a deposit by a retainer invoice of that percentage of the total, less earlier ones; each tax
 * has its share of it.
 */
async function invoiceDeposit(db: Knex.Transaction, { actor, document }: ActContext): Promise<EffectResult> {
  if (Number(document.deposit_percent) <= 0 || document.total <= 0) return {};
  const { organization_id, id, partner_id, currency } = requirePartner(document);
  const [sender] = await staffParticipants(db, document);
  const partner = await db('partners').where({ organization_id, id: partner_id }).first('locale', 'terms_days');
  const percent = formatFor({ locale: partner.locale, time_zone: 'UTC' }).percent(document.deposit_percent);
  const values = { percent, number: document.number ?? '' };
  const description = translatorFor(partner.locale)('Deposit of {{percent}} on {{number}}', values);
  const agreed = shareOf(document.total, document.deposit_percent);
  const amount = agreed - (await takenTotal(db, document, depositInvoice));
  if (amount <= 0) return {};
  const issued_on = today(actor);
  const shares = taxShares(await readLines(db, document), document.tax_included, amount);
  const content = withTotals({
    ...{ title: document.title, reference: document.reference, terms: '', note: '', currency },
    ...{ issued_on, due_on: addDays(issued_on, partner.terms_days), delivery_on: null },
    ...{ partial_payments: false, reference_required: false },
    ...{ signature_required: false, tax_included: true, deposit_percent: '0' },
    lines: shares.map((share) => depositLine(description, share, currency)),
  });
  const recipient_ids = (await contactParticipants(db, document)).map((contact) => contact.id);
  const author = systemActor(organization_id, sender ?? null, actor.now);
  const draft = { content, recipient_ids, project_id: document.project_id };
  const retainer = await insertDraft(db, author, depositInvoice.name, partner_id, draft, { origin_id: id });
  return { followUps: [{ id: retainer, action: 'send', ...(sender ? { as: sender } : {}) }] };
}

/** With the taxes of what it is a part of: tax is due on what is paid ahead. */
const depositLine = (description: string, { amount, tax_rate, taxes }: TaxShare, currency: string) => ({
  ...{ description, unit_price: fromMinor(amount, currency), tax_rate, taxes },
  ...{ quantity: '1', unit: '', discount_percent: '0', group_name: '' },
  ...{ choice: '' as const, picked: true, refused: false, delivery_on: null, origin_line: null },
});

/** What follows once an invoice is sent: what this version took off is applied to it. */
export async function deductPrepaid(db: Knex.Transaction, document: Document): Promise<FollowUpAct[]> {
  const { organization_id, id, version, origin_id } = document;
  if (!origin_id) return [];
  const { snapshot } = await db('versions').where({ organization_id, document_id: id, version }).first('snapshot');
  const { deductions = [] } = snapshot as Pick<Snapshot, 'deductions'>;
  return deductions.map(({ id: source, amount }) => ({ id, action: 'credit', input: { source, amount } }));
}
