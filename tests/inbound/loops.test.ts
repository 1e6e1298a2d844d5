import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/documents/act.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { deliveries, comments, decided } = inbox(() => portal);

async function mayasLetter() {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  return { home, invoice, received: await portal.post.to(home.maya.email) };
}

test('two machines that answer each other stop within twenty messages, and staff see why', async () => {
  const { home, invoice, received } = await mayasLetter();
  await portal.reply(received, 'Thank you for your message. 0');
  let answered = 1;
  for (; answered < 40; answered++) {
    await decided(home, answered);
    if ((await deliveries(home)).at(-1)?.code === 'loop') break;
    // The desk's machine answers through the door, Maya's by email.
    await act(portal.knex, home.staff, invoice.id, 'comment', { text: `We got your message ${answered}.` });
    const next = await portal.post.to(
      home.maya.email,
      ({ text }) => text?.includes(`your message ${answered}.`) ?? false,
    );
    await portal.reply(next, `Thank you for your message. ${answered}`);
  }
  assert.ok((await comments(home)).length <= 20, `${(await comments(home)).length} messages`);
  const last = (await deliveries(home)).at(-1);
  assert.deepEqual([last?.state, last?.code], ['held', 'loop']);
});

test('many messages in a row are no loop', async () => {
  const { home, received } = await mayasLetter();
  for (let i = 0; i < 25; i++) await portal.reply(received, `Item ${i} of my list`);
  await portal.idle();
  assert.equal((await comments(home)).length, 25);
});

test('a message of our own that comes back, or claims to come from a reply address, is ignored', async () => {
  const { home, received } = await mayasLetter();
  await portal.reply(received, 'x', { from: received.reply_to, mail_from: home.maya.email });
  await portal.reply(received, 'x', { message_id: received.messageId ?? '' });
  const rows = await decided(home, 2);
  assert.deepEqual(
    rows.map(({ state, code }) => [state, code]),
    [
      ['ignored', 'own'],
      ['ignored', 'own'],
    ],
  );
});

test('what is passed on to the general address is a new message, not a reply', async () => {
  const { home, received } = await mayasLetter();
  const to = received.from?.value[0]?.address ?? '';
  await portal.reply(received, 'Who takes care of this?', { to, subject: `Fwd: ${received.subject}` });
  const [row] = await decided(home);
  assert.deepEqual([row.state, row.code], ['held', 'new']);
});

test('a reply whose key and references were both lost on the way waits with the organization that knows its sender', async () => {
  const { home, received } = await mayasLetter();
  const to = received.reply_to.replace(/\+[^@]+/, '');
  await portal.mailIn({ from: home.maya.email, to, subject: `Re: ${received.subject}`, text: 'Where does this go?' });
  const [row] = await decided(home);
  assert.deepEqual([row.state, row.code], ['held', 'new']);
  await portal.reply(received, 'This one knows where', { to });
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
});
