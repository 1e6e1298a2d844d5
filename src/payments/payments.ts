import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor } from '../db/scope.js';
import { Conflict, Invalid, NotFound } from '../errors.js';
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
  state: 'started' | 'processing' | 'succeeded' | 'failed' | 'cancelled';
}

type Answers = Record<string, string | number>;
type Payable = Account & { partial_payments: boolean };

/** The payment methods that a partner can choose from. */
export const METHODS: Record<string, { label: string; explains: string }> = {
  card: { label: 'Card', explains: 'Paid at once.' },
  bank_debit: { label: 'Bank debit', explains: 'Takes a few days to arrive.' },
};

/**
 * Starts a payment at the gateway, for all that is owed, or a part where the document allows it. An earlier attempt
 * that was not completed is cancelled: a document has one live attempt. Returns the gateway's page.
 * @throws Invalid by field.
 */
export async function startPayment(db: Knex.Transaction, actor: Actor, document: Payable, answers: Answers) {
  const { organization_id, id: document_id, partner_id, currency } = document;
  const amount = Number(answers['amount']);
  const method = String(answers['method']);
  const open = await openAmount(db, document);
  if (!Object.hasOwn(METHODS, method)) throw new Invalid({ method: 'Choose how to pay.' });
  if (amount > open) throw new Invalid({ amount: 'This is more than is owed.' });
  if (amount < open && !document.partial_payments) throw new Invalid({ amount: 'This invoice is paid as a whole.' });
  await db('payments').where({ organization_id, document_id, state: 'started' }).update({ state: 'cancelled' });
  const id = newId();
  const payment = { organization_id, id, document_id, person_id: actor.person_id, amount, currency, method };
  await db('payments').insert({ ...payment, partner_id, gateway: 'sandbox', state: 'started' });
  const redirect = `/sandbox/checkout/${organization_id}/${id}`;
  return { details: { payment: id }, visible_to: 'staff' as const, redirect };
}

/** A payment of the document, locked until the transaction ends. @throws NotFound if it is another document's. */
async function lockPayment(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Account,
  id: unknown,
): Promise<Payment> {
  const payment = await db('payments')
    .where({ organization_id, document_id, id: String(id) })
    .forUpdate()
    .first();
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
  answers: Answers,
) {
  const payment = await lockPayment(db, document, answers['payment']);
  const from = state === 'processing' ? ['started', 'cancelled'] : ['started', 'cancelled', 'processing'];
  if (!from.includes(payment.state)) throw new Conflict(`This payment has already ${payment.state}.`);
  if (state === 'processing') await cancelOtherAttempts(db, payment);
  const failure = typeof answers['reason'] === 'string' ? answers['reason'] : '';
  await db('payments').where({ organization_id: payment.organization_id, id: payment.id }).update({ state, failure });
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
 * Books money that arrived through the gateway (the `payment` attempt) or that staff recorded. What exceeds the amount
 * owed becomes the partner's credit. A failed attempt may succeed after all: cards are declined, then accepted.
 * @throws Conflict if this payment has been booked before; Invalid if staff record more than is owed.
 */
export async function recordPayment(db: Knex.Transaction, actor: Actor, document: Account, answers: Answers) {
  const open = await openAmount(db, document);
  const payment = answers['payment']
    ? await completePayment(db, document, answers)
    : await insertPayment(db, actor, document, answers, open);
  const applied = Math.min(open, payment.amount);
  await postEntry(db, document, 'payment', -applied, { payment_id: payment.id });
  await postEntry(db, document, 'payment', applied - payment.amount, { payment_id: payment.id, credit: true });
  return { open: open - applied, details: { payment: payment.id, amount: payment.amount, method: payment.method } };
}

async function completePayment(db: Knex.Transaction, document: Account, answers: Answers): Promise<Payment> {
  const payment = await lockPayment(db, document, answers['payment']);
  if (payment.state === 'succeeded') throw new Conflict('This payment has already succeeded.');
  await db('payments')
    .where({ organization_id: payment.organization_id, id: payment.id })
    .update({ state: 'succeeded', failure: '', paid_on: db.raw('app_now()') });
  return payment;
}

async function insertPayment(
  db: Knex.Transaction,
  actor: Actor,
  document: Account,
  answers: Answers,
  open: number,
): Promise<Payment> {
  const amount = Number(answers['amount']);
  if (amount > open) throw new Invalid({ amount: 'This is more than is owed.' });
  const { organization_id, id: document_id, partner_id, currency } = document;
  const { person_id } = actor;
  const method = String(answers['method']);
  const payment = { organization_id, id: newId(), document_id, person_id, amount, currency, method };
  const reference = String(answers['reference'] ?? '');
  const paid_on = String(answers['paid_on']);
  await db('payments').insert({ ...payment, partner_id, gateway: 'recorded', reference, paid_on, state: 'succeeded' });
  return { ...payment, state: 'succeeded' };
}

/** Records what staff paid of a bill. @throws Invalid if that is more than is owed. */
export async function recordRemittance(db: Knex.Transaction, actor: Actor, bill: Account, answers: Answers) {
  const owed = -(await openAmount(db, bill));
  const payment = await insertPayment(db, actor, bill, answers, owed);
  await postEntry(db, bill, 'payment', payment.amount, { payment_id: payment.id });
  return { open: owed - payment.amount, details: { payment: payment.id, amount: payment.amount } };
}
