import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import type { Gateways } from './gateways/gateways.js';

/**
 * Has the gateway pay back what was asked, once: it knows a refund by its id. Returns what it calls that; '' if it was
 * settled before, or is refused, which an event tells.
 */
export async function sendRefund(db: Knex, gateways: Gateways, organization_id: string, id: string): Promise<string> {
  const system = systemActor(organization_id);
  const refund = await withActor(db, system, (db) =>
    db('refunds as r')
      .join('payments as p', (on) => on.on('p.organization_id', 'r.organization_id').on('p.id', 'r.payment_id'))
      .where({ 'r.organization_id': organization_id, 'r.id': id, 'r.state': 'asked' })
      .first('r.amount', 'r.payment_id', 'p.currency', 'p.gateway', 'p.gateway_reference as payment_reference'),
  );
  if (!refund) return '';
  const { gateway, ...asked } = refund;
  const gateway_reference = await gateways(gateway).refund({ organization_id, id, ...asked });
  await withActor(db, system, (db) => db('refunds').where({ organization_id, id }).update({ gateway_reference }));
  return gateway_reference;
}
