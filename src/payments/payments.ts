import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { send } from '../db/writing/transaction.js';
import type { Actor } from '../db/scope.js';
import { Conflict, Invalid, NotFound } from '../errors.js';
import { METHODS } from '../input/payment_methods.js';
import { addDays, today } from '../pages/days.js';
import { type Account, openAmount, postEntry } from './ledger.js';

/** A payment of one document: started at a gateway, then perhaps processing, in the end succeeded or failed. */
export interface Payment {
  organization_id: string;
  id: string;
  document_id: string;
  person_id: string | null;
  amount: number;
  currency: string;
  method: string;
  reference: string;
  /** `recorded`: by staff. */
  gateway: string;
  paid_on: string | null;
  state: 'started' | 'processing' | 'succeeded' | 'failed' | 'cancelled' | 'reversed';
}

type Payable = Account & { partial_payments: boolean };

/**
 * Starts a payment at the gateway, for all that is owed, or a part where the document allows it. An earlier attempt
 * that was not completed is cancelled: a document has one live attempt. Returns the gateway's page.
 * @throws Invalid by field.
 */
export async function startPayment(
  db: Knex.Transaction,
  actor: Actor,
  document: Payable,
  { amount: part, method }: { amount?: number | undefined; method: string },
) {
  const { organization_id, id: document_id, partner_id, currency } = document;
  const open = await openAmount(db, document);
  const amount = part ?? open;
  if (!Object.hasOwn(METHODS, method)) throw new Invalid({ method: 'Choose how to pay.' });
  if (amount > open) throw new Invalid({ amount: 'This is more than is owed.' });
  if (amount < open && !document.partial_payments) throw new Invalid({ amount: 'This invoice is paid as a whole.' });
  const earlier = db('payments').where({ organization_id, document_id, state: 'started' });
  await send(db, earlier.update({ state: 'cancelled' }));
  const id = newId();
  const payment = { organization_id, id, document_id, person_id: actor.person_id, amount, currency, method };
  await send(db, db('payments').insert({ ...payment, partner_id, gateway: 'sandbox', state: 'started' }));
  const redirect = `/sandbox/checkout/${organization_id}/${id}`;
  return { details: { payment: id, amount }, visible_to: 'staff' as const, redirect };
}

/** A payment of the document, locked until the transaction ends. @throws NotFound if it is another document's. */
export async function lockPayment(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Account,
  id: string,
): Promise<Payment> {
  const payment = await db('payments').where({ organization_id, document_id, id }).forUpdate().first();
  if (!payment) throw new NotFound();
  return payment;
}

/**
 * Records that a payment is processing, which cancels an attempt started since, or that it failed.
 * @throws Conflict if its state is past that (events come twice and in any order), or another payment is processing.
 */
export async function recordOutcome(
  db: Knex.Transaction,
  document: Account,
  state: 'processing' | 'failed',
  { payment: id, reason: failure = '' }: { payment: string; reason?: string | undefined },
) {
  const payment = await lockPayment(db, document, id);
  const from = state === 'processing' ? ['started', 'cancelled'] : ['started', 'cancelled', 'processing'];
  if (!from.includes(payment.state)) throw new Conflict(`This payment has already ${payment.state}.`);
  if (state === 'processing') await cancelOtherAttempts(db, payment);
  const reported = db('payments').where({ organization_id: payment.organization_id, id: payment.id });
  await send(db, reported.update({ state, failure }));
  return { details: { amount: payment.amount, method: payment.method } };
}

/** Keeps one live attempt for each document. @throws Conflict if another is processing. */
async function cancelOtherAttempts(db: Knex.Transaction, { organization_id, document_id, id }: Payment): Promise<void> {
  const others = db('payments').where({ organization_id, document_id }).whereNot({ id });
  if (await others.clone().where({ state: 'processing' }).first('id'))
    throw new Conflict('Another payment is on its way.');
  await others.where({ state: 'started' }).update({ state: 'cancelled' });
}

/**
 * Books money that arrived through the gateway. What exceeds the amount owed becomes the partner's credit. A failed
 * attempt may succeed after all: cards are declined, then accepted.
 * @throws Conflict if this payment has been booked before, be it reversed since
 */
export async function completePayment(db: Knex.Transaction, actor: Actor, document: Account, id: string) {
  const open = await openAmount(db, document);
  const payment = await lockPayment(db, document, id);
  if (payment.state === 'succeeded' || payment.state === 'reversed')
    throw new Conflict('This payment was booked before.');
  const paid_on = today(actor);
  const booked = db('payments').where({ organization_id: payment.organization_id, id: payment.id });
  await send(db, booked.update({ state: 'succeeded', failure: '', paid_on }));
  return bookPayment(db, document, { ...payment, paid_on }, open);
}

/** A payment that staff record. Amounts in minor units. */
interface RecordedPayment {
  amount: number;
  paid_on: string;
  method: string;
  reference?: string | undefined;
  /** What exceeds the amount owed becomes the partner's credit. */
  keep_credit?: boolean | undefined;
}

/** Books a payment that staff record. @throws Invalid if it is more than is owed, unless the rest is kept as credit */
export async function recordPayment(db: Knex.Transaction, actor: Actor, document: Account, recorded: RecordedPayment) {
  const open = await openAmount(db, document);
  if (recorded.amount > open && !recorded.keep_credit)
    throw new Invalid({ amount: 'This is more than is open. Correct it, or keep the rest as credit.' });
  return bookPayment(db, document, await insertPayment(db, actor, document, recorded), open);
}

type Booked = Pick<Payment, 'id' | 'amount' | 'method' | 'paid_on'>;

async function bookPayment(db: Knex.Transaction, document: Account, payment: Booked, open: number) {
  const { id: payment_id, amount, method, paid_on } = payment;
  const applied = Math.min(Math.max(0, open), amount);
  const credit = amount - applied;
  await postEntry(db, document, 'payment', -applied, { payment_id });
  await postEntry(db, document, 'payment', -credit, { payment_id, credit: true });
  const details = { payment: payment_id, amount, method, paid_on, ...(credit ? { credit } : {}) };
  return { open: open - applied, applied, details };
}

async function insertPayment(
  db: Knex.Transaction,
  actor: Actor,
  document: Account,
  { amount, paid_on, method, reference = '' }: RecordedPayment,
): Promise<Booked> {
  requirePaymentDay(actor, paid_on);
  const { organization_id, id: document_id, partner_id, currency } = document;
  const { person_id } = actor;
  const payment = { organization_id, id: newId(), document_id, person_id, amount, currency, method, paid_on };
  await send(db, db('payments').insert({ ...payment, partner_id, gateway: 'recorded', reference, state: 'succeeded' }));
  return payment;
}

const DAYS_BACK = 5 * 365;

/** @throws Invalid if money can't have been paid on this day: it is still to come, or lies years back */
export function requirePaymentDay(actor: Actor, paid_on: string): void {
  const day = today(actor);
  if (paid_on > day) throw new Invalid({ paid_on: 'This day is still to come.' });
  if (paid_on < addDays(day, -DAYS_BACK)) throw new Invalid({ paid_on: 'This day lies too far back.' });
}

/** Records what staff paid of a bill. @throws Invalid if that is more than is owed. */
export async function recordRemittance(db: Knex.Transaction, actor: Actor, bill: Account, recorded: RecordedPayment) {
  const owed = -(await openAmount(db, bill));
  if (recorded.amount > owed) throw new Invalid({ amount: 'This is more than is owed.' });
  const { id, amount } = await insertPayment(db, actor, bill, recorded);
  await postEntry(db, bill, 'payment', amount, { payment_id: id });
  return { open: owed - amount, details: { payment: id, amount } };
}
