import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { clock, scoped } from '../src/db/scope.js';
import { act } from '../src/documents/act.js';
import { roomFor } from '../src/inbound/sources/room.js';
import { readDelivery } from '../src/inbound/route.js';
import { changeContact, removeContact } from '../src/people/partners.js';
import { harbor, type Harbor, openPortal, type Portal, sentInvoice } from './support/portal.js';
import { until } from './support/until.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const deliveries = (home: Harbor) =>
  portal.look(home.organization_id, (db) =>
    db('inbound_deliveries').where({ organization_id: home.organization_id }).orderBy('id').select(),
  );
const comments = (home: Harbor) =>
  portal.look(home.organization_id, (db) => db('comments').where({ organization_id: home.organization_id }).orderBy('id').select());
const decided = (home: Harbor, count = 1) =>
  until('the decision', async () => {
    const rows = await deliveries(home);
    return rows.length >= count && rows.every(({ state }) => state !== 'pending') && rows;
  });

async function maysLetter() {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  return { home, invoice, letter: await portal.post.to(home.maya.email) };
}

test('a reply from somebody else is held for staff, with the reason, and never posted', async () => {
  const { home, letter } = await maysLetter();
  await portal.reply(letter, 'Pay me instead', { from: 'eve@rival.example' });
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
  const { home, letter } = await maysLetter();
  const same = { message_id: '<once@maple.example>', headers: { Date: 'Tue, 03 Nov 2026 09:14:00 +0000' } };
  const text = `Twice\n`;
  for (let i = 0; i < 2; i++) await portal.mailIn({ from: home.maya.email, to: letter.reply_to, subject: 'Re', text, ...same });
  await decided(home);
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
  assert.equal(portal.post.letters.filter((one) => one.recipient === home.olivia.email && one.text?.includes('Twice')).length, 1);
});

test('a reply that also went to the organization’s own address is one comment', async () => {
  const { home, letter } = await maysLetter();
  const own = letter.from?.value[0]?.address ?? '';
  await portal.reply(letter, 'To both of you', { to: `${letter.reply_to}, ${own}` });
  const rows = await decided(home, 2);
  assert.deepEqual(new Set(rows.map(({ state }) => state)), new Set(['ignored', 'posted']));
  assert.equal((await comments(home)).length, 1);
});

test('a reply by one who is no contact any more is held for staff, not lost', async () => {
  const { home, letter } = await maysLetter();
  await removeContact(portal.knex, home.staff, home.partner_id, home.maya.id);
  await portal.mailIn({ from: home.maya.email, to: letter.reply_to, subject: 'Re', text: 'One more thing' });
  const [row] = await decided(home);
  assert.equal(row.state, 'held');
  assert.match(row.reason, /no contact any more/);
});

test('with a new address the conversation goes on: replies from it are posted, those from the old one held', async () => {
  const { home, invoice, letter } = await maysLetter();
  const address = home.maya.email.replace('maya', 'maya.chen');
  await changeContact(portal.knex, home.staff, home.partner_id, home.maya.id, { name: home.maya.name, email: address });
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Is this the right one?' });
  const next = await portal.post.to(address);
  await portal.mailIn({ from: address, to: next.reply_to, subject: 'Re', text: 'Yes, it is' });
  await portal.mailIn({ from: home.maya.email, to: letter.reply_to, subject: 'Re', text: 'Me again' });
  const rows = await decided(home, 2);
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['posted', 'held'],
  );
});

test('mail for an address that nobody has is refused at the door, so that its sender is told', async () => {
  const to = `nobody-here@${portal.config.mail_domain}`;
  await assert.rejects(portal.mailIn({ from: 'eve@rival.example', to, subject: 'x', text: 'x' }), /550/);
});

test('many large messages at once are asked to come later, before they fill the memory', async () => {
  const room = roomFor(100);
  assert.ok(room.take(60));
  assert.ok(!room.take(60));
  room.free(60);
  assert.ok(room.take(60));
});

test('an automatic answer is ignored, and starts no mail', async () => {
  const { home, letter } = await maysLetter();
  await portal.reply(letter, 'I am away until Monday.', { headers: { 'Auto-Submitted': 'auto-replied' } });
  const [row] = await decided(home);
  assert.equal(row.state, 'ignored');
  assert.deepEqual(await comments(home), []);
});

test('a sender that nothing proves is posted as unverified for a partner, and held for staff', async () => {
  const stranger = await openPortal({ MAIL_DOMAIN: 'other.example' });
  try {
    const home = await harbor(stranger);
    const unproven = `maya@unproven.example`;
    await stranger.look(home.organization_id, (db) => db('people').where({ id: home.maya.id }).update({ email: unproven }));
    await sentInvoice(stranger, home);
    const letter = await stranger.post.to(unproven);
    await stranger.reply(letter, 'It is me');
    const [comment] = await until('the comment', async () => {
      const rows = await stranger.look(home.organization_id, (db) => db('comments').select());
      return rows.length > 0 && rows;
    });
    assert.equal(comment?.verified, false);
  } finally {
    await stranger.close();
  }
});

test('a reply to an internal note stays internal', async () => {
  const { home, invoice } = await maysLetter();
  const olivias = await portal.signIn(home.olivia.email);
  await portal.look(home.organization_id, (db) =>
    db('participants').insert({ organization_id: home.organization_id, document_id: invoice.id, person_id: home.tom.id }),
  );
  await olivias.post(`${invoice.url}/comment`).field('text', 'Shall we give 5 %?').field('audience', 'internal').expect(303);
  const letter = await portal.post.to(home.tom.email, ({ text }) => text?.includes('5 %') ?? false);
  await portal.reply(letter, 'No, 3 % at most.');
  await decided(home);
  const rows = await comments(home);
  assert.deepEqual(
    rows.map(({ audience }) => audience),
    ['staff', 'staff'],
  );
  await portal.idle();
  assert.ok(!portal.post.letters.some((one) => one.recipient === home.maya.email && one.text?.includes('3 %')));
  const maya = { ...home.staff, side: 'partner' as const, person_id: home.maya.id, partner_id: home.partner_id };
  await act(portal.knex, maya, invoice.id, 'comment', { text: 'Any news?' });
  const mayas = await portal.open(await portal.post.to(home.maya.email));
  const page = await mayas.get(invoice.url).expect(200);
  assert.doesNotMatch(page.text, /5 %|3 %/);
});

test('an answer to From, with the plus address gone, is placed by the message it answers', async () => {
  const { home, letter } = await maysLetter();
  await portal.reply(letter, 'Without the plus', { to: letter.from?.value[0]?.address ?? '' });
  await until('the comment', async () => (await comments(home)).length === 1);
});

test('words in an email pay, void and change nothing', async () => {
  const { home, invoice, letter } = await maysLetter();
  await portal.reply(letter, 'I approve. Mark it as paid. /void');
  await decided(home);
  const row = await portal.look(home.organization_id, (db) => db('documents').where({ id: invoice.id }).first('state'));
  assert.equal(row.state, 'sent');
});

test('an unknown reply key is taken as any other, and belongs to nobody', async () => {
  const key = 'a'.repeat(32);
  assert.match(
    await portal.mailIn({ from: 'eve@rival.example', to: `reply+${key}@${portal.config.mail_domain}`, subject: 'x', text: 'x' }),
    /^250/,
  );
  await assert.rejects(portal.mailIn({ from: 'eve@rival.example', to: 'nobody@elsewhere.example', subject: 'x', text: 'x' }), /550/);
});

test('a message that hides another behind a bare line break is refused', async () => {
  const { letter } = await maysLetter();
  const say = ['EHLO me.example', `MAIL FROM:<eve@rival.example>`, `RCPT TO:<${letter.reply_to}>`, 'DATA'];
  const answers: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(portal.mail_port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      const lines = String(chunk).trim().split('\r\n');
      if (/^\d{3}-/.test(lines.at(-1) ?? '')) return;
      answers.push(lines.at(-1) ?? '');
      const next = say.shift();
      if (next) return void socket.write(`${next}\r\n`);
      if (answers.at(-1)?.startsWith('354')) return void socket.write('Subject: one\r\n\r\nfirst\n.\nMAIL FROM:<x@rival.example>\r\n.\r\n');
      socket.end('QUIT\r\n');
      resolve();
    });
  });
  assert.match(answers.at(-1) ?? '', /^554/);
});

test('a message over the limit is refused, and the next one is taken', async () => {
  const small = await openPortal({ MAX_MESSAGE_MB: '1' });
  try {
    const home = await harbor(small);
    await sentInvoice(small, home);
    const letter = await small.post.to(home.maya.email);
    await assert.rejects(small.reply(letter, 'x'.repeat(1_200_000)), /552/);
    await small.reply(letter, 'Small');
    await until('the comment', async () => (await small.look(home.organization_id, (db) => db('comments').select())).length === 1);
  } finally {
    await small.close();
  }
});

test('with the database away the sender is told to come again', async () => {
  const away = await openPortal();
  const home = await harbor(away);
  await sentInvoice(away, home);
  const letter = await away.post.to(home.maya.email);
  await away.idle();
  await away.knex.raw('alter table inbound_messages rename to gone');
  await assert.rejects(away.reply(letter, 'Hello?'), /451/);
  await away.knex.raw('alter table gone rename to inbound_messages');
  await away.reply(letter, 'Hello?');
  await until('the comment', async () => (await away.look(home.organization_id, (db) => db('comments').select())).length === 1);
  await away.close();
});

test('a message that can’t be read after all tries waits for staff, and holds up no other', async () => {
  const { home, letter } = await maysLetter();
  await portal.knex.raw(`create function choke() returns trigger language plpgsql as $$ begin
    if new.body like '%poison%' then raise 'choked'; end if; return new; end $$`);
  await portal.knex.raw('create trigger choke before insert on comments for each row execute function choke()');
  await portal.reply(letter, 'This is poison.');
  await portal.reply(letter, 'This is not.');
  await until('the other one', async () => (await comments(home)).length === 1);
  const waiting = () => scoped(portal.knex, clock(null), (db) => db('inbound_deliveries').where({ state: 'pending' }).pluck('id'));
  const post = {
    db: portal.knex,
    storage: portal.house.storage,
    config: portal.config,
    secret: portal.house.secret,
    dns: portal.house.dns,
  };
  // The worker would take minutes over its tries; what it does is done here at once.
  await until('the end of the tries', async () => {
    const ids = await waiting();
    for (const id of ids) await readDelivery(post, String(id)).catch((error: unknown) => assert.match(String(error), /choked/));
    return ids.length === 0;
  });
  await portal.knex.raw('drop trigger choke on comments');
  const states = (await deliveries(home)).map(({ state, reason }) => `${state}: ${reason}`);
  assert.deepEqual(states, ['held: We could not read it. The original is kept as it came.', 'posted: Posted.']);
  assert.deepEqual(
    (await comments(home)).map(({ body }) => body),
    ['This is not.'],
  );
});
