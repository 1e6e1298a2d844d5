import type { Knex } from 'knex';
import { Conflict } from '../errors.js';
import { lockCredit } from './ledger/credits.js';
import { type Account, openAmount, postEntry } from './ledger/ledger.js';
import { lockPart, movePart, type PaymentPart } from './payments.js';

interface Entry {
  kind: string;
  amount: number;
  document_id: string | null;
  source_id: string | null;
}

/**
 * Takes back a payment that staff recorded by mistake, or that its bank took back: each of its entries is followed by
 * its opposite. What it had paid is open again, on this document; `others` follow. Money that was really paid back is a
 * refund, which is another thing.
 * @throws Conflict if it was reversed before, or its credit has been used
 */
export async function reversePayment(
  db: Knex.Transaction,
  document: Account,
  { payment: id, reason }: { payment: string; reason: string },
) {
  const part = await lockPart(db, document, id);
  if (part.state === 'reversed') throw new Conflict('This payment was reversed before.');
  if (part.state !== 'succeeded') throw new Conflict('This payment has not arrived.');
  const others = await db('payment_parts')
    .where({ organization_id: document.organization_id, payment_id: id, state: 'succeeded' })
    .whereNot({ document_id: document.id })
    .orderBy('document_id')
    .pluck<string[]>('document_id');
  await reverseEntries(db, document, part, others.length === 0);
  await movePart(db, document, part, 'reversed', { failure: reason });
  const open = Math.abs(await openAmount(db, document));
  const { amount } = part;
  const { method, reference, paid_on, gateway } = part.payment;
  const details = { amount, method, reference, paid_on };
  return { open, branch: await branchAfter(db, document, open), details, others, gateway };
}

/**
 * The entries of this part; those of credit that belong to no document follow with the last part. Credit of the
 * partner's that was used with it stays used.
 */
async function reverseEntries(
  db: Knex.Transaction,
  document: Account,
  { payment }: PaymentPart,
  last: boolean,
): Promise<void> {
  const { organization_id, id } = document;
  const booked: Entry[] = await db('ledger_entries')
    .where({ organization_id, payment_id: payment.id })
    .select('kind', 'amount', 'document_id', 'source_id');
  const mine = booked.filter(({ document_id, source_id }) =>
    document_id === null && source_id === null ? last : (document_id ?? source_id) === id,
  );
  const sums = new Map<string, Entry>();
  for (const entry of mine) {
    const key = `${entry.document_id} ${entry.source_id}`;
    sums.set(key, { ...entry, amount: entry.amount + (sums.get(key)?.amount ?? 0) });
  }
  // Of what was paid back before, nothing is taken back.
  await requireUnused(db, document, [...sums.values()]);
  for (const { amount, document_id, source_id } of sums.values()) {
    const options = { payment_id: payment.id, credit: document_id === null, source_id };
    await postEntry(db, document, 'reversal', -amount, options);
  }
}

/** The credit that it gave must still be there. */
async function requireUnused(db: Knex.Transaction, document: Account, entries: readonly Entry[]): Promise<void> {
  const given = entries.filter(({ document_id }) => document_id === null);
  if (!given.length) return;
  const credits = await lockCredit(db, document);
  const left = (source: string | null) => credits.find(({ source_id }) => source_id === source)?.available ?? 0;
  if (given.some(({ amount, source_id }) => -amount > left(source_id)))
    throw new Conflict('The credit from this payment has been used, so that it can’t be reversed.');
}

/** Whether anything else has paid for the document. */
export async function branchAfter(
  db: Knex.Transaction,
  document: Account,
  open: number,
): Promise<'settled' | 'unpaid' | 'open'> {
  if (open === 0) return 'settled';
  return (await paidOf(db, document)) === 0 ? 'unpaid' : 'open';
}

/** What has paid for a document and was not given back. */
export async function paidOf(db: Knex.Transaction, { organization_id, id }: Account): Promise<number> {
  const { paid } = await db('ledger_entries')
    .where({ organization_id, document_id: id })
    .whereIn('kind', ['payment', 'reversal', 'apply', 'refund', 'discount'])
    .first(db.raw('coalesce(sum(amount), 0)::bigint as paid'));
  return paid;
}
