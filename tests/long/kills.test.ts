import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { chaos, prepareWriters } from '../support/chaos/chaos.js';
import { harbor } from '../support/harbor.js';
import { envOf, openPortal } from '../support/portal.js';
import { type Size, sized } from '../support/sized.js';
import { UNHURRIED } from '../support/unhurried.js';

/** Processes of their own for mail and jobs, on a database and a mail server of theirs, ended again and again. */
async function chaosOn(
  t: TestContext,
  { count, random }: Size,
  signal: 'SIGKILL' | 'SIGTERM',
  load: { lease: number; mails_per_second: number },
) {
  const quiet = await openPortal();
  t.after(() => quiet.close());
  const home = await harbor(quiet);
  const writers = await prepareWriters({ ...quiet, home }, 4);
  await quiet.close_worker();
  await quiet.close_mail();
  const env = { ...envOf(quiet), ...UNHURRIED, INBOUND_SMTP_PORT: String(quiet.mail_port) };
  const verdict = await chaos({ ...quiet, home, env, ends: count, random, signal, writers, life: 2500, ...load });
  assert.equal(verdict.ends, count);
  assert.ok(verdict.acknowledged >= writers.length, JSON.stringify(verdict));
  return verdict;
}

const KEPT = { lost: 0, kept_twice: 0, not_one_comment: 0, out_of_order: 0, never_arrived: 0, doubled: 0 };

test('killed at random moments, nothing that was acknowledged is lost, doubled or out of order, and every email arrives', async (t) => {
  const verdict = await chaosOn(t, sized(t, 3, 60), 'SIGKILL', { lease: 2000, mails_per_second: 5 });
  assert.deepEqual({ ...verdict, ...KEPT }, verdict);
});

test('asked to end and started again under load, nothing is lost, doubled or sent twice', async (t) => {
  const verdict = await chaosOn(t, sized(t, 2, 20), 'SIGTERM', { lease: 30_000, mails_per_second: 10 });
  assert.deepEqual({ ...verdict, ...KEPT, came_again: 0 }, verdict);
});
