import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { emailedInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));
after(() => portal.close());

test('who floods a conversation must pause, and keeps what they typed; nobody else must', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const maya = await portal.open(received);
  const says = (text: string) => maya.post(`${invoice.url}/comment`).type('form').send({ text, audience: 'shared' });
  for (let n = 0; n < 60; n++) await says(`Word ${n}`).expect(303);
  const refused = await says('My last word').expect(422);
  assert.match(refused.text, /too many messages at once/);
  assert.match(refused.text, /My last word/);
  const json = { Accept: 'application/json' };
  await maya.post(`${invoice.url}/comment`).set(json).send({ text: 'By a program' }).expect(422);
  const desk = await portal.signIn(home.olivia.email);
  await desk.post(`${invoice.url}/comment`).type('form').send({ text: 'Slowly, please' }).expect(303);
  const posted = await portal.look(home.organization_id, (db) => db('comments').pluck('id'));
  assert.equal(posted.length, 61);
});
