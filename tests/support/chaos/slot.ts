import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../random.js';

export interface Slot {
  role: 'mail' | 'worker';
  env: Record<string, string>;
  /** After how long silence a job runner's work is given to others. */
  lease: number;
  /** How long it lives once it works, at most, in milliseconds. */
  life: number;
}

/** Starts the process of a slot. `up` settles once it works, or has ended. */
export function launch({ role, env, lease }: Omit<Slot, 'life'>) {
  const child = fork(join(import.meta.dirname, 'process.js'), [role, `${lease}`], { env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  return { child, ended, up: Promise.race([once(child, 'message'), ended]) };
}

/** So many in a hundred die while they start. */
const EARLY = 15;

/**
 * Starts a slot's process again and again and ends it at a random moment, as long as `more` says so. The last one
 * lives.
 */
export async function killAgainAndAgain(
  slot: Slot,
  signal: NodeJS.Signals,
  random: Random,
  more: () => boolean,
): Promise<ChildProcess> {
  for (;;) {
    const { child, ended, up } = launch(slot);
    const early = signal === 'SIGKILL' && random(100) < EARLY;
    if (!early) await up;
    if (!more()) {
      await up;
      return child;
    }
    await pause(random(early ? 600 : slot.life));
    if (!child.kill(signal)) throw new Error(`A ${slot.role} ended by itself.`);
    await ended;
  }
}
