import type pg from 'pg';
import type { Actor } from '../actor.js';
import { actorSettings, SET_ACTOR } from '../actor_settings.js';
import { inOnePacket } from '../pg_stream.js';
import { isBrokenConnection } from '../outage.js';
import { SET_PLANNER } from '../planner.js';
import { isLostByPooler, isLostStatement, isPreparing, stopPreparing } from './prepared.js';
import { remember } from './warm.js';

export interface Query<Row = Record<string, unknown>> {
  /** Names the prepared statement; one name, one text. */
  name: string;
  text: string;
  values?: unknown[];
  /** Never set: it carries the type. */
  row?: Row;
}

/** The rows of each query. */
export type QueryRows<Queries extends readonly Query<unknown>[]> = {
  -readonly [K in keyof Queries]: RowOf<Queries[K]>[];
};
type RowOf<Q> = Q extends Query<infer Row> ? (unknown extends Row ? Record<string, unknown> : Row) : never;

/** The rows of each query, as `actor` sees them, in one round trip and one read-only transaction. */
export async function read<Queries extends readonly Query<unknown>[]>(
  pool: pg.Pool,
  actor: Actor,
  ...queries: Queries
): Promise<QueryRows<Queries>> {
  const [, ...results] = await runAll(pool, [{ ...SET_ACTOR, values: actorSettings(actor) }, ...queries]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that trusts each query's row type
  return results as QueryRows<Queries>;
}

const PLANNER: Query = { name: 'planner', text: `select ${SET_PLANNER}` };

/** As `read`, before the actor is known: the queries themselves set the secret that opens their rows. */
export async function pipeline(pool: pg.Pool, queries: Query<unknown>[]): Promise<Record<string, unknown>[][]> {
  const [, ...results] = await runAll(pool, [PLANNER, ...queries]);
  return results;
}

/** Again for a reason that passes: each of a pool's connections may have been ended by a server that restarts. */
async function runAll(pool: pg.Pool, queries: Query<unknown>[]): Promise<Record<string, unknown>[][]> {
  let named = isPreparing(pool);
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(pool, queries, named);
    } catch (error) {
      const lost = isLostStatement(error);
      if ((!lost && !isBrokenConnection(error)) || attempt > pool.options.max) throw error;
      if (isLostByPooler(error)) stopPreparing(pool);
      if (lost) named = false;
    }
  }
}

async function send(pool: pg.Pool, queries: Query<unknown>[], named: boolean): Promise<Record<string, unknown>[][]> {
  const client = await pool.connect();
  const sent = inOnePacket(client, () => [
    client.query('begin transaction read only'),
    ...queries.map(({ name, text, values = [] }) =>
      client.query<Record<string, unknown>>(named ? { name, text, values } : { text, values }),
    ),
    client.query('commit'),
  ]);
  const settled = await Promise.allSettled(sent);
  const failed = settled.find((result) => result.status === 'rejected');
  client.release(failed ? true : undefined);
  if (failed) throw failed.reason;
  for (const query of queries) remember(pool, query);
  return settled.slice(1, -1).map((result) => (result.status === 'fulfilled' ? result.value.rows : []));
}
