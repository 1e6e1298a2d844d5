import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import type { Listed, Storage } from './storage.js';

/** What is younger may be referred to in a moment: by a form that is being sent, a message that is being read. */
const DAY_MS = 86_400_000;

/** Where the database refers to stored files. */
export const REFERENCES = [
  ['files', 'sha256'],
  ['files', 'small_sha256'],
  ['partner_files', 'sha256'],
  ['signatures', 'drawing_sha256'],
  ['signatures', 'pdf_sha256'],
  ['people', 'photo_sha256'],
  ['items', 'picture_sha256'],
  ['imports', 'sha256'],
] as const;

/**
 * The stored files that no row of any organization refers to, and what was left half written. The storage is read
 * first: what is stored later is no orphan.
 */
export async function findOrphans(db: Knex, storage: Storage, now = Date.now()): Promise<Listed[]> {
  const old: Listed[] = [];
  for await (const listed of storage.list()) if (listed.modified < now - DAY_MS) old.push(listed);
  const referred = await referredTo(db);
  return old.filter(({ sha256 }) => sha256 === null || !referred.has(sha256));
}

/** Removes orphans while everything runs, but those that were stored again meanwhile. */
export async function removeOrphans(storage: Storage, orphans: readonly Listed[], now = Date.now()): Promise<void> {
  for (const orphan of orphans) await storage.removeOlder(orphan, now - DAY_MS);
}

async function referredTo(db: Knex): Promise<Set<string>> {
  const referred = new Set<string>();
  for (const id of await db('organizations').pluck('id'))
    for (const [table, column] of REFERENCES) {
      const hashes = await withActor(db, systemActor(id), (db) =>
        db(table).where({ organization_id: id }).whereNotNull(column).distinct().pluck(column),
      );
      for (const hash of hashes) referred.add(String(hash));
    }
  return referred;
}
