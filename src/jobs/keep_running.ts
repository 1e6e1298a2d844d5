import { setTimeout as pause } from 'node:timers/promises';
import type { Runner } from 'graphile-worker';
import type { Logger } from 'pino';

/** A runner that is to run, or the next one in its place. */
interface Started {
  runner: Runner;
  /** Resolves when it can't be relied on any more: it lost the database while it took or gave back jobs. */
  upset: Promise<unknown>;
}

const RETRY_MS = 1000;

/**
 * Keeps a job runner running until it is stopped. One that lost the database may hold jobs it doesn't know of: another
 * takes its place, under another name, so that the jobs of the first are free once that has not reported for a while.
 * @throws what the first start fails with
 */
export async function keepRunning(start: () => Promise<Started>, log: Logger): Promise<{ stop(): Promise<void> }> {
  const controller = new AbortController();
  const following = follow(await start(), start, controller.signal, log);
  return {
    async stop() {
      controller.abort();
      await following;
    },
  };
}

async function follow(first: Started, start: () => Promise<Started>, signal: AbortSignal, log: Logger): Promise<void> {
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const leaving: Promise<void>[] = [];
  let current: Started | null = first;
  while (!signal.aborted) {
    if (current) {
      const ended = current.runner.promise.catch((error: unknown) => log.warn({ err: error }, 'a job runner stopped'));
      await Promise.race([current.upset, ended, stopped]);
      leaving.push(leave(current.runner, log));
    }
    await Promise.race([pause(RETRY_MS, undefined, { ref: false }), stopped]);
    if (signal.aborted) break;
    current = await start().catch((error: unknown) => {
      log.warn({ err: error }, 'jobs wait for the database');
      return null;
    });
    if (current && signal.aborted) leaving.push(leave(current.runner, log));
  }
  await Promise.all(leaving);
}

/** Lets what is under way end. */
const leave = (runner: Runner, log: Logger): Promise<void> =>
  runner.stop().catch((error: unknown) => log.debug({ err: error }, 'a job runner had stopped by itself'));
