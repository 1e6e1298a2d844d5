import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { root } from '../config.js';

const folder = join(root, 'migrations');

/** The names of all migrations that this version knows, in their order. */
export const knownMigrations = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted();

/** SQL files, run in the order of their names, each in a transaction; there is no way back. */
const source: Knex.MigrationSource<string> = {
  getMigrations: async () => knownMigrations(),
  getMigrationName: (file) => file,
  getMigration: async (file) => ({
    up: async (db) => {
      await db.raw(readFileSync(join(folder, file), 'utf8'));
    },
    down: async () => {
      throw new Error('Migrations only go forward.');
    },
  }),
};

// A later release's may have run already: it only added, and this release goes on beside it.
const config = { migrationSource: source, tableName: 'migrations', disableMigrationsListValidation: true };

/**
 * Runs the migrations that are missing. Safe to call from several processes at once: an advisory lock, which ends with
 * its process, makes them take turns. `onPending` is called if there are any. A lock of knex's own (a row) can then only be a killed process's, so it is freed.
 */
export function migrate(db: Knex, onPending: () => void = () => {}): Promise<void> {
  return db.transaction(async (lock) => {
    await lock.raw(`select pg_advisory_xact_lock(hashtext('migrate'))`);
    if (await isPending(db)) onPending();
    await db.migrate.forceFreeMigrationsLock(config);
    await db.migrate.latest(config);
  });
}

/** Gives an empty database the schema that these migrations make, which may be an older one. */
export async function migrateTo(db: Knex, names: readonly string[]): Promise<void> {
  await db.migrate.latest({ ...config, migrationSource: { ...source, getMigrations: async () => [...names] } });
}

async function isPending(db: Knex): Promise<boolean> {
  const [, pending] = (await db.migrate.list(config)) as [unknown, unknown[]];
  return pending.length > 0;
}

/** @throws Error, for the terminal, if a migration has not run on this database yet. */
export async function refuseOldSchema(db: Knex): Promise<void> {
  if (await isPending(db))
    throw new Error('The database is older than this version of Parley. Run "node dist/main.js migrate" first.');
}
