import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../db/database.js';
import { knownMigrations, migrateTo } from '../../db/migrate.js';
import { copyStored } from '../../files/copy_stored.js';
import { diskStorage } from '../../files/disk_storage.js';
import type { Storage } from '../../files/storage.js';
import { prepareJobs } from '../../jobs/run.js';
import { FILE_LIST, filesFolder, listedFiles, type Manifest } from './backup_manifest.js';
import { loadTables, refuseFilled } from './load_tables.js';
import { verifyBackup } from './verify_backup.js';

interface RestoreInput {
  /** One backup of a folder of backups. */
  backup: string;
  /** Of the role that Parley runs as, which is to own the tables. */
  connection: pg.PoolConfig;
  storage: Storage;
}

/**
 * Fills an empty database and a storage with what a backup holds, and checks every table against it before anything is
 * committed. The schema is that of the backup: `migrate` or the next start brings it up to date.
 * @throws Error, for the terminal, if the backup isn't whole or of a newer version, or the database isn't empty
 */
export async function restoreBackup({ backup, connection, storage }: RestoreInput): Promise<Manifest> {
  const { manifest, faults } = await verifyBackup(backup);
  if (faults.length > 0) throw new Error([`${backup} is not whole. Nothing was restored.`, ...faults].join('\n'));
  const known = new Set(knownMigrations());
  const newer = manifest.migrations.filter((name) => !known.has(name));
  if (newer.length > 0)
    throw new Error(`${backup} was made by a newer version of Parley: this one doesn't know ${newer.join(', ')}.`);
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await refuseFilled(client, manifest);
    await makeSchema(connection, manifest);
    await restoreFiles(backup, storage);
    await loadTables(client, manifest, backup);
  } finally {
    await client.end();
  }
  return manifest;
}

async function makeSchema(connection: pg.PoolConfig, { migrations }: Manifest): Promise<void> {
  const db = openDatabase(connection, 2);
  try {
    await migrateTo(db.knex, migrations);
  } finally {
    await db.close();
  }
  await prepareJobs(connection);
}

async function restoreFiles(backup: string, storage: Storage): Promise<void> {
  const kept = diskStorage(filesFolder(dirname(backup)));
  for (const { sha256, size } of listedFiles(await readFile(join(backup, FILE_LIST), 'utf8'))) {
    const copied = await copyStored(kept, storage, sha256);
    if (copied?.size !== size)
      throw new Error(`The file ${sha256} is stored here already, with another size. Restore into an empty folder.`);
  }
}
