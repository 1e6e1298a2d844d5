import type { TestContext } from 'node:test';
import { type Random, seeded } from './random.js';

/** How much of a test that could go on for ever is done, and what it chooses by. */
export interface Size {
  count: number;
  seed: number;
  random: Random;
}

/**
 * The size of a test of fuzz, chaos or kills: a slice with the same seed each time for `npm test`, all of it with
 * another seed each time for `npm run test:long`. TEST_SIZE and TEST_SEED in the environment say otherwise. The report
 * shows both, so that what failed can be run again.
 */
export function sized(test: Pick<TestContext, 'diagnostic'>, slice: number, full: number): Size {
  const { TEST_LONG, TEST_SIZE, TEST_SEED } = process.env;
  const count = Number(TEST_SIZE ?? (TEST_LONG ? full : slice));
  const seed = Number(TEST_SEED ?? (TEST_LONG ? Math.floor(Math.random() * 2 ** 31) : 1));
  test.diagnostic(`TEST_SIZE=${count} TEST_SEED=${seed}`);
  return { count, seed, random: seeded(seed) };
}
