import { setImmediate as others } from 'node:timers/promises';
import { forNobody } from '../telemetry/cause.js';

interface Call<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes one call of several: while `work` is under way, what comes waits, and then goes together, in the order in which
 * it came and at most `size` at a time. What has another key goes apart, at the same time. `work` gives a result for
 * each item; if it fails, each is tried alone, so that one can't fail the others.
 */
export function batched<Item, Result>(
  size: number,
  keyOf: (item: Item) => string,
  work: (items: Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
  const groups = new Map<string, Call<Item, Result>[]>();
  async function drain(key: string, calls: Call<Item, Result>[]): Promise<void> {
    await others();
    while (calls.length) await settle(calls.splice(0, size), work);
    groups.delete(key);
  }
  return (item) =>
    new Promise((resolve, reject) => {
      const key = keyOf(item);
      const calls = groups.get(key) ?? [];
      calls.push({ item, resolve, reject });
      if (groups.has(key)) return;
      groups.set(key, calls);
      void forNobody(() => drain(key, calls));
    });
}

async function settle<Item, Result>(
  calls: Call<Item, Result>[],
  work: (items: Item[]) => Promise<Result[]>,
): Promise<void> {
  try {
    const results = await work(calls.map(({ item }) => item));
    for (const [i, { resolve }] of calls.entries()) resolve(results[i] as Result);
  } catch (error) {
    if (calls.length === 1) calls[0]?.reject(error);
    else await Promise.all(calls.map((call) => settle([call], work)));
  }
}

/** Runs what has the same key one after the other, in the order of the calls. */
export function inTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    const leave = () => last.get(key) === turn && last.delete(key);
    turn.then(leave, leave);
    return turn;
  };
}

/** Runs at most `size` at a time; the others wait, in the order in which they came. */
export function atMost(size: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = size;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
