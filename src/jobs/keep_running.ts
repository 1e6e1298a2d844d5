import { setTimeout as pause } from 'node:timers/promises';
import type { Runner } from 'graphile-worker';
import type { Logger } from 'pino';

/** A runner that is to run, or the next one in its place. */
interface Started {
  runner: Runner;
  /** Resolves when it can't be relied on any more: it lost the database while it took or gave back jobs. */
  upset: Promise<unknown>;
  /** Resolves when none of its jobs is under way. */
  done: () => Promise<void>;
  /** It does no more jobs: those that it still holds are for others. */
  forget: () => void;
}

const RETRY_MS = 1000;
/** How long it may take a runner to give its jobs back once none is under way. */
const GIVE_BACK_MS = 2000;

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
      leaving.push(leave(current, log));
    }
    await Promise.race([pause(RETRY_MS, undefined, { ref: false }), stopped]);
    if (signal.aborted) break;
    current = await start().catch((error: unknown) => {
      log.warn({ err: error }, 'jobs wait for the database');
      return null;
    });
    if (current && signal.aborted) leaving.push(leave(current, log));
  }
  await Promise.all(leaving);
}

/**
 * Lets what is under way end. Not all runners end: graphile-worker's count of jobs to give back goes wrong when the
 * database fails twice meanwhile, and then it waits for ever.
 */
async function leave({ runner, done, forget }: Started, log: Logger): Promise<void> {
  const stopped = runner
    .stop()
    .catch((error: unknown) => log.debug({ err: error }, 'a job runner had stopped by itself'));
  await Promise.race([stopped, done().then(() => pause(GIVE_BACK_MS, undefined, { ref: false }))]);
  await done(); // one that stops by itself doesn't wait for them
  forget();
}
