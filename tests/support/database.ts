import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../src/db/embedded/postgres.js';
import { openDatabase } from '../../src/db/database.js';
import { migrate } from '../../src/db/migrate.js';
import { prepareJobs } from '../../src/jobs/run.js';
import { createKey } from '../../src/mail/deliverability/dkim_keys.js';
import { NOTIFY_OF_JOBS } from './jobs.js';

const TEMPLATE = 'parley_template';

/** Of every portal: so the key that signs its mail is made once, with the template. */
export const SECRET = 'a secret for tests, and for nothing else';
export const MAIL_DOMAIN = 'mail.parley.example';

/** A migrated database that nobody is connected to, for others to be cloned from. */
export async function makeTemplate(server: EmbeddedPostgres): Promise<void> {
  const admin = new pg.Client(server.connection());
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const connection = server.connection(TEMPLATE);
  const db = openDatabase(connection);
  await migrate(db.knex);
  await prepareJobs(connection);
  await db.knex.raw(NOTIFY_OF_JOBS);
  await createKey(db.knex, SECRET, MAIL_DOMAIN);
  await db.close();
}

export const connectionTo = (database: string) => ({
  host: process.env['TEST_DATABASE_HOST'] ?? '',
  port: 5432,
  user: 'parley',
  database,
});

/** A database of its own, cloned in a fraction of a second from the migrated one, or another that nobody uses. */
export async function cloneDatabase(
  template = TEMPLATE,
): Promise<{ name: string; url: string; drop(): Promise<void> }> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const run = async (sql: string, user = 'parley') => {
    const admin = new pg.Client({ ...connectionTo('parley'), user });
    await admin.connect();
    await admin.query(sql);
    await admin.end();
  };
  await run(`create database ${name} template ${template}`);
  const { host, port } = connectionTo(name);
  return {
    name,
    url: `postgresql://parley@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
    // Autovacuum may be at work in it, which only the superuser may end.
    drop: () => run(`drop database if exists ${name} with (force)`, 'postgres'),
  };
}
