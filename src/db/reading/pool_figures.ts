import type { Database } from '../database.js';

/** knex's own pool, of which its types say nothing. */
interface KnexPool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

/** The connections of a pool that are used and free, and who waits for one. */
interface PoolFigures {
  used: number;
  free: number;
  waiting: number;
}

/** How the two pools stand: that of pages, and that of changes. */
export function poolFigures({ pool, knex }: Database): { pages: PoolFigures; changes: PoolFigures } {
  const { totalCount, idleCount, waitingCount } = pool;
  const changing = (knex.client as { pool: KnexPool }).pool;
  return {
    pages: { used: totalCount - idleCount, free: idleCount, waiting: waitingCount },
    changes: { used: changing.numUsed(), free: changing.numFree(), waiting: changing.numPendingAcquires() },
  };
}
