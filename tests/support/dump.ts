import pg from 'pg';
import { connectionTo } from './database.js';

/** Every column of a database, of private tables of jobs, too, that holds one of these texts somewhere in a value. */
export async function columnsHolding(database: string, texts: readonly string[]): Promise<string[]> {
  // Row security doesn't bind the superuser.
  const client = new pg.Client({ ...connectionTo(database), user: 'postgres' });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'graphile_worker') order by 1`,
  );
  const found = new Set<string>();
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from ${name} t`);
    for (const { row } of rows)
      for (const [column, value] of Object.entries(row))
        if (holds(value, texts)) found.add(`${name.replace('public.', '')}.${column}`);
  }
  await client.end();
  return [...found].toSorted();
}

function holds(value: unknown, texts: readonly string[]): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const read = /^\\x[0-9a-f]*$/.test(text) ? Buffer.from(text.slice(2), 'hex').toString() : text;
  const plain = read.normalize('NFC').toLowerCase();
  return texts.some((one) => plain.includes(one.normalize('NFC').toLowerCase()));
}
