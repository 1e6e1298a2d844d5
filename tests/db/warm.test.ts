import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import { type Database, openDatabase } from '../../src/db/database.js';
import { keepWarm } from '../../src/db/reading/warm.js';
import { read, systemActor } from '../../src/db/scope.js';
import { documentPage } from '../../src/documents/queries/page.js';
import { firstQueries } from '../../src/start/first_queries.js';
import { cloneDatabase, connectionTo } from '../support/database.js';
import { until } from '../support/until.js';

let database: Awaited<ReturnType<typeof cloneDatabase>>;
before(async () => (database = await cloneDatabase()));
after(() => database.drop());

const KEPT = 3;
const NAMES = firstQueries().map(({ name }) => name);

/** Runs `work` on a database of which connections are kept warm. */
async function withWarm(work: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase(connectionTo(database.name), 5, KEPT);
  try {
    await keepWarm(db.pool, KEPT, firstQueries());
    await work(db);
  } finally {
    await db.close();
  }
}

/** The statements that a connection has planned for whatever values come. */
async function plannedOn(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query('select name from pg_prepared_statements where generic_plans > 0');
  return rows.map(({ name }) => name);
}

/** How many idle connections have a plan for each first query: more than are kept, where asking took one meanwhile. */
async function countWarm(pool: pg.Pool): Promise<number> {
  const clients = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
  const planned = await Promise.all(clients.map(plannedOn));
  for (const client of clients) client.release();
  return planned.filter((names) => NAMES.every((name) => names.includes(name))).length;
}

const severed = (db: Database) =>
  db.knex.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
const readDocument = ({ pool }: Database) => read(pool, systemActor(null), documentPage(systemActor(null), 'INV-1'));

test('once the first connection is warm, it has a plan for each first query', () =>
  withWarm(async ({ pool }) => {
    const client = await pool.connect();
    const planned = await plannedOn(client);
    client.release();
    assert.deepEqual(
      NAMES.filter((name) => !planned.includes(name)),
      [],
    );
  }));

test('the others follow', () =>
  withWarm(async ({ pool }) => {
    await until('all are warm', async () => (await countWarm(pool)) >= KEPT);
  }));

test('connections that the server ended are replaced by warm ones, and a page that comes between is read', () =>
  withWarm(async (db) => {
    await until('all are warm', async () => (await countWarm(db.pool)) >= KEPT);
    await severed(db);
    const [rows] = await readDocument(db);
    assert.deepEqual(rows, []);
    await until('all are warm again', async () => (await countWarm(db.pool)) >= KEPT);
  }));

test('a pooler that loses prepared statements fails no page: it is read again, and from then on with its text', () =>
  withWarm(async (db) => {
    await until('all are warm', async () => (await countWarm(db.pool)) >= KEPT);
    const clients = await Promise.all(Array.from({ length: KEPT }, () => db.pool.connect()));
    for (const client of clients) await client.query('deallocate all');
    for (const client of clients) client.release();
    assert.deepEqual(await readDocument(db), [[]]);
    const client = await db.pool.connect();
    const { rows } = await client.query('select name from pg_prepared_statements');
    client.release();
    assert.deepEqual(rows, []);
    assert.deepEqual(await readDocument(db), [[]]);
  }));
