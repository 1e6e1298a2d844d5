import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { emailedInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { deliveries, comments, decided } = inbox(() => portal);

test('two automatic repliers stop within twenty messages, and staff see why', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  await portal.reply(received, 'Thank you for your message. 0');
  let answered = 1;
  for (; answered < 40; answered++) {
    await decided(home, answered);
    if ((await deliveries(home)).at(-1)?.code === 'loop') break;
    // The desk's machine answers by a comment, Maya's by email.
    await act(portal.knex, home.staff, invoice.id, 'comment', { text: `We got your message ${answered}.` });
    const next = await portal.post.to(home.maya.email, `your message ${answered}.`);
    await portal.reply(next, `Thank you for your message. ${answered}`);
  }
  assert.ok((await comments(home)).length <= 20, `${(await comments(home)).length} messages`);
  const last = (await deliveries(home)).at(-1);
  assert.deepEqual([last?.state, last?.code], ['held', 'loop']);
});

test('many messages in a row are no loop', async () => {
  const { home, received } = await emailedInvoice(portal);
  for (let i = 0; i < 25; i++) await portal.reply(received, `Item ${i} of my list`);
  await portal.idle();
  assert.equal((await comments(home)).length, 25);
});

test('a message of our own that comes back, or that is From a reply address, is ignored', async () => {
  const { home, received } = await emailedInvoice(portal);
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

test('a message forwarded to the organization’s address is new, not a reply', async () => {
  const { home, received } = await emailedInvoice(portal);
  const to = received.from?.value[0]?.address ?? '';
  await portal.reply(received, 'Who takes care of this?', { to, subject: `Fwd: ${received.subject}` });
  const [row] = await decided(home);
  assert.deepEqual([row.state, row.code], ['held', 'new']);
});

test('a reply without its key and references waits with the organization that knows its sender', async () => {
  const { home, received } = await emailedInvoice(portal);
  const to = received.reply_to.replace(/\+[^@]+/, '');
  await portal.mailIn({ from: home.maya.email, to, subject: `Re: ${received.subject}`, text: 'Where does this go?' });
  const [row] = await decided(home);
  assert.deepEqual([row.state, row.code], ['held', 'new']);
  await portal.reply(received, 'This one knows where', { to });
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
});
