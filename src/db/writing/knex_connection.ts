import type { Knex } from 'knex';
import type pg from 'pg';

/**
 * The `pg` client of a knex transaction, for queries that knex can't send: prepared ones, and ones sent ahead. Private
 * to knex: a transaction's client hands out its one connection. Not once the transaction has ended: by then the
 * connection may be in another one, of another actor.
 */
export const connectionOf = (db: Knex.Transaction): Promise<pg.Client> =>
  db.isCompleted()
    ? Promise.reject(new Error('This transaction has ended.'))
    : (db.client as { acquireConnection(): Promise<pg.Client> }).acquireConnection();

/** Stands for knex's pool: the configuration is one object for all of its transactions. */
export const poolOf = (db: Knex): object => (db.client as { config: object }).config;
