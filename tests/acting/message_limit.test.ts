import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { flood } from '../support/flood.js';
import { emailedInvoice, partnerActor, sentInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));
after(() => portal.close());

const { bodies, comments, decided } = inbox(() => portal);

test('who floods conversations, by form and by email, must pause and loses nothing; nobody else must', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const other = await sentInvoice(portal, home);
  const maya = await portal.open(received);
  const says = (text: string) => maya.post(`${invoice.url}/comment`).type('form').send({ text, audience: 'shared' });
  await says('The first').expect(303);
  await portal.reply(received, 'The second, by email');
  await decided(home);
  await flood(portal, home, home.maya.id, 57);
  // By a program, about something else: another process might be asked.
  await act(portal.knex, partnerActor(home, home.maya), other.id, 'comment', { text: 'The last' });
  assert.equal((await comments(home)).length, 60);

  const refused = await says('My last word').expect(422);
  assert.match(refused.text, /You’ve written 60 messages in 10 minutes\. Your text is kept\. Try again /);
  assert.match(refused.text, /My last word<\/textarea>/);
  const json = { Accept: 'application/json' };
  await maya.post(`${invoice.url}/comment`).set(json).send({ text: 'By a program' }).expect(422);
  await portal.reply(received, 'What I forgot');
  const held = (await decided(home, 2)).at(-1);
  assert.deepEqual([held?.state, held?.code], ['held', 'loop']);

  const desk = await portal.signIn(home.olivia.email);
  const page = `/${home.slug}/mail-room/${held?.id}`;
  assert.match((await desk.get(page).expect(200)).text, /Maya Chen has written so much at once/);
  await desk.post(`${page}/place`).type('form').send({ number: invoice.number, as: 'sender' }).expect(303);
  await desk.post(`${invoice.url}/comment`).type('form').send({ text: 'Slowly, please' }).expect(303);
  const said = (await bodies(home)).filter((body) => body !== 'And more');
  assert.deepEqual(said.slice(3), ['What I forgot', 'Slowly, please']);

  // Ten minutes after the first of them, they may write again.
  await portal.look(home.organization_id, (db) =>
    db('comments')
      .where({ body: 'And more' })
      .update({ created_at: db.raw(`created_at - interval '10 minutes'`) }),
  );
  await says('One more').expect(303);
});
