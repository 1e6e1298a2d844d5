import { setTimeout as pause } from 'node:timers/promises';
import pg, { type PoolConfig } from 'pg';

const RETRY_MS = 2000;

/**
 * Runs work under a PostgreSQL advisory lock, which frees itself if its holder dies, so that one process at a time does
 * it. `direct` bypasses any pooler. The work's signal aborts with `signal`, and when the connection, and with it the
 * lock, is lost.
 */
export async function withAdvisoryLock(
  direct: PoolConfig,
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  const client = new pg.Client({ ...direct, connectionTimeoutMillis: 15_000, keepAlive: true });
  client.on('error', abort).on('end', abort);
  try {
    await client.connect();
    while (!controller.signal.aborted) {
      const lock = 'select pg_try_advisory_lock(hashtext($1)) as locked';
      const { rows } = await client.query<{ locked: boolean }>(lock, [name]);
      if (rows[0]?.locked) return await work(controller.signal);
      await pause(RETRY_MS, undefined, { signal: controller.signal }).catch(() => {});
    }
  } finally {
    signal.removeEventListener('abort', abort);
    await client.end().catch(() => {});
  }
}
