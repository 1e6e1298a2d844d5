import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { root } from '../src/config.js';
import { clock } from '../src/db/scope.js';
import { act } from '../src/documents/act.js';
import { remindAll } from '../src/jobs/clock.js';
import { startWorker } from '../src/start/worker.js';
import { draftInvoice, harbor, openPortal, type Portal, sentInvoice } from './support/portal.js';
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
  const env = {
    ...{ DATABASE_URL: quiet.database_url, SMTP_URL: quiet.post.url, DATA_DIR: quiet.folder, DEMO: 'off', LOG_LEVEL: 'silent' },
    ...{ SECRET: quiet.house.secret, MAIL_DOMAIN: quiet.config.mail_domain, BASE_URL: quiet.base_url },
  };
  const { number } = await act(quiet.knex, home.staff, await draftInvoice(quiet, home), 'send');
  quiet.post.stall();
  const child = await launch(['worker'], env);
  await until('the message under way', () => quiet.post.stalled > 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  quiet.post.resume();
  const worker = await startWorker(quiet.house, 300);
  const letter = await quiet.post.to(home.maya.email);
  assert.ok(letter.subject?.includes(String(number)));
  await quiet.idle();
  const [email] = await quiet.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).select('state', 'message_id'),
  );
  assert.equal(email?.state, 'accepted');
  assert.ok(letter.messageId?.includes(String(email?.message_id)));
  await worker.stop();
  await quiet.close();
});

test('a server that says “later” is asked again with the same Message-ID; one that says “never” is believed', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  await sentInvoice(portal, home);
  const waiting = await until('the first try', () =>
    portal.look(home.organization_id, (db) =>
      db('emails').where({ state: 'queued' }).where('tries', '>', 0).whereNot({ detail: '' }).first(),
    ),
  );
  assert.match(waiting.detail, /451/);
  portal.post.answer = null;
  await portal.knex.raw(`update graphile_worker._private_jobs set run_at = now()`);
  const letter = await portal.post.to(home.maya.email);
  assert.ok(letter.messageId?.includes(waiting.message_id));

  portal.post.answer = { code: 550, message: '5.1.1 no such user' };
  await sentInvoice(portal, home);
  const bounced = await until('the bounce', () =>
    portal.look(home.organization_id, (db) => db('emails').where({ state: 'bounced' }).first()),
  );
  portal.post.answer = null;
  assert.match(bounced.detail, /no such user/);
  const olivias = await portal.signIn(home.olivia.email);
  await olivias
    .get(`/${home.slug}/documents/INV-0002`)
    .expect(/Came back/)
    .expect(/An email to Maya Chen came back/);
});

test('an email that is no longer true is not sent', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  const { id } = await sentInvoice(portal, home);
  await until('the first try', () =>
    portal.look(home.organization_id, (db) => db('emails').where({ state: 'queued' }).whereNot({ detail: '' }).first()),
  );
  await act(portal.knex, home.staff, id, 'void', { reason: 'A mistake' });
  portal.post.answer = null;
  await portal.knex.raw(`update graphile_worker._private_jobs set run_at = now()`);
  const letter = await portal.post.to(home.maya.email);
  assert.match(letter.text ?? '', /voided/);
  await portal.idle();
  assert.equal(portal.post.letters.filter(({ recipient }) => recipient === home.maya.email).length, 1);
});

test('the clock reminds once when the day comes, and never of what is paid', async () => {
  const home = await harbor(portal);
  const [due, paid] = [
    await sentInvoice(portal, home, { issued_on: '2026-01-01', due_on: '2026-03-01' }),
    await sentInvoice(portal, home, { issued_on: '2026-01-01', due_on: '2026-03-01' }),
  ];
  await act(portal.knex, home.staff, paid.id, 'record_payment', { amount: '108', paid_on: '2026-02-01', method: 'Cash' });
  const noon = new Date('2026-03-02T12:00:00Z');
  await Promise.all([remindAll(portal.knex, noon), remindAll(portal.knex, noon)]);
  const letter = await portal.post.to(home.maya.email, ({ text }) => text?.includes('A reminder of invoice') ?? false);
  assert.ok(letter.subject?.includes(due.number));
  assert.equal(letter.attachments.length, 1);
  const reminders = await portal.look(home.organization_id, (db) => db('activities').where({ action: 'remind' }).pluck('document_id'));
  assert.deepEqual(reminders, [due.id]);
});

test('what happened can’t be changed afterwards', async () => {
  const home = await harbor(portal);
  const { id } = await sentInvoice(portal, home);
  for (const table of ['activities', 'versions', 'ledger_entries']) {
    await assert.rejects(
      portal.look(home.organization_id, (db) => db(table).where({ document_id: id }).update({ created_at: new Date() })),
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

test('a typed signature names the version that was seen; a made document is a draft of its own', async () => {
  const { types } = await import('../src/document_types/index.js');
  const { defineType } = await import('../src/document_types/type.js');
  types.push(
    defineType({
      ...{ name: 'promise', label: 'Promise', plural: 'Promises', prefix: 'PROM', partner: 'customer', startedBy: 'staff' },
      states: ['draft', 'sent', 'signed'],
      looks: {
        draft: { label: 'Draft', tone: 'quiet' },
        sent: { label: 'Sent', tone: 'waiting', waits: 'partner' },
        signed: { label: 'Signed', tone: 'good' },
      },
      actions: {
        send: { by: 'staff', from: ['draft'], to: 'sent', freezes: true, says: '{{actor}} sent {{document}}' },
        sign: { by: 'partner', from: ['sent'], to: 'signed', signs: 'always', tells: 'staff', says: '{{actor}} signed {{document}}' },
        invoice: { by: 'staff', from: ['signed'], makes: 'invoice', says: '{{actor}} made an invoice of {{document}}' },
      },
    }),
  );
  const home = await harbor(portal);
  const id = await draftInvoice(portal, home);
  await portal.look(home.organization_id, (db) => db('documents').where({ id }).update({ type: 'promise' }));
  await act(portal.knex, home.staff, id, 'send');
  const maya = { ...clock(home.organization_id, home.maya.id), side: 'partner' as const, partner_id: home.partner_id };
  const seen = (await portal.look(home.organization_id, (db) => db('documents').where({ id }).first('sha256'))).sha256;
  await assert.rejects(act(portal.knex, maya, id, 'sign', { seen }), { status: 422 });
  await assert.rejects(act(portal.knex, maya, id, 'sign', { signature: 'Maya Chen', seen: 'f'.repeat(64) }), { status: 409 });
  await act(portal.knex, maya, id, 'sign', { signature: 'Maya Chen', seen });
  const [activity] = await portal.look(home.organization_id, (db) =>
    db('activities').where({ document_id: id, action: 'sign' }).select('details'),
  );
  assert.deepEqual(activity?.details.signature, { name: 'Maya Chen', version: 1, sha256: seen });
  const { go } = await act(portal.knex, home.staff, id, 'invoice');
  const made = await portal.look(home.organization_id, (db) => db('documents').where({ id: go }).first('type', 'state', 'total', 'number'));
  assert.deepEqual(made, { type: 'invoice', state: 'draft', total: 10_800, number: null });
});
