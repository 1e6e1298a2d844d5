import type { Knex } from 'knex';
import type pg from 'pg';
import type { Actor } from './actor.js';
import { changeOfActor } from './actor_settings.js';
import { connectionOf, poolOf } from './writing/knex_connection.js';
import { isLostStatement, stopPreparing } from './reading/prepared.js';
import { nameOf } from './writing/statement_name.js';
import { send, transaction } from './writing/transaction.js';

export * from './actor.js';
export * from './reading/read_queries.js';

/** Runs `work` in a transaction in which row security shows and allows only what `actor` may see and change. */
export async function withActor<T>(db: Knex, actor: Actor, work: (db: Knex.Transaction) => Promise<T>): Promise<T> {
  const run = () => transaction(db, (db) => actingAs(db, actor, () => work(db)));
  return db.isTransaction ? run() : retryLost(db, run);
}

/** A pooler in between, or a migration, may have made prepared statements useless: from then on they aren't used. */
async function retryLost<T>(db: Knex, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isLostStatement(error)) throw error;
    stopPreparing(poolOf(db));
    return run();
  }
}

/** The actor that a connection's transaction has now; none outside `actingAs`. */
const current = new WeakMap<pg.ClientBase, Actor>();

/** Runs `work` in the caller's transaction as another actor; afterwards the transaction has its own again. */
export async function actingAs<T>(db: Knex.Transaction, actor: Actor, work: () => Promise<T>): Promise<T> {
  const connection = await connectionOf(db);
  const before = current.get(connection);
  await setActor(db, actor);
  current.set(connection, actor);
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
  const before = current.get(connection);
  const change = changeOfActor(before, actor);
  if (before) current.set(connection, actor);
  if (change) connection.query({ ...nameOf(poolOf(db), change.text), ...change }).catch(() => {});
}

/**
 * Lets the surrounding transaction's commit not wait for the disk. If the server crashes in the next moments, it may be
 * undone: only for what is then done again, or hardly missed.
 */
export const commitLater = (db: Knex.Transaction): Promise<void> =>
  send(db, db.raw(`select set_config('synchronous_commit', 'off', true)`));

// Deadlock detected; serialization failure. As a lost statement, they undo the whole transaction: it can start again.
const RETRYABLE = new Set(['40P01', '40001']);
const MAX_ATTEMPTS = 4;

const isRetryable = (error: unknown) =>
  isLostStatement(error) || (error instanceof Error && 'code' in error && RETRYABLE.has(String(error.code)));

/** Runs a transaction, again if the database undid it for a reason that passes. Other errors are thrown at once. */
export async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

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
  const connection = await connectionOf(db);
  const sent = connection.query<Row & pg.QueryResultRow>({ ...nameOf(poolOf(db), text), text, values: [...values] });
  return (await sent).rows;
}
