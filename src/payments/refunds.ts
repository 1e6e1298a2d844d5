import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { addJob } from '../db/jobs.js';
import type { Actor } from '../db/scope.js';
import { Conflict, Invalid, NotFound } from '../errors.js';
import { lockCredit } from './ledger/credits.js';
import { type Account, openAmount, postEntry } from './ledger/ledger.js';
import { lockPart } from './payments.js';
import { branchAfter, paidOf } from './reversal.js';

/** Money to pay back. Amounts in minor units. */
interface AskedRefund {
  payment: string;
  amount: number;
  reason: string;
  reopen?: boolean | undefined;
}

/** The document of a refund. `prepaid`: what is paid of it is credit. */
type Refundable = Account & { prepaid: boolean; state: string };

/**
 * Asks the gateway that a payment came through to pay back some or all of it; what staff paid back themselves is
 * recorded at once. @throws Invalid if that is more than is left of it, Conflict if it has not arrived
 */
export async function askRefund(
  db: Knex.Transaction,
  { person_id }: Actor,
  document: Refundable,
  { payment: payment_id, amount, reason, reopen = false }: AskedRefund,
) {
  const { organization_id, id: document_id } = document;
  const part = await lockPart(db, document, payment_id);
  if (part.state !== 'succeeded') throw new Conflict('This payment has not arrived.');
  const left = await refundable(db, document, payment_id);
  if (amount > left.credit + left.retained + left.applied - left.asked)
    throw new Invalid({ amount: 'This is more than is left of it.' });
  const id = newId();
  const asked = { organization_id, id, payment_id, document_id, person_id, amount, reason, reopen, state: 'asked' };
  await db('refunds').insert(asked);
  const recorded = part.payment.gateway === 'recorded';
  if (!recorded) await addJob(db, 'refund_payment', { organization_id, refund_id: id });
  return { details: { refund: id, amount }, refund: id, recorded };
}

/** What of a payment can be paid back, by where it went. Amounts in minor units. */
interface Left {
  /** Credit without a source, since more was paid than was owed, and credit of a retainer: as far as it is unused. */
  credit: number;
  retained: number;
  /** What pays the document. */
  applied: number;
  /** Of all that, what is being paid back already. */
  asked: number;
}

async function refundable(db: Knex.Transaction, document: Refundable, payment_id: string): Promise<Left> {
  const { organization_id, id: document_id, prepaid } = document;
  const of = { organization_id, payment_id };
  const entries: { document_id: string | null; source_id: string | null; sum: number }[] = await db('ledger_entries')
    .where(of)
    .groupBy('document_id', 'source_id')
    .select('document_id', 'source_id', db.raw('-sum(amount)::bigint as sum'));
  const credits = await lockCredit(db, document);
  const unused = (source: string | null) => {
    const given = entries.find((one) => one.document_id === null && one.source_id === source)?.sum ?? 0;
    return Math.max(0, Math.min(given, credits.find(({ source_id }) => source_id === source)?.available ?? 0));
  };
  const refunds = db('refunds').where({ ...of, document_id, state: 'asked' });
  const asked = await refunds.first(db.raw('coalesce(sum(amount), 0)::bigint as sum'));
  const applied = entries.find((one) => one.document_id === document_id)?.sum ?? 0;
  return {
    ...{ credit: unused(null), retained: prepaid ? unused(document_id) : 0 },
    ...{ applied: prepaid ? 0 : Math.max(0, applied), asked: asked?.sum ?? 0 },
  };
}

/**
 * Books what was paid back. What the payment left as credit goes first; the rest is not owed any more, unless it is to
 * be paid again. Credit that was used meanwhile is owed.
 * @throws Conflict if it was booked before
 */
export async function bookRefund(db: Knex.Transaction, document: Refundable, id: string) {
  const { payment_id, amount, reopen, reason } = await settleRefund(db, document, id, { state: 'succeeded' });
  const left = await refundable(db, document, payment_id);
  const credit = Math.min(amount, left.credit);
  const retained = Math.min(amount - credit, left.retained);
  const rest = amount - credit - retained;
  await postEntry(db, document, 'refund', credit, { payment_id, credit: true });
  await postEntry(db, document, 'refund', retained, { payment_id, credit: true, source_id: document.id });
  await postEntry(db, document, 'refund', rest, { payment_id });
  const given_up = reopen ? 0 : Math.min(rest, left.applied);
  await postEntry(db, document, 'write_off', -given_up);
  const open = await openAmount(db, document);
  const details = { payment: payment_id, amount, reason, ...(given_up ? { given_up } : {}) };
  return { open, branch: await branchOf(db, document, open), details };
}

/** Of which nothing is paid any more, and nothing owed, is closed; so is what was closed before. */
async function branchOf(db: Knex.Transaction, document: Refundable, open: number) {
  if (open !== 0) return branchAfter(db, document, open);
  return document.state === 'written_off' || (await paidOf(db, document)) === 0 ? 'closed' : 'settled';
}

/** Notes that the gateway could not pay back. @throws Conflict if that was told before */
export async function failRefund(db: Knex.Transaction, document: Account, id: string, failure: string) {
  const { amount } = await settleRefund(db, document, id, { state: 'failed', failure });
  return { details: { amount } };
}

async function settleRefund(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Account,
  id: string,
  settled: { state: 'succeeded' | 'failed'; failure?: string },
) {
  const refund = await db('refunds').where({ organization_id, document_id, id }).forUpdate().first();
  if (!refund) throw new NotFound();
  if (refund.state !== 'asked') throw new Conflict('This refund was settled before.');
  await db('refunds').where({ organization_id, id }).update(settled);
  return refund;
}
