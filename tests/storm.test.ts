import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envOf, harbor, openPortal } from './support/portal.js';
import { UNHURRIED } from './support/unhurried.js';
import { storm } from './support/storm/storm.js';

/** Processes of their own for mail and jobs, on a database and a mail server of theirs, ended again and again. */
async function stormOn(ends: number, signal: 'SIGKILL' | 'SIGTERM', mails_per_second: number) {
  const quiet = await openPortal();
  const home = await harbor(quiet);
  await quiet.close_worker();
  await quiet.close_mail();
  const env = { ...envOf(quiet), ...UNHURRIED, INBOUND_SMTP_PORT: String(quiet.mail_port) };
  const verdict = await storm({
    ...quiet,
    home,
    env,
    ends,
    at_most_s: 100,
    signal,
    lease: 2000,
    writers: 8,
    mails_per_second,
  });
  await quiet.close();
  return verdict;
}

const KEPT = { lost: 0, kept_twice: 0, not_one_comment: 0, out_of_order: 0, never_arrived: 0, doubled: 0 };

test('killed at random moments: what was acknowledged is kept and said once, in order, and every email arrives', async () => {
  const verdict = await stormOn(15, 'SIGKILL', 10);
  assert.deepEqual({ ...verdict, ...KEPT }, verdict);
  assert.ok(verdict.ends > 5 && verdict.acknowledged > 15, JSON.stringify(verdict));
});

test('told to end and started again under load: nothing is lost, said or sent twice', async () => {
  const verdict = await stormOn(4, 'SIGTERM', 50);
  assert.deepEqual({ ...verdict, ...KEPT, came_again: 0 }, verdict);
  assert.ok(verdict.acknowledged > 20, JSON.stringify(verdict));
});
