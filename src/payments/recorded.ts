import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';
import { Invalid, NotFound } from '../errors.js';
import { addDays, today } from '../pages/days.js';
import { type Account, openAmount, postEntry } from './ledger/ledger.js';
import { bookPart, type BookedPart, insertPart, type Payment } from './payments.js';

/** A payment that staff record. Amounts in minor units. */
interface RecordedPayment {
  amount: number;
  paid_on: string;
  method: string;
  reference?: string | undefined;
  /** What exceeds the amount owed becomes the partner's credit. */
  keep_credit?: boolean | undefined;
  /** By a run: what is deducted of a bill that is paid early. */
  discount?: number | undefined;
  /** By a run: the payment of other bills of the vendor's that this is a part of, of the same transaction. */
  payment?: string | undefined;
}

type Paid = Account & { type: string };

/** Books a payment that staff record. @throws Invalid if it is more than is owed, unless the rest is kept as credit */
export async function recordPayment(
  db: Knex.Transaction,
  actor: Actor,
  document: Paid,
  recorded: RecordedPayment,
): Promise<BookedPart> {
  const open = await openAmount(db, document);
  if (recorded.amount > open && !recorded.keep_credit)
    throw new Invalid({ amount: 'This is more than is open. Correct it, or keep the rest as credit.' });
  const payment = await insertRecorded(db, actor, document, recorded);
  return bookPart(db, document, { payment, amount: recorded.amount }, open);
}

/** Records what staff paid of a bill. @throws Invalid if that is more than is owed. */
export async function recordRemittance(db: Knex.Transaction, actor: Actor, bill: Paid, recorded: RecordedPayment) {
  const owed = -(await openAmount(db, bill));
  const { amount, discount = 0 } = recorded;
  const settled = amount + discount;
  if (settled > owed) throw new Invalid({ amount: 'This is more than is owed.' });
  const { id } = await insertRecorded(db, actor, bill, recorded);
  await postEntry(db, bill, 'payment', amount, { payment_id: id });
  await postEntry(db, bill, 'discount', discount, { payment_id: id });
  return { open: owed - settled, details: { payment: id, amount } };
}

async function insertRecorded(
  db: Knex.Transaction,
  actor: Actor,
  document: Paid,
  { amount, paid_on, method, reference = '', payment: joined }: RecordedPayment,
): Promise<Payment> {
  requirePaymentDay(actor, paid_on);
  const { organization_id, partner_id, currency, type: kind } = document;
  const { person_id } = actor;
  const same = { organization_id, partner_id, currency, gateway: 'recorded', paid_on, method, reference };
  const payment: Payment = {
    ...{ ...same, id: joined ?? newId(), person_id, amount },
    ...{ state: 'succeeded', gateway_reference: '' },
  };
  if (!joined) await send(db, db('payments').insert({ ...payment, kind }));
  else if (
    !(await db('payments')
      .where({ ...same, id: joined })
      .whereRaw('created_at = app_now()')
      .increment('amount', amount))
  )
    throw new NotFound();
  await insertPart(db, document, payment.id, amount, 'succeeded');
  return payment;
}

const DAYS_BACK = 5 * 365;

/** @throws Invalid if money can't have been paid on this day: it is still to come, or lies years back */
export function requirePaymentDay(actor: Actor, paid_on: string): void {
  const day = today(actor);
  if (paid_on > day) throw new Invalid({ paid_on: 'This day is still to come.' });
  if (paid_on < addDays(day, -DAYS_BACK)) throw new Invalid({ paid_on: 'This day lies too far back.' });
}
