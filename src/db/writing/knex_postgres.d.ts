/** What we override of knex's client for PostgreSQL, and of its transactions, which knex's types leave out. */
declare module 'knex/lib/dialects/postgres/index.js' {
  import { Knex } from 'knex';
  import type pg from 'pg';

  export interface Statement {
    sql: string;
    bindings?: readonly unknown[];
    /** Further fields of pg's query. */
    options?: { name?: string };
  }

  export default class PostgresClient extends Knex.Client {
    /** Whether it is a transaction's. */
    transacting?: boolean;
    override acquireRawConnection(): Promise<pg.Client>;
    _query(connection: pg.Client, statement: Statement): Promise<Statement>;
  }
}

declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  import type { Knex } from 'knex';
  import type pg from 'pg';

  export default class PostgresTransaction {
    constructor(client: Knex.Client, ...given: unknown[]);
    begin(connection: pg.Client): Promise<unknown>;
    savepoint(connection: pg.Client): Promise<unknown>;
  }
}
