import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { REFERENCES } from './orphans.js';
import type { Storage } from './storage.js';

/** Removes stored bytes at once, unless a row of any organization refers to them. */
export async function removeUnreferenced(db: Knex, storage: Storage, sha256: string): Promise<void> {
  for (const organization_id of await db('organizations').pluck('id'))
    for (const [table, column] of REFERENCES) {
      const found = await withActor(db, systemActor(organization_id), (db) =>
        db(table)
          .where({ organization_id, [column]: sha256 })
          .first(column),
      );
      if (found) return;
    }
  await storage.remove(sha256);
}
