import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const look = <T>(home: Harbor, work: Parameters<typeof portal.look<T>>[1]) => portal.look(home.organization_id, work);

const activities = (home: Harbor, action: string) => look(home, (db) => db('activities').where({ action }).select());

/** A comment's email to Maya, and where it says that more like it can be stopped. */
async function stoppable() {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const say = (text: string) => act(portal.knex, home.staff, invoice.id, 'comment', { text });
  await say('First word');
  const received = await portal.post.to(home.maya.email, 'First word');
  const [, url = ''] = /^List-Unsubscribe:\s*<(.*)>/im.exec(received.raw.replace(/\r\n[ \t]+/g, ' ')) ?? [];
  return { home, invoice, say, received, path: new URL(url).pathname };
}

const lastTo = (home: Harbor) =>
  look(home, (db) => db('emails').where({ person_id: home.maya.id, kind: 'event' }).orderBy('id', 'desc').first());

test('one-click unsubscribe, without a cookie and from any site, stops optional mail about one document; opening the page doesn’t', async () => {
  const { home, invoice, say, received, path } = await stoppable();
  assert.match(received.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
  assert.ok(received.text?.includes('Stop emails about invoice INV-0001:') && received.text.includes(path));
  assert.ok(String(received.html).includes(path));
  const nobody = portal.browser();
  for (let i = 0; i < 10; i++)
    await nobody
      .get(path)
      .expect(200)
      .expect(/Stop these emails/);
  await say('Second word');
  await portal.post.to(home.maya.email, 'Second word');
  const click = () =>
    nobody
      .post(path)
      .set({ Origin: 'https://mail.example', 'Sec-Fetch-Site': 'cross-site' })
      .type('form')
      .send({ 'List-Unsubscribe': 'One-Click' });
  await click().expect(200);
  await click()
    .expect(200)
    .expect(/You get fewer emails/);
  assert.equal((await activities(home, 'mute')).length, 1);
  await say('Third word');
  await portal.idle();
  const muted = await lastTo(home);
  assert.deepEqual([muted.state, /no more mail like this/.test(muted.detail)], ['skipped', true]);
  await act(portal.knex, home.staff, invoice.id, 'void', { reason: 'A mistake' });
  await portal.post.to(home.maya.email, ({ text }) => /voided/.test(text ?? ''));
  const other = await sentInvoice(portal, home);
  await act(portal.knex, home.staff, other.id, 'comment', { text: 'About another' });
  await portal.post.to(home.maya.email, 'About another');
  await portal.signIn(home.maya.email);
  const olivias = await portal.signIn(home.olivia.email);
  await olivias.get(invoice.url).expect(/Maya Chen asked for fewer emails about this invoice/);
});

test('unsubscribing can be undone on the same page, and a guessed link is not found', async () => {
  const { home, say, path } = await stoppable();
  const nobody = portal.browser();
  await nobody.post(path).expect(200).expect(/Undo/);
  await nobody
    .post(`${path}/undo`)
    .expect(200)
    .expect(/Stop these emails/);
  await say('And on');
  await portal.post.to(home.maya.email, 'And on');
  assert.deepEqual([(await activities(home, 'mute')).length, (await activities(home, 'unmute')).length], [1, 1]);
  const other = `${path.slice(0, -1)}${path.endsWith('0') ? '1' : '0'}`;
  for (const wrong of [other, '/unsubscribe/x', `/unsubscribe/${'a'.repeat(64)}`]) await nobody.post(wrong).expect(404);
});
