import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batched, inTurns } from '../../src/db/batches.js';

test('calls that come while one is under way go together, by their key, in order and up to a size', async () => {
  const batches: string[][] = [];
  const upper = batched(
    3,
    (word: string) => word[0] ?? '',
    async (words) => {
      batches.push(words);
      await Promise.resolve();
      return words.map((word) => word.toUpperCase());
    },
  );
  const words = ['a1', 'b1', 'a2', 'a3', 'a4'];
  assert.deepEqual(await Promise.all(words.map(upper)), ['A1', 'B1', 'A2', 'A3', 'A4']);
  assert.deepEqual(
    batches.filter(([first]) => first !== 'b1'),
    [['a1', 'a2', 'a3'], ['a4']],
  );
  assert.equal(await upper('a5'), 'A5');
});

test('what fails fails alone', async () => {
  const half = batched(
    10,
    () => '',
    async (numbers: number[]) => {
      if (numbers.some((one) => one % 2)) throw new Error('odd');
      return numbers.map((one) => one / 2);
    },
  );
  const results = await Promise.allSettled([2, 3, 4].map(half));
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
    [1, 'Error: odd', 2],
  );
});

test('work of the same key is done one after the other, after a failure, too; other work meanwhile', async () => {
  const done: string[] = [];
  const inTurn = inTurns();
  const step = (name: string, steps: number) => async () => {
    for (let i = 0; i < steps; i++) await Promise.resolve();
    done.push(name);
    if (name === 'a1') throw new Error(name);
  };
  const all = [inTurn('a', step('a1', 9)), inTurn('a', step('a2', 1)), inTurn('b', step('b1', 1))];
  const [first] = await Promise.allSettled(all);
  assert.equal(first?.status, 'rejected');
  assert.deepEqual(done, ['b1', 'a1', 'a2']);
});
