import knex, { type Knex } from 'knex';
import pg from 'pg';
import { poolOf } from './writing/knex_connection.js';
import { stopPreparing } from './reading/prepared.js';
import { PipeliningClient } from './writing/knex_client.js';

// Money and counts as JavaScript numbers, dates as ISO strings.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond what can be counted exactly`);
  return value;
});
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/**
 * `knex` makes changes, in transactions; `pool` reads pages, each in one round trip. Connections of both pipeline:
 * queries sent without awaiting one another (`Promise.all` in a transaction) run in order, in one round trip.
 */
export interface Database {
  knex: Knex;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** How long a request waits for a connection before it fails. */
const CONNECTION_TIMEOUT_MS = 15_000;
/** After so long a rest TCP asks whether the other end is still there, and firewalls see that somebody is. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Opens both pools on one database, each of at most `size` connections, which are made when first needed. `kept` of them
 * stay open for good; others until they have rested for a while.
 */
export function openDatabase(config: pg.PoolConfig, size = 10, kept = 0): Database {
  const connection = { ...config, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS };
  const pool = new pg.Pool({
    ...connection,
    min: kept,
    max: size,
    pipeline: true,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
  });
  // A broken connection is replaced at the next query, which throws if it can't be. One that breaks while it is used
  // fails what is asked; unheard, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const writer = knex({
    client: PipeliningClient,
    connection: { ...connection, pipeline: true } as Knex.PgConnectionConfig,
    pool: { min: kept, max: size },
    acquireConnectionTimeout: CONNECTION_TIMEOUT_MS,
    // An error names its statement, not what was to be stored.
    compileSqlOnError: false,
  });
  return {
    knex: writer,
    pool,
    async close() {
      await Promise.all([writer.destroy(), pool.end()]);
    },
  };
}

/**
 * Sends all queries with their text from the start. A pooler in transaction mode gives each transaction another of the
 * server's connections, on which other statements are prepared, or under the same name those of another release.
 */
export function stopPreparingAll({ pool, knex }: Database): void {
  stopPreparing(pool);
  stopPreparing(poolOf(knex));
}

/**
 * Refuses to start with a role that bypasses row security: one forgotten `where` would show another tenant's data.
 * @throws Error, for the terminal.
 */
export async function refuseUnboundRole(db: Knex): Promise<void> {
  const { rows } = await db.raw<{ rows: { name: string; unbound: boolean }[] }>(
    'select rolname as name, rolsuper or rolbypassrls as unbound from pg_roles where rolname = current_user',
  );
  const role = rows[0];
  if (!role || role.unbound) {
    throw new Error(
      `The database role "${role?.name}" is a superuser or has BYPASSRLS. Use a role that row security binds.`,
    );
  }
}
