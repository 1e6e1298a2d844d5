import type { Knex } from 'knex';
import type pg from 'pg';
import { connectionOf, poolOf } from './knex_connection.js';
import { nameOf } from './statement_name.js';

/** The answers that nobody waits for, by the connection of their transaction. */
const unawaited = new WeakMap<pg.ClientBase, Promise<unknown>[]>();

/**
 * Sends a change without waiting for its answer: in the order of the calls, in one packet with what follows. If it
 * fails, so does the transaction, with its error.
 */
export async function send(db: Knex, change: Knex.QueryBuilder | Knex.Raw): Promise<void> {
  const connection = isTransaction(db) ? await connectionOf(db) : undefined;
  const answers = connection && unawaited.get(connection);
  // Outside of `transaction` nobody else would hear of its failure.
  if (!answers) return void (await change);
  const { sql: text, bindings } = change.toSQL().toNative();
  const answer = connection.query({ ...nameOf(poolOf(db), text), text, values: [...bindings] });
  answers.push(answer.catch((error: unknown) => error));
}

const isTransaction = (db: Knex): db is Knex.Transaction => db.isTransaction === true;

/** Runs `work` in a transaction; the answers to what it sent come with that to its commit. */
export async function transaction<T>(db: Knex, work: (db: Knex.Transaction) => Promise<T>): Promise<T> {
  const answers: Promise<unknown>[] = [];
  try {
    const result = await db.transaction((within) =>
      collecting(within, answers, async () => {
        const result = await work(within);
        // A savepoint can't be released after a failure: it must be rolled back to.
        if (db.isTransaction) await refuseFailed(answers);
        return result;
      }),
    );
    // A commit after a failure is a rollback, and no error.
    await refuseFailed(answers);
    return result;
  } catch (error) {
    if (isConsequence(error)) await refuseFailed(answers);
    throw error;
  }
}

async function collecting<T>(db: Knex.Transaction, answers: Promise<unknown>[], work: () => Promise<T>): Promise<T> {
  const connection = await connectionOf(db);
  const outer = unawaited.get(connection);
  unawaited.set(connection, answers);
  try {
    return await work();
  } finally {
    if (outer) unawaited.set(connection, outer);
    else unawaited.delete(connection);
  }
}

/** What follows from a failure before it: the transaction is aborted, the statement was not prepared. */
const CONSEQUENCES = new Set(['25P02', '26000']);

const isConsequence = (error: unknown) =>
  error instanceof Error && 'code' in error && CONSEQUENCES.has(String(error.code));

/** @throws what the first failed with */
async function refuseFailed(answers: Promise<unknown>[]): Promise<void> {
  const errors = (await Promise.all(answers)).filter((answer) => answer instanceof Error);
  const cause = errors.find((error) => !isConsequence(error)) ?? errors[0];
  if (cause) throw cause;
}
