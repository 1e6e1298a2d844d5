import type { Knex } from 'knex';
import { z } from 'zod';
import { act } from '../../act.js';
import { record } from '../../activity/record.js';
import { type Actor, systemActor } from '../../db/scope.js';
import { endRun, lockRun, type PaymentRun } from '../../documents/payment_runs/payment_run.js';
import { referenceOf } from '../../documents/payment_runs/run_order.js';
import { TRANSFER } from '../../input/payment_methods.js';
import { queueRemittances } from '../../mail/messages/remittance/queue_remittances.js';
import { requirePaymentDay } from '../../payments/recorded.js';

interface PaidBill {
  document_id: string;
  position: number;
  amount: number;
  discount: number;
}

/**
 * Records that the bank has paid a run: one payment for each vendor, each bill through the one door, all in the caller's
 * transaction. Each vendor gets one remittance. @throws NotFound; Conflict if it has ended; Invalid
 */
export async function recordRun(db: Knex.Transaction, actor: Actor, id: string, paid_on: string): Promise<void> {
  requirePaymentDay(actor, paid_on);
  const run = await lockRun(db, actor, id, 'open', 'exported');
  const { organization_id, number, currency } = run;
  const bills: PaidBill[] = await db('payment_run_bills')
    .where({ organization_id, run_id: id })
    .orderBy(['position', 'document_id'])
    .select('document_id', 'position', 'amount', 'discount');
  const payments = new Map<number, string>();
  for (const bill of bills) payments.set(bill.position, await pay(db, actor, run, bill, paid_on, payments));
  await endRun(db, actor, run, { state: 'recorded', paid_on });
  const amount = bills.reduce((sum, { amount }) => sum + amount, 0);
  const details = { run: id, number, amount, currency, payments: payments.size };
  await record(db, actor, { action: 'record_payment_run', details, visible_to: 'staff' });
  await queueRemittances(db, actor, [...payments.values()]);
}

/** Pays a bill, with what else its vendor is paid. Returns the payment's id. */
async function pay(
  db: Knex.Transaction,
  actor: Actor,
  run: PaymentRun,
  { document_id, position, amount, discount }: PaidBill,
  paid_on: string,
  payments: ReadonlyMap<number, string>,
): Promise<string> {
  const { organization_id, time_zone, organization_zone, person_id, now } = { ...actor, ...run };
  const by = { ...systemActor(organization_id, person_id, now), time_zone, organization_zone };
  const payment = payments.get(position);
  const paid = { amount, discount, paid_on, method: TRANSFER, reference: referenceOf(run, position) };
  const done = await act(db, by, document_id, 'pay_by_run', { ...paid, ...(payment ? { payment } : {}) });
  const activity = await db('activities').where({ organization_id, id: done.activity_id }).first('details');
  const payment_id = z.uuid().parse(activity?.details.payment);
  await db('payment_run_bills').where({ organization_id, run_id: run.id, document_id }).update({ payment_id });
  return payment_id;
}
