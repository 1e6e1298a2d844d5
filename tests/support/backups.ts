import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { root } from '../../src/config.js';
import { cloneDatabase, connectionTo } from './database.js';
import { NOTIFY_OF_JOBS } from './jobs.js';
import { envOf, type Portal } from './portal.js';

/** Runs a command of backups as a process of its own, as a superuser of the portal's database where it reads. */
export function backupCommand(
  portal: Portal,
  name: 'backup' | 'verify' | 'restore',
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; said: string; errors: string }> {
  const reads = { BACKUP_DATABASE_URL: portal.database_url.replace('//parley@', '//postgres@') };
  const file = join(import.meta.dirname, `../../src/start/backup/${name}_command.js`);
  const options = { cwd: root, env: { ...process.env, ...envOf(portal), ...reads, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], options, (error, said, errors) =>
      resolve({ code: error ? Number(error.code) : 0, said, errors }),
    );
  });
}

/** An empty database and an empty folder, and what a command must know to restore into them. */
export async function emptyPlace() {
  const database = await cloneDatabase('template1');
  const folder = await mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'restored-'));
  return {
    database: database.name,
    folder,
    env: { DATABASE_URL: database.url, DATA_DIR: folder },
    /** Lets a test wait for the jobs of a portal on it. */
    watched: () => asSuperuser(database.name, (client) => client.query(NOTIFY_OF_JOBS)),
    async remove() {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What each table of a database holds, told by nothing of ours: a hash over its sorted rows; and its triggers and rules. */
export const everyTable = (database: string): Promise<Record<string, string>> =>
  asSuperuser(database, async (client) => {
    const { rows: tables } = await client.query<{ name: string; is: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name, concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity,
        (select string_agg(pg_get_constraintdef(k.oid), ', ' order by k.conname) from pg_constraint k where k.conrelid = c.oid),
        (select string_agg(t.tgname || t.tgenabled::text, ', ' order by t.tgname) from pg_trigger t
          where t.tgrelid = c.oid and not t.tgisinternal and t.tgname <> 'notify_of_jobs'),
        (select string_agg(p.polname || pg_get_expr(p.polqual, p.polrelid), ', ' order by p.polname)
          from pg_policy p where p.polrelid = c.oid)) as is
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'graphile_worker') and c.relkind = 'r'
        and c.relname not in ('migrations', 'migrations_lock')`,
    );
    const found: Record<string, string> = {};
    for (const { name, is } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      const text = rows.map(({ row }) => row).toSorted();
      found[name] = `${rows.length} ${createHash('sha256')
        .update(JSON.stringify([is, text]))
        .digest('hex')}`;
    }
    return found;
  });

async function asSuperuser<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connectionTo(database), user: 'postgres' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
