import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type pg from 'pg';
import type { Actor } from './actor.js';
import { connectionOf } from './knex_connection.js';
import { inOnePacket } from './pg_stream.js';
import { SET_PLANNER } from './planner.js';

export * from './actor.js';

const SET_ACTOR = {
  name: 'scope',
  text: `select set_config('app.organization', $1, true), set_config('app.side', $2, true),
    set_config('app.person', $3, true), set_config('app.partner', $4, true), set_config('app.user', $5, true),
    set_config('app.subjects', $6, true), set_config('app.now', $7, true), ${SET_PLANNER}`,
};

const settings = (actor: Actor) => [
  actor.organization_id ?? '',
  actor.side,
  actor.person_id ?? '',
  actor.partner_id ?? '',
  actor.user_id ?? '',
  actor.subject_ids ? `{${actor.subject_ids.join(',')}}` : '',
  actor.now?.toISOString() ?? '',
];

/** Runs `work` in a transaction in which row security shows and allows only what `actor` may see and change. */
export const withActor = <T>(db: Knex, actor: Actor, work: (db: Knex.Transaction) => Promise<T>): Promise<T> =>
  db.transaction((db) => actingAs(db, actor, () => work(db)));

/** The actor that a connection's transaction has now; none outside `actingAs`. */
const current = new WeakMap<pg.ClientBase, Actor>();

/** Runs `work` in the caller's transaction as another actor; afterwards the transaction has its own again. */
export async function actingAs<T>(db: Knex.Transaction, actor: Actor, work: () => Promise<T>): Promise<T> {
  const connection = await connectionOf(db);
  const before = current.get(connection);
  await setActor(db, actor);
  try {
    return await work();
  } finally {
    if (before) await setActor(db, before);
    else current.delete(connection);
  }
}

/**
 * Changes the actor for the rest of the surrounding `actingAs`: consequences of a permitted action (numbers, emails) are
 * written by the system actor. Takes no round trip: it is sent ahead on the transaction's own connection, and if it
 * fails, so does the next query.
 */
export async function setActor(db: Knex.Transaction, actor: Actor): Promise<void> {
  const connection = await connectionOf(db);
  current.set(connection, actor);
  connection.query(SET_ACTOR.text, settings(actor)).catch(() => {});
}

/**
 * Lets the surrounding transaction's commit not wait for the disk. If the server crashes in the next moments, it may be
 * undone: only for what is then done again.
 */
export const commitLater = (db: Knex.Transaction): Promise<unknown> =>
  queryPrepared(db, `select set_config('synchronous_commit', 'off', true)`, []);

// Prepared on another connection; prepared here by somebody else; a column was added to the table since.
const LOST_STATEMENT = new Set(['26000', '42P05', '0A000']);
// Deadlock detected; serialization failure. All of these undo the whole transaction, so it can start again.
const RETRYABLE = new Set(['40P01', '40001', ...LOST_STATEMENT]);
const MAX_ATTEMPTS = 4;

const hasCode = (error: unknown, codes: Set<string>) =>
  error instanceof Error && 'code' in error && codes.has(String(error.code));

/** Runs a transaction, again if the database undid it for a reason that passes. Other errors are thrown at once. */
export async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, RETRYABLE) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

// False once a pooler in between has lost a prepared statement: from then on each query is sent with its text.
let prepared = true;

/**
 * The first row of a query, prepared on the transaction's own connection: for queries that run all the time and take
 * ten times as long to plan as to run. Named by its text, so build it in few shapes. May throw an error that `retry`
 * retries.
 */
export async function firstRow<Row>(db: Knex.Transaction, query: Knex.QueryBuilder): Promise<Row | undefined> {
  const { sql, bindings } = query.limit(1).toSQL().toNative();
  const [row] = await queryPrepared<Row>(db, sql, [...bindings]);
  return row;
}

/** All rows of a prepared query, as `firstRow`, given as SQL with $1, $2, … */
export async function queryPrepared<Row>(
  db: Knex.Transaction,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const name = createHash('sha1').update(text).digest('hex');
  const connection = await connectionOf(db);
  const sent = connection.query<Row & pg.QueryResultRow>({ ...(prepared ? { name } : {}), text, values: [...values] });
  const { rows } = await sent.catch((error: unknown) => {
    if (hasCode(error, LOST_STATEMENT)) prepared = false;
    throw error;
  });
  return rows;
}

export interface Query<Row = Record<string, unknown>> {
  /** Names the prepared statement; one name, one text. */
  name: string;
  text: string;
  values?: unknown[];
  /** Never set: it carries the type. */
  row?: Row;
}

/** The rows of each query, as `actor` sees them, in one round trip and one read-only transaction. */
export async function read<Queries extends readonly Query<unknown>[]>(
  pool: pg.Pool,
  actor: Actor,
  ...queries: Queries
): Promise<QueryRows<Queries>> {
  const [, ...results] = await runAll(pool, [{ ...SET_ACTOR, values: settings(actor) }, ...queries]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that trusts each query's row type
  return results as QueryRows<Queries>;
}

/** The rows of each query. */
export type QueryRows<Queries extends readonly Query<unknown>[]> = {
  -readonly [K in keyof Queries]: RowOf<Queries[K]>[];
};
type RowOf<Q> = Q extends Query<infer Row> ? (unknown extends Row ? Record<string, unknown> : Row) : never;

/** As `read`, before the actor is known: the queries themselves set the secret that opens their rows. */
export async function pipeline(pool: pg.Pool, queries: Query<unknown>[]): Promise<Record<string, unknown>[][]> {
  const [, ...results] = await runAll(pool, [{ name: 'planner', text: `select ${SET_PLANNER}` }, ...queries]);
  return results;
}

async function runAll(pool: pg.Pool, queries: Query<unknown>[]): Promise<Record<string, unknown>[][]> {
  try {
    return await send(pool, queries);
  } catch (error) {
    if (!prepared || !hasCode(error, LOST_STATEMENT)) throw error;
    prepared = false;
    return send(pool, queries);
  }
}

async function send(pool: pg.Pool, queries: Query<unknown>[]): Promise<Record<string, unknown>[][]> {
  const client = await pool.connect();
  const sent = inOnePacket(client, () => [
    client.query('begin transaction read only'),
    ...queries.map(({ name, text, values = [] }) =>
      client.query<Record<string, unknown>>(prepared ? { name, text, values } : { text, values }),
    ),
    client.query('commit'),
  ]);
  const settled = await Promise.allSettled(sent);
  const failed = settled.find((result) => result.status === 'rejected');
  client.release(failed ? true : undefined);
  if (failed) throw failed.reason;
  return settled.slice(1, -1).map((result) => (result.status === 'fulfilled' ? result.value.rows : []));
}
