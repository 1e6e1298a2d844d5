import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { copyStored } from '../../files/copy_stored.js';
import { REFERENCES } from '../../files/orphans.js';
import { diskStorage } from '../../files/disk_storage.js';
import type { Storage } from '../../files/storage.js';
import { FILE_LIST, filesFolder, MANIFEST, type Manifest, tableFile } from './backup_manifest.js';
import { contentsOf, PLAIN, tablesOf, writeTable } from './backup_tables.js';

interface BackupInput {
  /** A role that row security doesn't bind. */
  connection: pg.ClientConfig;
  storage: Storage;
  /** Where backups are kept. */
  folder: string;
  /** What tells the secrets apart that are in use. */
  secrets: Pick<Manifest, 'secret' | 'bank_key'>;
}

/**
 * Writes a backup of the database, as it is at one moment, and of the files that it refers to, of which only those are
 * copied that the folder doesn't have. Parley runs meanwhile. Returns its folder, whose name is the time.
 * @throws Error, for the terminal, if the role may not read everything
 */
export async function backUp({ connection, storage, folder, secrets }: BackupInput) {
  const made_at = new Date().toISOString();
  const backup = join(folder, made_at.replaceAll(':', ''));
  const partial = `${backup}.partial`;
  for (const path of [filesFolder(folder), join(partial, 'tables')])
    await mkdir(path, { recursive: true, mode: 0o700 });
  try {
    const { hashes, ...database } = await writeDatabase(connection, partial);
    const { list, fresh, ...files } = await copyFiles(storage, folder, hashes);
    await writeSynced(join(partial, FILE_LIST), list);
    const manifest: Manifest = { format: 1, made_at, ...secrets, ...database, files };
    await writeSynced(join(partial, MANIFEST), JSON.stringify(manifest, null, 1));
    await rename(partial, backup);
    return { backup, manifest, fresh };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function writeDatabase(connection: pg.ClientConfig, partial: string) {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    await client.query(PLAIN);
    await refuseBoundRole(client);
    const migrations = await namesIn(client, 'select name from migrations order by id');
    const tables: Manifest['tables'] = [];
    for (const table of await tablesOf(client)) {
      const contents = await contentsOf(client, table);
      tables.push({ ...table, ...contents, sha256: await writeTable(client, table, join(partial, tableFile(table))) });
    }
    const { rows: sequences } = await client.query<Manifest['sequences'][number]>(
      `select format('%I.%I', schemaname, sequencename) as name, last_value::text as value from pg_sequences
      where schemaname in ('public', 'graphile_worker') and last_value is not null and sequencename not like 'migrations%'
      order by 1`,
    );
    const references = REFERENCES.map(
      ([table, column]) => `select ${column} as name from ${table} where ${column} is not null`,
    );
    const hashes = await namesIn(client, `${references.join(' union ')} order by 1`);
    return { migrations, tables, sequences, hashes };
  } finally {
    await client.end();
  }
}

async function namesIn(client: pg.Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql);
  return rows.map(({ name }) => name);
}

async function refuseBoundRole(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; bound: boolean }>(
    'select rolname as name, not (rolsuper or rolbypassrls) as bound from pg_roles where rolname = current_user',
  );
  if (rows[0]?.bound !== false)
    throw new Error(
      `The database role "${rows[0]?.name}" may not read everything, since row security binds it. Set ` +
        'BACKUP_DATABASE_URL to one that has BYPASSRLS: see docs/backup.md.',
    );
}

/** Copies what the folder doesn't have yet. `fresh`: how many those are. */
async function copyFiles(storage: Storage, folder: string, hashes: readonly string[]) {
  const kept = diskStorage(filesFolder(folder));
  const missing: string[] = [];
  let [list, bytes, fresh] = ['', 0, 0];
  for (const sha256 of hashes) {
    const copied = await copyStored(storage, kept, sha256);
    if (copied) {
      list += `${sha256} ${copied.size}\n`;
      bytes += copied.size;
      fresh += copied.fresh ? 1 : 0;
    } else missing.push(sha256);
  }
  const sha256 = createHash('sha256').update(list).digest('hex');
  return { list, fresh, count: hashes.length - missing.length, bytes, sha256, missing };
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
