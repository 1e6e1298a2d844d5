import knex, { type Knex } from 'knex';
import pg from 'pg';

// Money and counts fit a JavaScript number; dates stay the text they are.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond what can be counted exactly`);
  return value;
});
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/**
 * `knex` makes changes, in transactions; `pool` reads pages, each in one round trip. Clients of both pipeline: what
 * is asked without waiting for the answer before (`Promise.all` in one transaction) is done in that order, in one
 * round trip.
 */
export interface Database {
  knex: Knex;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** For how long somebody waits for a connection before they are told that there is none. */
const PATIENCE_MS = 15_000;

/** Opens both pools on the same database. Connections are made when first needed. */
export function openDatabase(connection: pg.PoolConfig, size = 10): Database {
  const pool = new pg.Pool({
    ...connection,
    max: size,
    pipeline: true,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: PATIENCE_MS,
  });
  pool.on('error', () => {}); // an idle connection that broke is replaced at the next query, which reports if it can't
  const changes = knex({
    client: 'pg',
    connection: { ...connection, pipeline: true } as Knex.PgConnectionConfig,
    pool: { min: 0, max: size },
    acquireConnectionTimeout: PATIENCE_MS,
  });
  return {
    knex: changes,
    pool,
    async close() {
      await Promise.all([changes.destroy(), pool.end()]);
    },
  };
}

/**
 * Stops a start-up with a role that row security doesn't bind: one forgotten `where` would then show another's data.
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
