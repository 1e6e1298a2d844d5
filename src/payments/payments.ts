import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { addJob } from '../db/jobs.js';
import { send } from '../db/writing/transaction.js';
import type { Actor } from '../db/scope.js';
import { Conflict, Invalid, NotFound } from '../errors.js';
import { today } from '../pages/days.js';
import {
  type AppliedCredit,
  applyReserved,
  requireCreditUse,
  type ReservedCredit,
  reserveCredit,
} from './ledger/credits.js';
import { type Account, openAmount, postEntry } from './ledger/ledger.js';
import { chosenMethod } from './methods/chosen_method.js';

type PaymentState = 'started' | 'processing' | 'succeeded' | 'failed' | 'cancelled' | 'reversed';

/** Money that pays one document or several: started at a gateway, then perhaps processing, in the end succeeded or failed. */
export interface Payment {
  organization_id: string;
  id: string;
  partner_id: string;
  person_id: string | null;
  amount: number;
  currency: string;
  method: string;
  reference: string;
  /** `recorded`: by staff. */
  gateway: string;
  gateway_reference: string;
  paid_on: string | null;
  state: PaymentState;
}

/** A payment, and its money for one document. */
export interface PaymentPart {
  payment: Payment;
  amount: number;
  state: PaymentState;
}

type Payable = Account & { partial_payments: boolean; type: string };

/** What of a document is paid. Amounts in minor units. */
interface StartedPart {
  /** Money; left out: all that is open, but for the credit. */
  amount?: number | undefined;
  /** Left out with a stored one. */
  method?: string | undefined;
  /** A stored method of the partner that is charged. */
  stored?: string | undefined;
  /** Credit of the partner that is used with it. */
  credits?: ReservedCredit[] | undefined;
  /** A payment of other documents that this one joins, begun in the same transaction. */
  payment?: string | undefined;
}

/**
 * Starts a payment of the document, for all that is owed, or a part where the document allows it. An earlier attempt
 * that was not completed is cancelled: a document has one live attempt.
 * @throws Invalid by field
 */
export async function startPayment(
  db: Knex.Transaction,
  actor: Actor,
  document: Payable,
  { amount: part, credits = [], payment: joined, ...chosen }: StartedPart,
) {
  const open = await openAmount(db, document);
  const credit = credits.reduce((sum, { amount }) => sum + amount, 0);
  const amount = part ?? Math.max(0, open - credit);
  if (credits.length) requireCreditUse(actor, document);
  const method = await chosenMethod(db, actor, document, chosen);
  if (amount === 0 && !joined) throw new Invalid({ amount: 'Give an amount above zero.' });
  if (amount + credit > open) throw new Invalid({ amount: 'This is more than is owed.' });
  if (amount + credit < open && !document.partial_payments)
    throw new Invalid({ amount: 'This invoice is paid as a whole.' });
  await cancelAttempts(db, document);
  const id = joined ? await joinPayment(db, actor, document, { id: joined, ...method }, amount) : newId();
  if (!joined) await insertStarted(db, actor, document, { id, amount, ...method });
  // Charged once this is committed, whatever becomes of this process.
  if (!joined && method.stored_id)
    await addJob(db, 'charge_stored', { organization_id: document.organization_id, payment_id: id });
  await insertPart(db, document, id, amount, 'started');
  await reserveCredit(db, document, id, credits);
  const details = { payment: id, amount, ...(credit ? { credit_used: credit } : {}) };
  return { details, visible_to: 'staff' as const, payment_id: id };
}

async function insertStarted(
  db: Knex.Transaction,
  { person_id }: Actor,
  { organization_id, partner_id, currency, type: kind }: Payable,
  started: { id: string; amount: number; method: string; stored_id: string | null },
): Promise<void> {
  const { gateway } = await db('organizations').where({ id: organization_id }).first('gateway');
  const payment = { ...started, gateway, organization_id, partner_id, currency, kind, person_id, state: 'started' };
  await send(db, db('payments').insert(payment));
}

/** @throws NotFound unless it is the same person's, just begun, in the same currency and by the same method */
async function joinPayment(
  db: Knex.Transaction,
  { person_id }: Actor,
  { organization_id, partner_id, currency }: Payable,
  begun: { id: string; method: string; stored_id: string | null },
  amount: number,
): Promise<string> {
  const joined = db('payments').where({ ...begun, organization_id, partner_id, currency, person_id, state: 'started' });
  if (!(await joined.whereRaw('created_at = app_now()').increment('amount', amount))) throw new NotFound();
  return begun.id;
}

/** Notes that a payment pays a document. */
export async function insertPart(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Account,
  payment_id: string,
  amount: number,
  state: PaymentState,
): Promise<void> {
  await send(db, db('payment_parts').insert({ organization_id, payment_id, document_id, amount, state }));
}

/**
 * Cancels attempts on the document that were started and not completed, as a whole.
 * @throws Conflict if a stored method is being charged, which no page can end
 */
async function cancelAttempts(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Account,
  except: string | null = null,
): Promise<void> {
  const started = await db('payment_parts')
    .where({ organization_id, document_id, state: 'started' })
    .whereRaw('payment_id is distinct from ?::uuid', [except])
    .pluck<string[]>('payment_id');
  const charged = db('payments').where({ organization_id, state: 'started' }).whereIn('id', started);
  if (started.length && (await charged.whereNotNull('stored_id').first('id')))
    throw new Conflict('Another payment is on its way.');
  for (const id of started) await cancelStarted(db, { organization_id, id });
}

/** Cancels a payment that its payer left. False if it was not just started. */
export async function cancelStarted(
  db: Knex.Transaction,
  { organization_id, id }: Pick<Payment, 'organization_id' | 'id'>,
): Promise<boolean> {
  const started = await db('payments').where({ organization_id, id, state: 'started' }).forUpdate().first('id');
  if (!started) return false;
  await movePayment(db, { organization_id, id }, { state: 'cancelled' });
  await db('payment_parts').where({ organization_id, payment_id: id, state: 'started' }).update({ state: 'cancelled' });
  return true;
}

const movePayment = (
  db: Knex.Transaction,
  { organization_id, id }: Pick<Payment, 'organization_id' | 'id'>,
  changed: Partial<Pick<Payment, 'state' | 'paid_on'>> & { failure?: string },
) => db('payments').where({ organization_id, id }).update(changed);

/** A payment of the document, locked until the transaction ends. @throws NotFound if it pays other documents */
export async function lockPart(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Account,
  payment_id: string,
): Promise<PaymentPart> {
  const payment = await db('payments').where({ organization_id, id: payment_id }).forUpdate().first();
  const part = await db('payment_parts').where({ organization_id, payment_id, document_id }).forUpdate().first();
  if (!payment || !part) throw new NotFound();
  return { payment, amount: part.amount, state: part.state };
}

/** Moves a part of a payment, and the payment with it. */
export async function movePart(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Account,
  { payment }: PaymentPart,
  state: PaymentState,
  changed: { paid_on?: string; failure?: string } = {},
): Promise<void> {
  const part = db('payment_parts').where({ organization_id, payment_id: payment.id, document_id });
  await send(db, part.update({ state }));
  await send(db, movePayment(db, payment, { state, ...changed }));
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
  const part = await lockPart(db, document, id);
  const from = state === 'processing' ? ['started', 'cancelled'] : ['started', 'cancelled', 'processing'];
  if (!from.includes(part.state)) throw new Conflict(`This payment has already ${part.state}.`);
  if (state === 'processing') await keepOneAttempt(db, document, id);
  await movePart(db, document, part, state, { failure });
  return { details: { amount: part.amount, method: part.payment.method } };
}

/** @throws Conflict if another payment of the document is processing */
async function keepOneAttempt(db: Knex.Transaction, document: Account, id: string): Promise<void> {
  const { organization_id, id: document_id } = document;
  const other = db('payment_parts').where({ organization_id, document_id, state: 'processing' });
  if (await other.whereNot({ payment_id: id }).first('payment_id'))
    throw new Conflict('Another payment is on its way.');
  await cancelAttempts(db, document, id);
}

/** What came of booking a part of a payment. */
export interface BookedPart {
  /** What is owed on the document afterwards. */
  open: number;
  /** What of the money paid the document; the rest became credit. */
  applied: number;
  /** The credit that was used with it. */
  credits: AppliedCredit[];
  details: Record<string, unknown>;
}

/**
 * Books money that arrived through the gateway, and uses the credit that was reserved with it, as far as it is still
 * there and owed. What exceeds the amount owed becomes the partner's credit. A failed attempt may succeed after all:
 * cards are declined, then accepted.
 * @throws Conflict if this payment has been booked before, be it reversed since
 */
export async function completePayment(
  db: Knex.Transaction,
  actor: Actor,
  document: Account,
  id: string,
): Promise<BookedPart> {
  const open = await openAmount(db, document);
  const part = await lockPart(db, document, id);
  if (part.state === 'succeeded' || part.state === 'reversed') throw new Conflict('This payment was booked before.');
  const paid_on = part.payment.paid_on ?? today(actor);
  await movePart(db, document, part, 'succeeded', { failure: '', paid_on });
  return bookPart(db, document, { ...part, payment: { ...part.payment, paid_on } }, open);
}

/** Appends a part's entries to the ledger. */
export async function bookPart(
  db: Knex.Transaction,
  document: Account,
  { payment, amount }: Pick<PaymentPart, 'payment' | 'amount'>,
  open: number,
): Promise<BookedPart> {
  const { id: payment_id, method, paid_on } = payment;
  const applied = Math.min(Math.max(0, open), amount);
  const kept = amount - applied;
  await postEntry(db, document, 'payment', -applied, { payment_id });
  await postEntry(db, document, 'payment', -kept, { payment_id, credit: true });
  // Staff record money alone.
  const recorded = payment.gateway === 'recorded';
  const credits = recorded ? [] : await applyReserved(db, document, payment_id, open - applied);
  const used = credits.reduce((sum, { amount }) => sum + amount, 0);
  const details = { payment: payment_id, amount, method, paid_on };
  const extra = { ...(kept ? { credit: kept } : {}), ...(used ? { credit_used: used } : {}) };
  return { open: open - applied - used, applied, credits, details: { ...details, ...extra } };
}

/** The documents that a payment pays, and with how much money and credit each. */
export const partsOf = (
  db: Knex.Transaction,
  organization_id: string,
  payment_id: string,
): Promise<{ number: string; amount: number }[]> =>
  db('payment_parts as x')
    .join('documents as d', (on) => on.on('d.organization_id', 'x.organization_id').on('d.id', 'x.document_id'))
    .where({ 'x.organization_id': organization_id, 'x.payment_id': payment_id })
    .orderBy('d.number')
    .select('d.number', 'x.amount');
