import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';

/** A table, with the columns that are written to it. */
interface Table {
  schema: string;
  name: string;
  columns: string[];
}

/** What tells whether two tables hold the same: the number of rows, and a sum over the hash of each, in any order. */
export interface Contents {
  rows: string;
  checksum: string;
}

/**
 * How values are written in this transaction, whatever the server or the role are set to. Whom row security binds gets
 * an error, instead of some of the rows.
 */
export const PLAIN = `set local search_path = public; set local row_security = off; set local timezone = 'UTC';
  set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'; set local bytea_output = 'hex';
  set local extra_float_digits = 1; set local client_encoding = 'UTF8'; set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0`;

/** All tables but those that say which migrations ran: a restore runs these. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select n.nspname::text as schema, c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_namespace n join pg_class c on c.relnamespace = n.oid join pg_attribute a on a.attrelid = c.oid
    where n.nspname in ('public', 'graphile_worker') and c.relkind = 'r'
      and c.relname not in ('migrations', 'migrations_lock')
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by 1, 2 order by 1, 2`,
  );
  return rows;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A table's name in SQL. */
export const tableName = ({ schema, name }: Pick<Table, 'schema' | 'name'>) => `${quoted(schema)}.${quoted(name)}`;

const columnList = ({ columns }: Table) => columns.map(quoted).join(', ');

/** Reads all of a table. */
export async function contentsOf(client: pg.Client, table: Table): Promise<Contents> {
  const hash = `encode(substr(sha256(convert_to(row(${columnList(table)})::text, 'UTF8')), 1, 8), 'hex')`;
  const { rows } = await client.query<Contents>(
    `select count(*)::text as rows, coalesce(sum(('x' || ${hash})::bit(64)::bigint), 0)::text as checksum
    from ${tableName(table)}`,
  );
  return rows[0] ?? { rows: '0', checksum: '0' };
}

/** Writes a table to a new file, compressed. Returns the file's SHA-256. */
export async function writeTable(client: pg.Client, table: Table, path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    client.query(to(`copy ${tableName(table)} (${columnList(table)}) to stdout`)),
    createGzip(),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  );
  return hash.digest('hex');
}

/** Adds to a table what such a file holds. */
export async function readTable(client: pg.Client, table: Table, path: string): Promise<void> {
  const copy = client.query(from(`copy ${tableName(table)} (${columnList(table)}) from stdin`));
  await pipeline(createReadStream(path), createGunzip(), copy);
}
