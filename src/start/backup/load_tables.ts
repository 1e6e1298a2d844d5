import { join } from 'node:path';
import type pg from 'pg';
import { type Manifest, tableFile } from './backup_manifest.js';
import { contentsOf, PLAIN, readTable, tableName, tablesOf } from './backup_tables.js';

/** What an installation that is used has rows in. A first start, without the demo, leaves them empty. */
const FILLED = ['organizations', 'users'];

/** @throws Error, for the terminal, unless the database is empty, or has this schema and nobody uses it yet */
export async function refuseFilled(client: pg.Client, manifest: Manifest): Promise<void> {
  const tables = (await tablesOf(client)).map(({ schema, name }) => (schema === 'public' ? name : ''));
  if (tables.length === 0) return;
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('public.migrations') is not null as there`,
  );
  const found = rows[0]?.there ? await client.query<{ name: string }>('select name from public.migrations') : null;
  const same =
    found?.rows
      .map(({ name }) => name)
      .toSorted()
      .join() === manifest.migrations.toSorted().join();
  if (!same || (await rowsIn(client, FILLED)) > 0)
    throw new Error('The database is not empty. Restore into one that nothing was written to.');
}

/** Counts rows that row security may hide, in a transaction that is undone. */
async function rowsIn(client: pg.Client, tables: readonly string[]): Promise<number> {
  await client.query('begin');
  try {
    for (const table of tables) await client.query(`alter table public.${table} no force row level security`);
    const counts = tables.map((table) => `(select count(*) from public.${table})`).join(' + ');
    const { rows } = await client.query<{ count: string }>(`select (${counts})::text as count`);
    return Number(rows[0]?.count);
  } finally {
    await client.query('rollback');
  }
}

/**
 * Fills the tables, in one transaction that commits only if each holds what the backup says. Meanwhile nothing that the
 * schema does by itself happens: no trigger, no check of references before all is there, no row security.
 */
export async function loadTables(client: pg.Client, manifest: Manifest, backup: string): Promise<void> {
  await client.query('begin');
  await client.query(PLAIN);
  const there = await tablesOf(client);
  const names = there.map(tableName);
  const lost = manifest.tables.filter((table) => !names.includes(tableName(table)));
  if (lost.length > 0) throw new Error(`There is no table for ${lost.map(tableName).join(', ')}.`);
  const back = await laxly(client, names);
  await client.query(`truncate ${names.join(', ')}`);
  for (const table of manifest.tables) await readTable(client, table, join(backup, tableFile(table)));
  for (const { name, value } of manifest.sequences) await client.query('select setval($1, $2)', [name, value]);
  // Before row security hides rows from their owner.
  await refuseOther(client, manifest);
  for (const sql of back) await client.query(sql);
  await client.query('commit');
  await client.query(`analyze ${names.join(', ')}`);
}

/** Lets the owner of the tables write them as they are. Returns the statements that make them strict again. */
async function laxly(client: pg.Client, names: readonly string[]): Promise<string[]> {
  const { rows: references } = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and conparentid = 0
      and connamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) order by 1, 2`,
  );
  const { rows: forced } = await client.query<{ table: string }>(
    `select oid::regclass::text as table from pg_class where relforcerowsecurity and relkind in ('r', 'p')`,
  );
  const changes = [
    ...references.map(({ table, name }) => `alter table ${table} drop constraint ${name}`),
    ...forced.map(({ table }) => `alter table ${table} no force row level security`),
    ...names.map((table) => `alter table ${table} disable trigger user`),
  ];
  for (const sql of changes) await client.query(sql);
  return [
    ...references.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
    ...names.map((table) => `alter table ${table} enable trigger user`),
    // Last: it hides rows from their owner, so that references couldn't be checked.
    ...forced.map(({ table }) => `alter table ${table} force row level security`),
  ];
}

/** @throws Error, for the terminal, if a table holds anything else than the backup says */
async function refuseOther(client: pg.Client, manifest: Manifest): Promise<void> {
  for (const table of manifest.tables) {
    const { rows, checksum } = await contentsOf(client, table);
    if (rows !== table.rows || checksum !== table.checksum)
      throw new Error(
        `${tableName(table)} has ${rows} rows that aren’t the ${table.rows} of the backup. Nothing was restored.`,
      );
  }
}
