import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { openDatabase } from '../../src/db/database.js';
import { addJob } from '../../src/db/jobs.js';
import { runJobs } from '../../src/jobs/run.js';
import { cloneDatabase, connectionTo } from '../support/database.js';
import { until } from '../support/until.js';

const database = await cloneDatabase();
const db = openDatabase(connectionTo(database.name));
after(async () => {
  await db.close();
  await database.drop();
});

const silent = pino({ level: 'silent' });
const start = (tasks: Parameters<typeof runJobs>[1]) => runJobs(connectionTo(database.name), tasks, '', silent);
const done = () => until('the jobs', async () => !(await db.knex('graphile_worker._private_jobs').first('id')));

test('jobs of a queue run one after the other, in the order in which they were queued', async () => {
  const [order, busy]: [string[], Set<string>] = [[], new Set()];
  for (let i = 0; i < 12; i++)
    await addJob(db.knex, 'sandbox_webhook', { body: `${i}` }, { queue: 'mail a@b.example' });
  const runner = await start({
    async sandbox_webhook(payload) {
      const { body } = payload as { body: string };
      assert.equal(busy.size, 0);
      busy.add(body);
      await pause(2);
      busy.delete(body);
      order.push(body);
    },
  });
  await done();
  await runner.stop();
  assert.deepEqual(
    order,
    Array.from({ length: 12 }, (_, i) => `${i}`),
  );
});

test('emails are fetched several at a time, and are under way together', async () => {
  const TOGETHER = 8;
  for (let i = 0; i < TOGETHER; i++) await addJob(db.knex, 'send_email', { organization_id: 'o', email_id: `${i}` });
  let begun = 0;
  const fetches = new Set<number>();
  const runner = await start({
    async send_email(_payload, { job }) {
      fetches.add(job.locked_at?.getTime() ?? 0);
      begun += 1;
      await until('the others', () => begun === TOGETHER);
    },
  });
  await done();
  await runner.stop();
  assert.equal(fetches.size, 1);
});
