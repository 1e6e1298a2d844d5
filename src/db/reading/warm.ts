import type pg from 'pg';
import { systemActor } from '../actor.js';
import { actorSettings, SET_ACTOR } from '../actor_settings.js';
import { inOnePacket } from '../pg_stream.js';
import { isLostByPooler, isPreparing, stopPreparing } from './prepared.js';
import type { Query } from './read_queries.js';

type Statement = Required<Pick<Query, 'name' | 'text' | 'values'>>;

/** What pages were read with from a pool, by its name: the text, and as many nulls as it has values. */
const known = new WeakMap<pg.Pool, Map<string, Statement>>();
const MOST = 200;

/** Notes a query for connections of its pool to come. */
export function remember(pool: pg.Pool, { name, text, values = [] }: Query<unknown>): void {
  const statements = known.get(pool) ?? new Map<string, Statement>();
  known.set(pool, statements);
  if (!statements.has(name) && statements.size < MOST)
    statements.set(name, { name, text, values: values.map(() => null) });
}

// Of an id that is null the planner would know that no row has it.
const NONE = '00000000-0000-0000-0000-000000000000';
/** Sees no row of any organization. */
const NOBODY = { ...systemActor(NONE, NONE), side: 'partner' as const, partner_id: NONE, user_id: NONE };
const REST_MS = 60_000;
const SOON_MS = 200;

/**
 * Keeps `count` connections of a pool warm, for as long as it is open: each statement that is known is prepared and
 * planned on them, which takes PostgreSQL ten times as long as to run it. Once a minute all are run for nobody: plans
 * that new statistics have undone are made again, and broken connections are replaced. `first`: what will be asked
 * first. Resolves once the first connection is warm.
 */
export async function keepWarm(pool: pg.Pool, count: number, first: Query<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const schedule = (ms: number) => {
    clearTimeout(timer);
    if (pool.ending) return;
    timer = setTimeout(() => void warmUp(pool, count).finally(() => schedule(REST_MS)), ms).unref();
  };
  if (count === 0) return;
  for (const query of first) remember(pool, query);
  await warmUp(pool, 1);
  pool.on('remove', () => schedule(SOON_MS));
  schedule(0);
}

/** Takes connections one after the other, so that requests find others; gives up at the first that can't be had. */
async function warmUp(pool: pg.Pool, count: number): Promise<void> {
  const taken: pg.PoolClient[] = [];
  try {
    while (taken.length < count && !pool.ending) {
      const client = await pool.connect();
      taken.push(client);
      await runForNobody(pool, client);
    }
  } catch {
    // A server that is away is asked again later; whoever reads a page meanwhile gets the error.
  } finally {
    // The pool hands out first what came back last: the connection used most stays the first.
    for (const client of taken.toReversed()) client.release();
  }
}

async function runForNobody(pool: pg.Pool, client: pg.ClientBase): Promise<void> {
  if (!isPreparing(pool)) return;
  const sent = inOnePacket(client, () => [
    client.query('begin transaction read only'),
    client.query({ ...SET_ACTOR, values: actorSettings(NOBODY) }),
    ...[...(known.get(pool)?.values() ?? [])].map((statement) => client.query(statement)),
    client.query('rollback'),
  ]);
  const settled = await Promise.allSettled(sent);
  if (settled.some((result) => result.status === 'rejected' && isLostByPooler(result.reason))) stopPreparing(pool);
}
