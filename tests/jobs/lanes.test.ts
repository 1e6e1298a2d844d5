import assert from 'node:assert/strict';
import { after, test } from 'node:test';
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

test('an email that a person waits for is sent while all others are stuck', async () => {
  const MANY = 40;
  for (let i = 0; i < MANY; i++) await addJob(db.knex, 'send_email', { organization_id: 'o', email_id: `${i}` });
  let [stuck, sent] = [0, false];
  const runner = await start({
    async send_email() {
      stuck += 1;
      await until('the code', () => sent);
    },
    send_awaited_email() {
      sent = true;
    },
  });
  await until('an email', () => stuck > 0);
  await addJob(db.knex, 'send_awaited_email', { organization_id: 'o', email_id: 'code' });
  await done();
  await runner.stop();
  assert.ok(sent && stuck === MANY);
});
