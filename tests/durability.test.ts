import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { root } from '../src/config.js';
import { act } from '../src/documents/act.js';
import { tick } from '../src/jobs/tick.js';
import { watchMail } from '../src/jobs/watch_mail.js';
import type { Transport } from '../src/mail/outbox/transport.js';
import { startWorker } from '../src/start/roles.js';
import { draftInvoice, harbor, sentInvoice } from './support/harbor.js';
import { envOf, openPortal, type Portal } from './support/portal.js';
import { until } from './support/until.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const MAIN = join(import.meta.dirname, '../src/main.js');

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

test('a server that says “later” is asked again with the same Message-ID; one that says “never” is believed', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  await sentInvoice(portal, home);
  await portal.idle();
  const waiting = await portal.look(home.organization_id, (db) =>
    db('emails').where({ state: 'queued' }).where('tries', '>', 0).whereNot({ detail: '' }).first(),
  );
  assert.match(waiting.detail, /451/);
  portal.post.answer = null;
  await portal.runJobsNow();
  const received = await portal.post.to(home.maya.email);
  assert.ok(received.messageId?.includes(waiting.message_id));

  portal.post.answer = { code: 550, message: '5.1.1 no such user' };
  await sentInvoice(portal, home);
  await portal.idle();
  const bounced = await portal.look(home.organization_id, (db) => db('emails').where({ state: 'bounced' }).first());
  portal.post.answer = null;
  assert.match(bounced.detail, /no such user/);
  const olivias = await portal.signIn(home.olivia.email);
  await olivias
    .get(`/${home.slug}/documents/INV-0002`)
    .expect(/Came back/)
    .expect(/An email to Maya Chen came back/);
});

test('a mail server that refuses us, not the message, is asked again: nothing came back, nobody is marked', async () => {
  const home = await harbor(portal);
  portal.post.refuses_senders = true;
  await sentInvoice(portal, home);
  await portal.idle();
  const waiting = await portal.look(home.organization_id, (db) =>
    db('emails').where('tries', '>', 0).whereNot({ detail: '' }).first(),
  );
  portal.post.refuses_senders = false;
  assert.deepEqual([waiting.state, /530/.test(waiting.detail)], ['queued', true]);
  const maya = await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.maya.id }).first('bounced_at'),
  );
  assert.equal(maya.bounced_at, null);
  await portal.runJobsNow();
  await portal.post.to(home.maya.email);
});

test('a migration that was killed does not lock the next start out, and several starts at once take turns', async () => {
  const { migrate } = await import('../src/db/migrate.js');
  await portal.knex('migrations_lock').update({ is_locked: 1 });
  await Promise.all([migrate(portal.knex), migrate(portal.knex), migrate(portal.knex)]);
});

test('an email that is no longer true is not sent', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  const { id } = await sentInvoice(portal, home);
  await portal.idle();
  await act(portal.knex, home.staff, id, 'void', { reason: 'A mistake' });
  portal.post.answer = null;
  await portal.runJobsNow();
  const received = await portal.post.to(home.maya.email);
  assert.match(received.text ?? '', /voided/);
  await portal.idle();
  assert.equal(portal.post.emails.filter(({ recipient }) => recipient === home.maya.email).length, 1);
});

test('the clock reminds once when the day comes, and never of what is paid', async () => {
  const home = await harbor(portal);
  const [due, paid] = [
    await sentInvoice(portal, home, { issued_on: '2026-01-01', due_on: '2026-03-01' }),
    await sentInvoice(portal, home, { issued_on: '2026-01-01', due_on: '2026-03-01' }),
  ];
  await act(portal.knex, home.staff, paid.id, 'record_payment', {
    amount: '108',
    paid_on: '2026-02-01',
    method: 'Cash',
  });
  const noon = new Date('2026-03-02T12:00:00Z');
  await Promise.all([tick(portal.knex, noon), tick(portal.knex, noon)]);
  const received = await portal.post.to(
    home.maya.email,
    ({ text }) => text?.includes('A reminder of invoice') ?? false,
  );
  assert.ok(received.subject?.includes(due.number));
  assert.equal(received.attachments.length, 1);
  const reminders = await portal.look(home.organization_id, (db) =>
    db('activities').where({ action: 'remind' }).pluck('document_id'),
  );
  assert.deepEqual(reminders, [due.id]);
});

test('what happened can’t be changed afterwards', async () => {
  const home = await harbor(portal);
  const { id } = await sentInvoice(portal, home);
  for (const table of ['activities', 'versions', 'ledger_entries']) {
    await assert.rejects(
      portal.look(home.organization_id, (db) =>
        db(table).where({ document_id: id }).update({ created_at: new Date() }),
      ),
      /append-only/,
    );
    await assert.rejects(
      portal.look(home.organization_id, (db) => db(table).where({ document_id: id }).delete()),
      /append-only/,
    );
  }
});

test('a role that row security doesn’t bind is refused at the start', async () => {
  const { refuseUnboundRole, openDatabase } = await import('../src/db/database.js');
  const { connectionTo } = await import('./support/database.js');
  const superuser = openDatabase({ ...connectionTo('postgres'), user: 'postgres' });
  await assert.rejects(refuseUnboundRole(superuser.knex), /row security/);
  await superuser.close();
  await refuseUnboundRole(portal.knex);
});

/** Parley on the portal's database, until it ends by itself: its exit code and its last words. */
async function ended(portal: Portal, env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: portal.database_url,
      DATA_DIR: portal.folder,
      DEMO: 'off',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 30_000,
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const [code] = await once(child, 'exit');
  return { code, words };
}

test('what keeps it from starting is said in a line that names the setting, and it ends', async () => {
  const [web, mail] = [String(portal.config.port), String(portal.mail_port)];
  const wrong: [Record<string, string>, RegExp][] = [
    [{ PORT: web, INBOUND_SMTP_PORT: '0' }, /^PORT: .*in use/],
    [{ PORT: '0', INBOUND_SMTP_PORT: mail }, /^INBOUND_SMTP_PORT: .*in use/],
    [{ DATABASE_URL: 'postgresql://parley@127.0.0.1:1/parley' }, /^DATABASE_URL: .*127\.0\.0\.1:1/],
    [{ DATABASE_URL: 'postgresql://parley@localhost:1/parley' }, /^DATABASE_URL: .*refused/i],
    [{ LISTEN_URL: 'postgresql://parley@localhost:1/parley' }, /^LISTEN_URL: .*refused/i],
    [{ DATABASE_URL: 'not a url' }, /^DATABASE_URL: /],
    [{ NODE_ENV: 'prod' }, /^NODE_ENV: /],
    [{ BASE_URL: 'localhost:3000' }, /^BASE_URL: /],
    [{ SMTP_URL: 'http://mail.example' }, /^SMTP_URL: /],
    [{ NODE_ENV: 'production' }, /^In production, set SECRET, BASE_URL, SMTP_URL/],
  ];
  for (const [env, sentence] of wrong) {
    const { code, words } = await ended(portal, env);
    assert.equal(code, 1, words);
    assert.match(words, sentence);
    assert.equal(words.trim().split('\n').length, 1, words);
  }
});

test('it stops when told, though browsers hold connections open on which they have asked for nothing', async () => {
  const other = await openPortal();
  const idle = connect(other.config.port, '127.0.0.1');
  await once(idle, 'connect');
  idle.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET / HT');
  await once(idle, 'data');
  const more: string[] = [];
  idle.setEncoding('utf8').on('data', (text: string) => more.push(text));
  await Promise.all([other.close(), once(idle, 'close')]);
  // Who waits for the rest of the request gives up in the end, and says so with 408.
  assert.deepEqual(more, [], 'it waited for somebody who says nothing');
});
