import { setTimeout as pause } from 'node:timers/promises';
import pg, { type PoolConfig } from 'pg';

const AGAIN_MS = 2000;

/**
 * Does the work while no other process does work of this name: the database lends the lock, and takes it back from
 * who dies. `direct` goes past any pooler. The work is told to stop by its signal: when `signal` says so, and when
 * the database, and with it the lock, is lost.
 */
export async function withAdvisoryLock(
  direct: PoolConfig,
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  const client = new pg.Client({ ...direct, connectionTimeoutMillis: 15_000, keepAlive: true });
  client.on('error', stop).on('end', stop);
  try {
    await client.connect();
    while (!over.signal.aborted) {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtext($1)) as mine', [
        name,
      ]);
      if (rows[0]?.mine) return await work(over.signal);
      await pause(AGAIN_MS, undefined, { signal: over.signal }).catch(() => {});
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end().catch(() => {});
  }
}
