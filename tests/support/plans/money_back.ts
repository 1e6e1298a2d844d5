import type { Knex } from 'knex';
import { act } from '../../../src/act.js';
import { newId } from '../../../src/db/ids.js';
import { systemActor, withActor } from '../../../src/db/scope.js';
import { actorAt, entry, type Stage } from '../../../src/demo/story/stage.js';
import { createDocument } from '../../../src/documents/drafts/create.js';
import { handleGatewayEvent } from '../../../src/jobs/gateways/gateway_events.js';
import type { PaymentEvent } from '../../../src/payments/gateways/gateway.js';
import { day } from '../days.js';
import type { Portal } from '../portal.js';
import type { PlanLog } from './plan_log.js';

/** What the invoices of `sendBack` are called: two are open in the end, each of more than any credit would pay. */
export const HALL = 'Grand hall';

const WHY = { reason: 'A mistake' };

interface Invoice {
  id: string;
  number: string;
  total: number;
}

/** What was paid moves to another invoice, is paid back, disputed, and taken back by the bank. */
export async function sendBack({ knex, look }: Portal, log: PlanLog, stage: Stage): Promise<void> {
  const olivia = actorAt(stage, 'olivia', new Date());
  log.doing = 'send what is paid back later';
  const [first, second, third] = [await sent(knex, stage), await sent(knex, stage), await sent(knex, stage)];
  const paid = { amount: second.total, paid_on: day(-1), method: 'Bank transfer' };
  await act(knex, olivia, first.id, 'record_payment', paid);
  log.doing = '';
  const { payment_id: payment } = await look(stage.organization_id, (db) =>
    db('payment_parts').where({ document_id: first.id }).first('payment_id'),
  );
  log.doing = 'move_payment';
  await act(knex, olivia, first.id, 'move_payment', { payment, invoice: second.number, ...WHY });
  log.doing = 'refund_payment, by staff';
  await act(knex, olivia, second.id, 'refund_payment', { payment, amount: 4000, ...WHY, reopen: true });
  log.doing = 'use_credit';
  const credits = [{ source: null, amount: 4000 }];
  await act(knex, actorAt(stage, 'maya', new Date()), second.id, 'use_credit', { amount: 4000, credits });
  await takenBack(knex, log, stage, [first, third]);
  await voidedMeanwhile(knex, log, stage, await sent(knex, stage));
  const { id } = await sent(knex, stage);
  log.doing = 'apply_credit';
  await act(knex, olivia, id, 'apply_credit', { amount: 1000 });
  await waiveCharges(knex, log, stage);
  await sent(knex, stage);
  await sent(knex, stage);
}

/** A late invoice is reminded of, which costs a fee, and staff waive that. */
async function waiveCharges(knex: Knex, log: PlanLog, stage: Stage): Promise<void> {
  const { organization_id } = stage;
  const [olivia, system] = [actorAt(stage, 'olivia', new Date()), systemActor(organization_id)];
  log.doing = '';
  const fee = { organization_id, step: 'first', currency: 'USD', amount: 500 };
  await withActor(knex, olivia, (db) => db('late_fees').insert(fee));
  const late = await sent(knex, stage, { title: 'Late hall', issued_on: day(-30), due_on: day(-2) });
  log.doing = 'remind, with a fee';
  await act(knex, system, late.id, 'remind');
  log.doing = '';
  const charge = await withActor(knex, olivia, (db) => db('documents').where({ origin_id: late.id }).first('id'));
  log.doing = 'waive';
  await act(knex, olivia, charge.id, 'waive', WHY);
}

async function sent(knex: Knex, stage: Stage, other: object = {}): Promise<Invoice> {
  const [olivia, maya] = ['olivia', 'maya'].map((name) => actorAt(stage, name, new Date()));
  if (!olivia || !maya) throw new Error('Somebody is missing.');
  const content = {
    ...{ title: HALL, issued_on: day(0), due_on: day(9), recipients: [maya.person_id], ...other },
    lines: [{ description: 'Hall', unit_price: '300000' }],
  };
  const partner_id = entry(stage.partners, 'maple');
  const id = await createDocument(knex, olivia, 'invoice', partner_id, { currency: 'USD', content });
  await act(knex, olivia, id, 'send');
  return withActor(knex, olivia, (db) => db('documents').where({ id }).first('id', 'number', 'total'));
}

/** What a gateway tells of a payment, which must change something. */
const teller =
  (knex: Knex, log: PlanLog, paid: Omit<PaymentEvent, 'id' | 'type'>) => async (type: PaymentEvent['type']) => {
    log.doing = type;
    if (!(await handleGatewayEvent(knex, { id: newId(), type, ...paid }))) throw new Error(`${type} changed nothing.`);
  };

/** Money that arrives after its invoice was voided, and that its bank takes back. */
async function voidedMeanwhile(knex: Knex, log: PlanLog, stage: Stage, invoice: Invoice): Promise<void> {
  log.doing = 'pay what is voided meanwhile';
  const { payment_id } = await act(knex, actorAt(stage, 'maya', new Date()), invoice.id, 'pay', { method: 'card' });
  await act(knex, actorAt(stage, 'olivia', new Date()), invoice.id, 'void', WHY);
  const { organization_id } = stage;
  const paid = { organization_id, payment_id: payment_id ?? '', amount: invoice.total, currency: 'USD', reason: '' };
  const tell = teller(knex, log, paid);
  await tell('payment.succeeded');
  log.doing = 'refund what came too late';
  const olivia = actorAt(stage, 'olivia', new Date());
  const asked = { payment: paid.payment_id, amount: 1000, ...WHY };
  await act(knex, olivia, invoice.id, 'refund_payment', asked);
  log.doing = '';
  const refund = await withActor(knex, olivia, (db) =>
    db('refunds').where({ payment_id: paid.payment_id }).first('id'),
  );
  log.doing = 'refund.succeeded';
  await handleGatewayEvent(knex, {
    ...{ id: newId(), type: 'refund.succeeded', organization_id, refund_id: refund.id, reason: '' },
  });
  await tell('payment.returned');
}

/** Paid together online; the bank's word decides over both. */
async function takenBack(knex: Knex, log: PlanLog, stage: Stage, [first, other]: [Invoice, Invoice]): Promise<void> {
  const { organization_id } = stage;
  const maya = actorAt(stage, 'maya', new Date());
  log.doing = 'pay two invoices';
  const payment_id = await withActor(knex, maya, async (db) => {
    const { payment_id: payment } = await act(db, maya, first.id, 'pay', { method: 'card' });
    if (!payment) throw new Error('Nothing was begun.');
    await act(db, maya, other.id, 'pay', { method: 'card', payment });
    return payment;
  });
  const paid = { organization_id, payment_id, amount: first.total + other.total, currency: 'USD', reason: '' };
  const tell = teller(knex, log, paid);
  for (const type of ['payment.succeeded', 'payment.disputed', 'payment.dispute_won'] as const) await tell(type);
  log.doing = 'refund_payment, by the gateway';
  const asked = { payment: payment_id, amount: 1000, ...WHY };
  const olivia = actorAt(stage, 'olivia', new Date());
  await act(knex, olivia, first.id, 'refund_payment', asked);
  log.doing = '';
  const refund = await withActor(knex, olivia, (db) => db('refunds').where({ payment_id }).first('id'));
  log.doing = 'refund.failed';
  await handleGatewayEvent(knex, {
    ...{ id: newId(), type: 'refund.failed', organization_id, refund_id: refund.id, reason: 'The card is closed.' },
  });
  await tell('payment.returned');
}
