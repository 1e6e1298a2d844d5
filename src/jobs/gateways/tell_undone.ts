import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import type { GatewayEvent, RefundEvent } from '../../payments/gateways/gateway.js';
import { tellDifferences } from '../../payments/ledger/tell_differences.js';

const TOLD: readonly GatewayEvent['type'][] = ['refund.failed', 'refund.succeeded', 'payment.returned'];

/** What a gateway did that should have changed something here: staff are told of what could not. */
export async function tellUndone(db: Knex, event: GatewayEvent): Promise<void> {
  const { organization_id } = event;
  if (!TOLD.includes(event.type)) return;
  const found = await withActor(db, systemActor(organization_id), (db) =>
    'refund_id' in event ? ofRefund(db, event) : ofPayment(db, organization_id, event),
  );
  if (found) await tellDifferences(db, organization_id, [{ ...found, about: 'payment', booked: found.amount }]);
}

/** A refund that was booked, and then came back; or that was paid, and could not be booked. */
const ofRefund = (db: Knex.Transaction, { organization_id, refund_id: id, type }: RefundEvent) =>
  db('refunds as r')
    .join('documents as d', (on) => on.on('d.organization_id', 'r.organization_id').on('d.id', 'r.document_id'))
    .where({ 'r.organization_id': organization_id, 'r.id': id })
    .where({ 'r.state': type === 'refund.failed' ? 'succeeded' : 'asked' })
    .first('d.number', 'r.state', 'r.amount');

/** A payment that was taken back, whose credit is used already, or of which it was a part. */
const ofPayment = (db: Knex.Transaction, organization_id: string, { payment_id }: { payment_id: string }) =>
  db('payments as p')
    .join('payment_parts as x', (on) => on.on('x.organization_id', 'p.organization_id').on('x.payment_id', 'p.id'))
    .join('documents as d', (on) => on.on('d.organization_id', 'x.organization_id').on('d.id', 'x.document_id'))
    .where({ 'p.organization_id': organization_id, 'p.id': payment_id, 'p.state': 'succeeded' })
    .orderBy('d.number')
    .first('d.number', 'p.state', 'p.amount');
