import type { Knex } from 'knex';
import { typeNamed } from '../../../document_types/index.js';
import { takesCredit } from '../../../document_types/relations.js';
import { Invalid } from '../../../errors.js';
import { applyCredit, requireCreditUse, type ReservedCredit } from '../../../payments/ledger/credits.js';
import { type Document, findDocument, lockDocuments, requirePartner } from '../../content/document.js';
import { systemActor } from '../../../db/scope.js';
import type { FollowUpAct } from '../../../acting/context.js';
import type { ActContext, EffectResult } from '../../acting/document_act.js';

interface CreditInput {
  amount: number;
  credits?: ReservedCredit[] | undefined;
  source?: string | undefined;
  /** The number of the invoice that a credit note pays. */
  invoice?: string | undefined;
}

/**
 * On an invoice, pays it from all of the partner's credit, oldest first (or from one `source`); on a credit note, pays
 * the invoice that is named from it.
 */
export async function applyCreditTo(
  db: Knex.Transaction,
  { actor, document, input }: ActContext<CreditInput>,
): Promise<EffectResult> {
  const { amount, source = null, credits } = input;
  if (credits) {
    requireCreditUse(actor, document);
    return useCredits(db, document, amount, credits);
  }
  if (typeNamed(document.type).owes !== 'credit') {
    if (amount > document.open) throw new Invalid({ amount: 'This is more than is owed.' });
    const used = await applyCredit(db, requirePartner(document), amount, source === null ? null : [source]);
    if (source) return { open: document.open - amount, details: { amount } };
    return { open: document.open - amount, details: { amount }, followUps: countUsed(document, used) };
  }
  const invoice = await findOpenInvoice(db, document, input.invoice ?? '');
  if (amount > invoice.open) throw new Invalid({ amount: 'This is more than is owed on that invoice.' });
  return {
    open: document.open - amount,
    details: { invoice: invoice.number, amount },
    followUps: [{ id: invoice.id, action: 'credit', input: { source: document.id, amount } }],
  };
}

/** What follows for the documents that credit came from. */
export const countUsed = ({ number }: Document, sources: readonly (string | null)[]): FollowUpAct[] =>
  [...new Set(sources)].flatMap((id) => (id ? [{ id, action: 'count', input: { number: number ?? '' } }] : []));

/** Pays an invoice from the sources that its customer chose. */
async function useCredits(
  db: Knex.Transaction,
  document: Document,
  amount: number,
  credits: readonly ReservedCredit[],
): Promise<EffectResult> {
  if (amount > document.open) throw new Invalid({ amount: 'This is more than is owed.' });
  if (amount < document.open && !document.partial_payments)
    throw new Invalid({ amount: 'This invoice is paid as a whole.' });
  if (credits.reduce((sum, credit) => sum + credit.amount, 0) !== amount)
    throw new Invalid({ credits: 'There is not as much credit.' });
  for (const credit of credits) await applyCredit(db, requirePartner(document), credit.amount, [credit.source]);
  const followUps = countUsed(
    document,
    credits.map(({ source }) => source),
  );
  return { open: document.open - amount, details: { amount }, followUps };
}

/** @throws Invalid unless something is open on a document with this number, and credit may pay it */
export async function findOpenInvoice(db: Knex.Transaction, document: Document, typed: string): Promise<Document> {
  const { organization_id } = document;
  const wrong = new Invalid({ invoice: 'Give the number of an open invoice of this customer.' });
  const found = await db('documents').where({ organization_id, number: typed.toUpperCase() }).first('id');
  if (!found) throw wrong;
  // It may be paid at the same time.
  await lockDocuments(db, organization_id, [found.id]);
  const invoice = await findDocument(db, systemActor(organization_id), found.id);
  const same =
    takesCredit(typeNamed(invoice.type)) &&
    invoice.partner_id === document.partner_id &&
    invoice.currency === document.currency;
  if (!same || invoice.open <= 0) throw wrong;
  return invoice;
}
