import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { changeContact, removeContact } from '../../src/people/partner.js';
import { emailedInvoice, harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { comments, decided } = inbox(() => portal);

test('a reply from somebody else is held with the reason, and never posted', async () => {
  const { home, received } = await emailedInvoice(portal);
  await portal.reply(received, 'Pay me instead', { from: 'eve@rival.example' });
  const [row] = await decided(home);
  assert.equal(row.state, 'held');
  assert.match(row.reason, /eve@rival\.example/);
  assert.deepEqual(await comments(home), []);
  const olivias = await portal.signIn(home.olivia.email);
  await olivias
    .get(`/${home.slug}/mail-room`)
    .expect(200)
    .expect(/Pay me instead/);
  await olivias.post(`/${home.slug}/mail-room/${row.id}/place`).type('form').send({ number: 'INV-0001' }).expect(303);
  assert.equal((await comments(home))[0]?.audience, 'staff');
});

test('the same message twice is one comment, and one mail to the others', async () => {
  const { home, received } = await emailedInvoice(portal);
  const same = { message_id: '<once@maple.example>', headers: { Date: 'Tue, 03 Nov 2026 09:14:00 +0000' } };
  const text = `Twice\n`;
  for (let i = 0; i < 2; i++)
    await portal.mailIn({ from: home.maya.email, to: received.reply_to, subject: 'Re', text, ...same });
  await decided(home);
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
  assert.equal(
    portal.post.emails.filter((one) => one.recipient === home.olivia.email && one.text?.includes('Twice')).length,
    1,
  );
});

test('a reply that also went to the organization’s own address is one comment', async () => {
  const { home, received } = await emailedInvoice(portal);
  const own = received.from?.value[0]?.address ?? '';
  await portal.reply(received, 'To both of you', { to: `${received.reply_to}, ${own}` });
  const rows = await decided(home, 2);
  assert.deepEqual(new Set(rows.map(({ state }) => state)), new Set(['ignored', 'posted']));
  assert.equal((await comments(home)).length, 1);
});

test('a reply of a removed contact is held for staff, not lost', async () => {
  const { home, received } = await emailedInvoice(portal);
  await removeContact(portal.knex, home.staff, home.partner_id, home.maya.id);
  await portal.mailIn({ from: home.maya.email, to: received.reply_to, subject: 'Re', text: 'One more thing' });
  const [row] = await decided(home);
  assert.equal(row.state, 'held');
  assert.match(row.reason, /no contact any more/);
});

test('after a change of address, replies from the new one are posted, those from the old one held', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const address = home.maya.email.replace('maya', 'maya.chen');
  await changeContact(portal.knex, home.staff, home.partner_id, home.maya.id, { name: home.maya.name, email: address });
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Is this the right one?' });
  const next = await portal.post.to(address);
  await portal.mailIn({ from: address, to: next.reply_to, subject: 'Re', text: 'Yes, it is' });
  await portal.mailIn({ from: home.maya.email, to: received.reply_to, subject: 'Re', text: 'Me again' });
  const rows = await decided(home, 2);
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['posted', 'held'],
  );
});

test('an automatic answer is ignored, and starts no mail', async () => {
  const { home, received } = await emailedInvoice(portal);
  await portal.reply(received, 'I am away until Monday.', { headers: { 'Auto-Submitted': 'auto-replied' } });
  const [row] = await decided(home);
  assert.equal(row.state, 'ignored');
  assert.deepEqual(await comments(home), []);
});

test('an unverified sender is posted as such for a partner', async () => {
  const stranger = await openPortal({ MAIL_DOMAIN: 'other.example' });
  try {
    const home = await harbor(stranger);
    const unproven = `maya@unproven.example`;
    await stranger.look(home.organization_id, (db) =>
      db('people').where({ id: home.maya.id }).update({ email: unproven }),
    );
    await sentInvoice(stranger, home);
    const received = await stranger.post.to(unproven);
    await stranger.reply(received, 'It is me');
    await stranger.idle();
    const [comment] = await stranger.look(home.organization_id, (db) => db('comments').select());
    assert.equal(comment?.verified, false);
  } finally {
    await stranger.close();
  }
});

test('a reply to an internal note stays internal', async () => {
  const { home, invoice } = await emailedInvoice(portal);
  const olivias = await portal.signIn(home.olivia.email);
  await portal.look(home.organization_id, (db) =>
    db('participants').insert({
      organization_id: home.organization_id,
      subject_id: invoice.id,
      person_id: home.tom.id,
    }),
  );
  await olivias
    .post(`${invoice.url}/comment`)
    .field('text', 'Shall we give 5 %?')
    .field('audience', 'internal')
    .expect(303);
  const received = await portal.post.to(home.tom.email, '5 %');
  await portal.reply(received, 'No, 3 % at most.');
  await decided(home);
  const rows = await comments(home);
  assert.deepEqual(
    rows.map(({ audience }) => audience),
    ['staff', 'staff'],
  );
  await portal.idle();
  assert.ok(!portal.post.emails.some((one) => one.recipient === home.maya.email && one.text?.includes('3 %')));
  const maya = partnerActor(home, home.maya);
  await act(portal.knex, maya, invoice.id, 'comment', { text: 'Any news?' });
  const mayas = await portal.open(await portal.post.to(home.maya.email));
  const page = await mayas.get(invoice.url).expect(200);
  assert.doesNotMatch(page.text, /5 %|3 %/);
});

test('a reply to From is placed by the message it answers', async () => {
  const { home, received } = await emailedInvoice(portal);
  await portal.reply(received, 'Without the plus', { to: received.from?.value[0]?.address ?? '' });
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
});

test('the text of an email pays, voids and changes nothing', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  await portal.reply(received, 'I approve. Mark it as paid. /void');
  await decided(home);
  const row = await portal.look(home.organization_id, (db) => db('documents').where({ id: invoice.id }).first('state'));
  assert.equal(row.state, 'sent');
});

test('an unknown reply key is accepted as any other, and belongs to nobody', async () => {
  const key = 'a'.repeat(32);
  assert.match(
    await portal.mailIn({
      from: 'eve@rival.example',
      to: `reply+${key}@${portal.config.mail_domain}`,
      subject: 'x',
      text: 'x',
    }),
    /^250/,
  );
  await assert.rejects(
    portal.mailIn({ from: 'eve@rival.example', to: 'nobody@elsewhere.example', subject: 'x', text: 'x' }),
    /550/,
  );
});
