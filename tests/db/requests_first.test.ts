import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as others } from 'node:timers/promises';
import { afterRequests, requestBegan } from '../../src/db/reading/requests_first.js';

/** Work that lets requests go first, and whether it has begun. */
async function waitingWork(): Promise<() => boolean> {
  let begun = false;
  void afterRequests().then(() => (begun = true));
  await others();
  return () => begun;
}

test('mail and jobs begin at once when nobody waits for a page', async () => {
  const begun = await waitingWork();
  assert.ok(begun());
});

test('they wait until the last request is answered', async () => {
  const [one, other] = [requestBegan(), requestBegan()];
  const begun = await waitingWork();
  one();
  await others();
  assert.ok(!begun());
  other();
  await others();
  assert.ok(begun());
});

test('a request that is never answered, as a live page’s, holds them up for a moment only', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const answered = requestBegan();
  const begun = await waitingWork();
  mock.timers.tick(250);
  await others();
  assert.ok(begun());
  const later = await waitingWork();
  assert.ok(later());
  answered();
  mock.timers.reset();
});
