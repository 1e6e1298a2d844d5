import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { act } from '../../src/act.js';
import { systemActor, withActor } from '../../src/db/scope.js';
import { watchMail } from '../../src/jobs/watch_mail.js';
import type { Transport } from '../../src/mail/outbox/transport.js';
import { draftInvoice, harbor, sentInvoice } from '../support/harbor.js';
import { startParley } from '../support/parley_process.js';
import { openPortal } from '../support/portal.js';
import { until } from '../support/until.js';

test('no email is lost when the worker is killed while sending it', async () => {
  const quiet = await openPortal();
  const home = await harbor(quiet);
  await quiet.close_worker();
  const { number } = await act(quiet.knex, home.staff, await draftInvoice(quiet, home), 'send');
  const { first } = quiet.post.stall();
  const process = startParley(quiet, ['worker']);
  await first;
  await process.kill();
  quiet.post.resume();
  const worker = await quiet.startWorker(1000);
  const received = await quiet.post.to(home.maya.email);
  assert.ok(received.subject?.includes(String(number)));
  await quiet.idle();
  const [email] = await quiet.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).select('state', 'message_id'),
  );
  assert.equal(email?.state, 'accepted');
  assert.ok(received.messageId?.includes(String(email?.message_id)));
  await worker.stop();
  await quiet.close();
});

test('a job longer than the lease is not given to another worker while its own lives', async () => {
  const quiet = await openPortal();
  const home = await harbor(quiet);
  await quiet.close_worker();
  const answers: (() => void)[] = [];
  const asked = new EventEmitter();
  const slow: Transport = {
    send: () =>
      new Promise((resolve) => {
        answers.push(() => resolve({ response: '250' }));
        asked.emit('asked');
      }),
    close: () => {},
  };
  const slowly = { ...quiet.services, post: { ...quiet.services.post, transport: slow } };
  const LEASE_MS = 3000;
  // The names by which a worker holds jobs: one for emails, one for webhooks, one for all else.
  const LANES = 3;
  const workers = [await quiet.startWorker(LEASE_MS, slowly), await quiet.startWorker(LEASE_MS, slowly)];
  const underway = once(asked, 'asked');
  const { id } = await sentInvoice(quiet, home);
  await underway;
  // Each has looked for silent runners after the job had become older than the lease.
  const lease = `interval '${1.5 * LEASE_MS} milliseconds'`;
  await until('reports of both', async () => {
    const { rows } = await quiet.knex.raw(`
      select count(*) filter (where seen_at > locked_at + ${lease})::int as reported, count(distinct jobs.id)::int as jobs
      from workers, graphile_worker.jobs where locked_at is not null and task_identifier = 'send_email'`);
    assert.equal(rows[0].jobs, 1);
    return rows[0].reported === 2 * LANES;
  });
  assert.equal(answers.length, 1);
  const [email] = await quiet.look(home.organization_id, (db) =>
    db('emails').where({ subject_id: id }).select('tries'),
  );
  assert.equal(email?.tries, 1);
  for (const answer of answers) answer();
  for (const worker of workers) await worker.stop();
  await quiet.close();
});

test('mail that a dead worker had taken is read by another, before later mail to the same address', async () => {
  const quiet = await openPortal();
  const home = await harbor(quiet);
  await sentInvoice(quiet, home);
  const received = await quiet.post.to(home.maya.email);
  await quiet.idle();
  await quiet.close_worker();
  await quiet.reply(received, 'The first');
  const { rows } = await quiet.knex.raw(
    `update graphile_worker._private_jobs set locked_by = 'gone', locked_at = now() returning id`,
  );
  await withActor(quiet.knex, systemActor(null), (db) => db('inbound_deliveries').update({ job_id: rows[0].id }));
  const worker = await quiet.startWorker(1000);
  await quiet.reply(received, 'The second');
  await quiet.post.to(home.olivia.email, 'The second');
  const comments = await quiet.look(home.organization_id, (db) => db('comments').orderBy('id').pluck('body'));
  assert.deepEqual(comments, ['The first', 'The second']);
  await worker.stop();
  await quiet.close();
});

test('a message whose every try was cut off is read once more', async () => {
  const quiet = await openPortal();
  const home = await harbor(quiet);
  await sentInvoice(quiet, home);
  const received = await quiet.post.to(home.maya.email);
  await quiet.idle();
  await quiet.close_worker();
  await quiet.reply(received, 'Is anybody there?');
  const { rowCount } = await quiet.knex.raw(`update graphile_worker._private_jobs set attempts = max_attempts`);
  assert.equal(rowCount, 1);
  const worker = await quiet.startWorker();
  await watchMail({ ...quiet.services, db: quiet.knex });
  await quiet.post.to(home.olivia.email, 'Is anybody there?');
  await worker.stop();
  await quiet.close();
});
