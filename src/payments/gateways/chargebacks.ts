import type { Knex } from 'knex';
import { Conflict } from '../../errors.js';
import type { Account } from '../ledger/ledger.js';
import { lockPart } from '../payments.js';

/**
 * Notes that a payment is disputed, or that the dispute was won. No money moves by it here: what is lost is taken back.
 * @throws Conflict if the same was told before
 */
export async function noteChargeback(
  db: Knex.Transaction,
  document: Account,
  action: string,
  { payment, reason }: { payment: string; reason?: string | undefined },
) {
  const { organization_id, id: subject_id } = document;
  const part = await lockPart(db, document, payment);
  const told = await db('activities')
    .where({ organization_id, subject_id, action })
    .whereRaw(`details->>'payment' = ?`, [payment])
    .first('id');
  if (told) throw new Conflict('This dispute was recorded before.');
  return { details: { payment, amount: part.amount, method: part.payment.method, ...(reason ? { reason } : {}) } };
}
