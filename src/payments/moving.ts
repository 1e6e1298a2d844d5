import type { Knex } from 'knex';
import { Conflict, Invalid } from '../errors.js';
import { type Account, openAmount, postEntry } from './ledger/ledger.js';
import { bookPart, lockPart } from './payments.js';
import { branchAfter } from './reversal.js';

/**
 * Takes a recorded payment off a document, for another one of which `open` is owed: `takeMoved` books it there.
 * @throws Conflict if it was reversed, came through a gateway, or left credit; Invalid if it is more than is owed there
 */
export async function moveTo(db: Knex.Transaction, from: Account, to: Account, open: number, payment_id: string) {
  const { payment, amount, state } = await lockPart(db, from, payment_id);
  if (state !== 'succeeded' || payment.gateway !== 'recorded')
    throw new Conflict('Only a payment that was recorded here can be moved.');
  const { organization_id, id: document_id } = from;
  const part = { organization_id, payment_id };
  const paid = -(await sumOfPart(db, from, payment_id));
  if (paid !== amount) throw new Conflict('A part of this payment is credit. Reverse it, and record it anew.');
  if (amount > open) throw new Invalid({ invoice: 'More was paid than is open on that invoice.' });
  if (
    await db('payment_parts')
      .where({ ...part, document_id: to.id })
      .first('payment_id')
  )
    throw new Conflict('This payment pays that invoice already.');
  await postEntry(db, from, 'reversal', amount, { payment_id });
  await db('payment_parts')
    .where({ ...part, document_id })
    .update({ document_id: to.id });
  const left = await openAmount(db, from);
  return { open: left, branch: await branchAfter(db, from, left), details: { amount, method: payment.method } };
}

async function sumOfPart(db: Knex.Transaction, { organization_id, id }: Account, payment_id: string): Promise<number> {
  const entries = db('ledger_entries').where({ organization_id, document_id: id, payment_id });
  return (await entries.first(db.raw('coalesce(sum(amount), 0)::bigint as paid')))?.paid ?? 0;
}

/** Books a payment that was moved to this document. */
export async function takeMoved(db: Knex.Transaction, document: Account, payment_id: string) {
  const open = await openAmount(db, document);
  const { open: left, details } = await bookPart(db, document, await lockPart(db, document, payment_id), open);
  return { open: left, details };
}
