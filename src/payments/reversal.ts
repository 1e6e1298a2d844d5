import type { Knex } from 'knex';
import { send } from '../db/writing/transaction.js';
import { Conflict } from '../errors.js';
import { lockCredit } from './credits.js';
import { type Account, openAmount, postEntry } from './ledger.js';
import { lockPayment } from './payments.js';

interface Entry {
  amount: number;
  document_id: string | null;
  source_id: string | null;
}

/**
 * Takes back a payment that staff recorded by mistake: each of its entries is followed by its opposite. What it had paid
 * is open again. Money that was really paid back is a refund, which is another thing.
 * @throws Conflict if it was reversed before, came through a gateway, or its credit has been used
 */
export async function reversePayment(
  db: Knex.Transaction,
  document: Account,
  { payment: id, reason }: { payment: string; reason: string },
) {
  const payment = await lockPayment(db, document, id);
  if (payment.state === 'reversed') throw new Conflict('This payment was reversed before.');
  if (payment.state !== 'succeeded' || payment.gateway !== 'recorded')
    throw new Conflict('Only a payment that was recorded here can be reversed.');
  const { organization_id, amount, method, reference, paid_on } = payment;
  const entries: Entry[] = await db('ledger_entries')
    .where({ organization_id, payment_id: id })
    .select('amount', 'document_id', 'source_id');
  await requireUnused(db, document, entries);
  for (const { amount, document_id, source_id } of entries)
    await postEntry(db, document, 'reversal', -amount, { payment_id: id, credit: document_id === null, source_id });
  await send(db, db('payments').where({ organization_id, id }).update({ state: 'reversed', failure: reason }));
  const open = Math.abs(await openAmount(db, document));
  return { open, branch: await branchAfter(db, document, open), details: { amount, method, reference, paid_on } };
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
async function branchAfter(db: Knex.Transaction, { organization_id, id }: Account, open: number): Promise<string> {
  if (open === 0) return 'settled';
  const { paid } = await db('ledger_entries')
    .where({ organization_id, document_id: id })
    .whereIn('kind', ['payment', 'reversal', 'apply'])
    .first(db.raw('coalesce(sum(amount), 0)::bigint as paid'));
  return paid === 0 ? 'unpaid' : 'open';
}
