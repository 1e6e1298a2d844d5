import type { Knex } from 'knex';
import { actingAs, systemActor, withActor } from '../db/scope.js';

/**
 * In production nobody pays in the sandbox: organizations that were set up with it, on a database that was tried out
 * before, have no online payment until they choose a gateway.
 */
export const retireSandbox = (db: Knex): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    const ids: string[] = await db('organizations').where({ gateway: 'sandbox' }).orderBy('id').pluck('id');
    for (const id of ids)
      await actingAs(db, systemActor(id), () => db('organizations').where({ id }).update({ gateway: null }));
  });
