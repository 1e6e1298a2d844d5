import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor } from '../db/scope.js';
import { Conflict, Invalid, NotFound } from '../errors.js';
import { type Account, openAmount, postEntry } from './ledger.js';

/** A payment of one document: `started` at a gateway, then on its way, and in the end succeeded or failed. */
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

/** The ways to pay that a partner can choose, by name. */
export const METHODS: Record<string, { label: string; explains: string }> = {
  card: { label: 'Card', explains: 'Paid at once.' },
  bank_debit: { label: 'Bank debit', explains: 'Takes a few days to arrive.' },
};

/**
 * Begins an attempt at the gateway. An earlier attempt that was not attachments out is cancelled: there is one live
 * attempt for each document. The amount is held against what is owed: all of it, or a part where the document allows
 * parts. Returns the gateway's page.
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
  const payment = {
    organization_id,
    id,
    partner_id,
    document_id,
    person_id: actor.person_id,
    amount,
    currency,
    method,
  };
  await db('payments').insert({ ...payment, gateway: 'sandbox', state: 'started' });
  return {
    details: { payment: id },
    visible_to: 'staff' as const,
    redirect: `/sandbox/checkout/${organization_id}/${id}`,
  };
}

/** A payment of the document, held until the transaction ends. @throws NotFound if it is another's. */
async function held(
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
 * It is on its way, or it did not go through. What is on its way takes the place of an attempt begun since.
 * @throws Conflict if more is known already (events come twice, and in any order), or if another is on its way.
 */
export async function recordOutcome(
  db: Knex.Transaction,
  document: Account,
  state: 'processing' | 'failed',
  answers: Answers,
) {
  const payment = await held(db, document, answers['payment']);
  const from = state === 'processing' ? ['started', 'cancelled'] : ['started', 'cancelled', 'processing'];
  if (!from.includes(payment.state)) throw new Conflict(`This payment has already ${payment.state}.`);
  if (state === 'processing') await makeWay(db, payment);
  const failure = typeof answers['reason'] === 'string' ? answers['reason'] : '';
  await db('payments').where({ organization_id: payment.organization_id, id: payment.id }).update({ state, failure });
  return { details: { amount: payment.amount, method: payment.method } };
}

/** One attempt lives for each document. @throws Conflict if that is another, on its way. */
async function makeWay(db: Knex.Transaction, { organization_id, document_id, id }: Payment): Promise<void> {
  const others = db('payments').where({ organization_id, document_id }).whereNot({ id });
  if (await others.clone().where({ state: 'processing' }).first('id'))
    throw new Conflict('Another payment is on its way.');
  await others.where({ state: 'started' }).update({ state: 'cancelled' });
}

/**
 * Money arrived: from the gateway (`payment` names the attempt) or as staff recorded it. It pays what is owed; what
 * is beyond that stays as the partner's credit. That an attempt failed before does not matter: cards are declined,
 * then accepted.
 * @throws Conflict if this payment has been booked before.
 */
export async function recordPayment(db: Knex.Transaction, actor: Actor, document: Account, answers: Answers) {
  const open = await openAmount(db, document);
  const payment = answers['payment']
    ? await arrived(db, document, answers)
    : await recorded(db, actor, document, answers, open);
  const applied = Math.min(open, payment.amount);
  await postEntry(db, document, 'payment', -applied, { payment_id: payment.id });
  await postEntry(db, document, 'payment', applied - payment.amount, { payment_id: payment.id, credit: true });
  return { open: open - applied, details: { payment: payment.id, amount: payment.amount, method: payment.method } };
}

async function arrived(db: Knex.Transaction, document: Account, answers: Answers): Promise<Payment> {
  const payment = await held(db, document, answers['payment']);
  if (payment.state === 'succeeded') throw new Conflict('This payment has already succeeded.');
  await db('payments')
    .where({ organization_id: payment.organization_id, id: payment.id })
    .update({ state: 'succeeded', failure: '', paid_on: db.raw('app_now()') });
  return payment;
}

async function recorded(
  db: Knex.Transaction,
  actor: Actor,
  document: Account,
  answers: Answers,
  open: number,
): Promise<Payment> {
  const amount = Number(answers['amount']);
  if (amount > open) throw new Invalid({ amount: 'This is more than is owed.' });
  const { organization_id, id: document_id, partner_id, currency } = document;
  const payment = {
    organization_id,
    id: newId(),
    document_id,
    person_id: actor.person_id,
    amount,
    currency,
    method: String(answers['method']),
  };
  const rest = {
    partner_id,
    gateway: 'recorded',
    reference: String(answers['reference'] ?? ''),
    paid_on: String(answers['paid_on']),
  };
  await db('payments').insert({ ...payment, ...rest, state: 'succeeded' });
  return { ...payment, state: 'succeeded' };
}

/** Staff paid a bill, whole or in part. @throws Invalid if that is more than is owed. */
export async function recordRemittance(db: Knex.Transaction, actor: Actor, bill: Account, answers: Answers) {
  const owed = -(await openAmount(db, bill));
  const payment = await recorded(db, actor, bill, answers, owed);
  await postEntry(db, bill, 'payment', payment.amount, { payment_id: payment.id });
  return { open: owed - payment.amount, details: { payment: payment.id, amount: payment.amount } };
}
