import type { Knex } from 'knex';
import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import PostgresClient, { type Statement } from 'knex/lib/dialects/postgres/index.js';
import type pg from 'pg';
import { joinWrites } from '../pg_stream.js';
import { nameOf } from './statement_name.js';

/** Longer lists of values come in too many lengths to prepare a statement for each. */
const MOST_VALUES = 100;

/**
 * knex's client, with fewer round trips and plans: what is asked in one turn of the event loop leaves in one packet, a
 * transaction begins with its first statement, and its statements are prepared.
 */
export class PipeliningClient extends PostgresClient {
  override async acquireRawConnection(): Promise<pg.Client> {
    const connection = await super.acquireRawConnection();
    joinWrites(connection);
    return connection;
  }

  override transaction(...given: unknown[]): Knex.Transaction {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- knex types a transaction as what it gives its work
    return new PipeliningTransaction(this, ...given) as unknown as Knex.Transaction;
  }

  override _query(connection: pg.Client, statement: Statement): Promise<Statement> {
    const values = statement.bindings?.length ?? 0;
    if (!this.transacting || !values || values > MOST_VALUES) return super._query(connection, statement);
    const options = { ...statement.options, ...nameOf(this.config, statement.sql) };
    return super._query(connection, { ...statement, options });
  }
}

/** Doesn't wait for its beginning: if that fails, so does the transaction. */
class PipeliningTransaction extends PostgresTransaction {
  override async begin(connection: pg.Client): Promise<void> {
    void super.begin(connection);
  }

  override async savepoint(connection: pg.Client): Promise<void> {
    void super.savepoint(connection);
  }
}
