import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { root } from '../../src/config.js';
import { act } from '../../src/documents/act.js';
import { watchMail } from '../../src/jobs/watch_mail.js';
import type { Transport } from '../../src/mail/outbox/transport.js';
import { startWorker } from '../../src/start/roles.js';
import { draftInvoice, harbor, sentInvoice } from '../support/harbor.js';
import { envOf, openPortal, type Portal } from '../support/portal.js';
import { until } from '../support/until.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const MAIN = join(import.meta.dirname, '../../src/main.js');

/** Parley as a process of its own, on the portal's database. Resolves once it says that it is up. */
async function launch(roles: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, ...roles], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const up = (async () => {
    for await (const line of createInterface(child.stdout)) if (line.startsWith('Parley is up')) return;
  })();
  await Promise.race([up, once(child, 'exit')]);
  return child;
}

test('killed between the change and the sending, no email is lost', async () => {
  const quiet = await openPortal();
  const home = await harbor(quiet);
  await quiet.close_worker();
  const env = envOf(quiet);
  const { number } = await act(quiet.knex, home.staff, await draftInvoice(quiet, home), 'send');
  const { first } = quiet.post.stall();
  const child = await launch(['worker'], env);
  await first;
  child.kill('SIGKILL');
  await once(child, 'exit');
  quiet.post.resume();
  const worker = await startWorker(quiet.services, 1000);
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

test('a job that takes longer than a runner may be silent is not given to another while its runner lives', async () => {
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
  const workers = [await startWorker(slowly, LEASE_MS), await startWorker(slowly, LEASE_MS)];
  const underway = once(asked, 'asked');
  const { id } = await sentInvoice(quiet, home);
  await underway;
  // Each has looked for silent runners after the job had become older than the lease.
  const lease = `interval '${1.5 * LEASE_MS} milliseconds'`;
  await until('reports of both', async () => {
    const { rows } = await quiet.knex.raw(`
      select count(*) filter (where seen_at > locked_at + ${lease})::int as reported, count(distinct jobs.id)::int as jobs
      from workers, graphile_worker._private_jobs jobs where jobs.locked_at is not null`);
    assert.equal(rows[0].jobs, 1);
    return rows[0].reported === 2;
  });
  assert.equal(answers.length, 1);
  const [email] = await quiet.look(home.organization_id, (db) =>
    db('emails').where({ document_id: id }).select('tries'),
  );
  assert.equal(email?.tries, 1);
  for (const answer of answers) answer();
  for (const worker of workers) await worker.stop();
  await quiet.close();
});

test('a queue that a dead runner left locked without a job is opened', async () => {
  const quiet = await openPortal();
  const home = await harbor(quiet);
  await sentInvoice(quiet, home);
  const received = await quiet.post.to(home.maya.email);
  await quiet.reply(received, 'The first');
  await quiet.post.to(home.olivia.email, ({ text }) => text?.includes('The first') ?? false);
  await quiet.idle();
  await quiet.close_worker();
  await quiet.knex.raw(`update graphile_worker._private_job_queues set locked_by = 'gone', locked_at = now()`);
  const worker = await startWorker(quiet.services, 1000);
  await quiet.reply(received, 'The second');
  await quiet.post.to(home.olivia.email, ({ text }) => text?.includes('The second') ?? false);
  await worker.stop();
  await quiet.close();
});

test('a message whose reading was cut off each time is read all the same', async () => {
  const quiet = await openPortal();
  const home = await harbor(quiet);
  await sentInvoice(quiet, home);
  const received = await quiet.post.to(home.maya.email);
  await quiet.idle();
  await quiet.close_worker();
  await quiet.reply(received, 'Is anybody there?');
  await quiet.knex.raw(`update graphile_worker._private_jobs set attempts = max_attempts`);
  const worker = await startWorker(quiet.services);
  await watchMail({ ...quiet.services, db: quiet.knex });
  await quiet.post.to(home.olivia.email, ({ text }) => text?.includes('Is anybody there?') ?? false);
  await worker.stop();
  await quiet.close();
});
