import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('after a 4xx answer an email is sent again with the same Message-ID; after a 5xx it has bounced', async () => {
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

test('a mail server that refuses the sender is tried again: it is no bounce, and marks nobody', async () => {
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

test('an email that is out of date is not sent', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  const { id } = await sentInvoice(portal, home);
  await portal.idle();
  await act(portal.knex, home.staff, id, 'void', { reason: 'A mistake' });
  portal.post.answer = null;
  await portal.runJobsNow(); // the first is given up, and the next of the thread looks again whether it has gone
  await portal.idle();
  await portal.runJobsNow();
  const received = await portal.post.to(home.maya.email);
  assert.match(received.text ?? '', /voided/);
  await portal.idle();
  assert.equal(portal.post.emails.filter(({ recipient }) => recipient === home.maya.email).length, 1);
});
