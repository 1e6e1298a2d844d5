import { setTimeout as pause } from 'node:timers/promises';

/** How long a test may hang before it is given up. Nothing else in the tests is bound to time: slow is not wrong. */
export const PATIENCE_MS = 6 * 60_000;

/**
 * Asks again until there is an answer: for what another program does, of which nothing here hears. What Parley's jobs
 * bring is awaited by `portal.idle` and `portal.until`.
 */
export async function until<T>(
  name: string,
  ask: () => T | undefined | null | false | Promise<T | undefined | null | false>,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() - began > PATIENCE_MS) throw new Error(`Waited in vain for ${name}.`);
    await pause(20);
  }
}
