import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import type { Gateways } from '../gateways/gateways.js';

/** Has the gateway forget a method that was removed here. */
export async function forgetMethod(db: Knex, gateways: Gateways, organization_id: string, id: string): Promise<void> {
  const stored = await withActor(db, systemActor(organization_id), (db) =>
    db('payment_methods')
      .where({ organization_id, id })
      .whereNotNull('removed_at')
      .first('gateway', 'reference', 'method', 'brand', 'last_four', 'expires'),
  );
  if (!stored) return;
  const { gateway, ...method } = stored;
  await gateways(gateway).forget(method, organization_id);
}
