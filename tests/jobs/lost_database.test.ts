import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import pino from 'pino';
import { openDatabase } from '../../src/db/database.js';
import { addJob, type Jobs } from '../../src/db/jobs.js';
import { jobPool } from '../../src/jobs/job_pool.js';
import { runJobs } from '../../src/jobs/run.js';
import { cloneDatabase, connectionTo } from '../support/database.js';
import { until } from '../support/until.js';

/** A database that can be made to refuse everybody, and ends all that are connected. */
async function closableDatabase() {
  const database = await cloneDatabase();
  const { name } = database;
  const admin = new pg.Client({ ...connectionTo('postgres'), user: 'postgres' });
  await admin.connect();
  const allow = (allowed: boolean) => admin.query(`alter database ${name} with allow_connections ${allowed}`);
  return {
    name,
    open: () => allow(true),
    async close() {
      await allow(false);
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    },
    async drop() {
      await admin.end();
      await database.drop();
    },
  };
}

/** After two that can’t be given back, and one that failed, graphile-worker waits for ever. */
const JOBS = ['one', 'two', 'three'];

test('a runner that can’t give its jobs back is replaced: its jobs are done again, and it doesn’t hold up the end', async () => {
  const database = await closableDatabase();
  const db = openDatabase(connectionTo(database.name));
  for (const email_id of JOBS) await addJob(db.knex, 'send_awaited_email', { organization_id: 'o', email_id });
  await db.close();

  const begun: string[] = [];
  const finish = new Map<string, () => void>();
  const failures: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void failures.push(line) });
  const lost = () => failures.filter((line) => /Failed to (complete|fail) jobs/.test(line)).length;
  const send_awaited_email = async (payload: unknown) => {
    const { email_id } = payload as Jobs['send_awaited_email'];
    begun.push(email_id);
    if (begun.length > JOBS.length) return;
    await new Promise<void>((resolve) => finish.set(email_id, resolve));
    if (email_id === JOBS.at(-1)) throw new Error('It needs the database.');
  };
  const LEASE_MS = 500;
  const runner = await runJobs(connectionTo(database.name), { send_awaited_email }, '', log, LEASE_MS);
  await until('all', () => begun.length === JOBS.length);
  await database.close();
  for (const [n, email_id] of JOBS.entries()) {
    finish.get(email_id)?.();
    await until('the failure', () => lost() > n);
  }
  await database.open();

  await until('all again', () => begun.length === 2 * JOBS.length);
  assert.deepEqual(begun.slice(JOBS.length).toSorted(), JOBS.toSorted());
  await runner.stop();
  await database.drop();
});

test('a runner that is stopped while its LISTEN fails ends alone', async () => {
  const database = await cloneDatabase();
  const pool = jobPool(connectionTo(database.name));
  const listening = new Promise<(error: Error) => void>((resolve) => {
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown;
      const failing = (...given: unknown[]) =>
        /^LISTEN/.test(String(given[0])) ? new Promise((_, reject) => resolve(reject)) : query(...given);
      Object.assign(client, { query: failing });
    });
  });
  const silent = new Logger(() => () => {});
  const runner = await run({ pgPool: pool, taskList: { tick: () => {} }, noHandleSignals: true, logger: silent });
  const fail = await listening;
  const stopped = runner.stop();
  fail(new Error('Connection terminated unexpectedly'));
  await stopped;
  // What it does without being awaited has been done.
  await pool.query('select 1');
  await pool.end();
  await database.drop();
});
