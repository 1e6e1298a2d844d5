import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { systemActor, withActor } from '../src/db/scope.js';
import { act } from '../src/documents/act.js';
import { RecipientLimit } from '../src/inbound/sources/smtp/recipient_limit.js';
import { readStream } from '../src/inbound/sources/read_stream.js';
import { Rejection } from '../src/inbound/sources/rejection.js';
import { startSmtp } from '../src/inbound/sources/smtp/smtp.js';
import { bounceAddress } from '../src/mail/address.js';
import { memoryBudget } from '../src/inbound/sources/memory_budget.js';
import { receive } from '../src/inbound/receive.js';
import { processDelivery } from '../src/inbound/process.js';
import { changeContact, removeContact } from '../src/people/partner.js';
import { mailIn } from './support/post_office.js';
import { inbox } from './support/inbox.js';
import { harbor, sentInvoice } from './support/harbor.js';
import { openPortal, type Portal } from './support/portal.js';
import { freePort } from './support/ports.js';
import { selfSigned } from './support/providers.js';
import { until } from './support/until.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const { deliveries, comments, decided } = inbox(() => portal);

async function maysLetter() {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  return { home, invoice, received: await portal.post.to(home.maya.email) };
}

test('a reply from somebody else is held for staff, with the reason, and never posted', async () => {
  const { home, received } = await maysLetter();
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
  const { home, received } = await maysLetter();
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
  const { home, received } = await maysLetter();
  const own = received.from?.value[0]?.address ?? '';
  await portal.reply(received, 'To both of you', { to: `${received.reply_to}, ${own}` });
  const rows = await decided(home, 2);
  assert.deepEqual(new Set(rows.map(({ state }) => state)), new Set(['ignored', 'posted']));
  assert.equal((await comments(home)).length, 1);
});

test('a reply by one who is no contact any more is held for staff, not lost', async () => {
  const { home, received } = await maysLetter();
  await removeContact(portal.knex, home.staff, home.partner_id, home.maya.id);
  await portal.mailIn({ from: home.maya.email, to: received.reply_to, subject: 'Re', text: 'One more thing' });
  const [row] = await decided(home);
  assert.equal(row.state, 'held');
  assert.match(row.reason, /no contact any more/);
});

test('with a new address the conversation goes on: replies from it are posted, those from the old one held', async () => {
  const { home, invoice, received } = await maysLetter();
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

test('mail for an address that nobody has is refused at the door, so that its sender is told', async () => {
  const to = `nobody-here@${portal.config.mail_domain}`;
  await assert.rejects(portal.mailIn({ from: 'eve@rival.example', to, subject: 'x', text: 'x' }), /550/);
});

test('large messages wait on the disk, one at a time in memory; beyond their room they are asked to come later, and make room for others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-room-'));
  const room = memoryBudget(6 * 2 ** 20, { data_dir: folder });
  const large = Buffer.alloc(2 ** 20, 'x');
  const say = (megabytes: number) => Readable.from(Array.from({ length: megabytes }, () => large));
  let at_once = 0;
  const work = async (said: Buffer) => {
    assert.equal(++at_once, 1);
    assert.deepEqual(await readdir(folder), []);
    at_once -= 1;
    return said.length;
  };
  const all = await Promise.allSettled(
    [3, 3, 4].map((megabytes) => readStream(say(megabytes), 5 * 2 ** 20, room, work)),
  );
  assert.ok(all.some(({ status }) => status === 'fulfilled'));
  assert.ok(
    all.every((one) => one.status === 'fulfilled' || (one.reason instanceof Rejection && one.reason.why === 'full')),
  );
  await assert.rejects(readStream(say(6), 5 * 2 ** 20, room, work), /At most 5 MB/);
  assert.equal(await readStream(say(5), 5 * 2 ** 20, room, work), 5 * 2 ** 20);
  await rm(folder, { recursive: true });
  await assert.rejects(readStream(say(2), 5 * 2 ** 20, room, work), /Try again later/);
  assert.ok(room.take(6 * 2 ** 20), 'all of its room was given back');
});

test('a large message is kept to the byte, though it goes to the database in pieces', async () => {
  const recipient = `reply+${'9'.repeat(32)}@${portal.config.mail_domain}`;
  const raw = Buffer.from(
    `Subject: Large\r\n\r\n${Array.from({ length: 300_000 }, (_, i) => `line ${i}\r\n`).join('')}`,
  );
  const id = await receive(portal.knex, raw, {
    source: 'smtp',
    mail_from: '',
    recipients: [recipient],
    remote_ip: '',
    helo: '',
  });
  const kept = await withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_messages').where({ id }).first('raw'),
  );
  assert.ok(raw.equals(kept.raw));
  const { rows } = await portal.knex.raw('select from pg_largeobject_metadata');
  assert.equal(rows.length, 0);
});

test('an automatic answer is ignored, and starts no mail', async () => {
  const { home, received } = await maysLetter();
  await portal.reply(received, 'I am away until Monday.', { headers: { 'Auto-Submitted': 'auto-replied' } });
  const [row] = await decided(home);
  assert.equal(row.state, 'ignored');
  assert.deepEqual(await comments(home), []);
});

test('a sender that nothing proves is posted as unverified for a partner, and held for staff', async () => {
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
  const { home, invoice } = await maysLetter();
  const olivias = await portal.signIn(home.olivia.email);
  await portal.look(home.organization_id, (db) =>
    db('participants').insert({
      organization_id: home.organization_id,
      document_id: invoice.id,
      person_id: home.tom.id,
    }),
  );
  await olivias
    .post(`${invoice.url}/comment`)
    .field('text', 'Shall we give 5 %?')
    .field('audience', 'internal')
    .expect(303);
  const received = await portal.post.to(home.tom.email, ({ text }) => text?.includes('5 %') ?? false);
  await portal.reply(received, 'No, 3 % at most.');
  await decided(home);
  const rows = await comments(home);
  assert.deepEqual(
    rows.map(({ audience }) => audience),
    ['staff', 'staff'],
  );
  await portal.idle();
  assert.ok(!portal.post.emails.some((one) => one.recipient === home.maya.email && one.text?.includes('3 %')));
  const maya = { ...home.staff, side: 'partner' as const, person_id: home.maya.id, partner_id: home.partner_id };
  await act(portal.knex, maya, invoice.id, 'comment', { text: 'Any news?' });
  const mayas = await portal.open(await portal.post.to(home.maya.email));
  const page = await mayas.get(invoice.url).expect(200);
  assert.doesNotMatch(page.text, /5 %|3 %/);
});

test('an answer to From, with the plus address gone, is placed by the message it answers', async () => {
  const { home, received } = await maysLetter();
  await portal.reply(received, 'Without the plus', { to: received.from?.value[0]?.address ?? '' });
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
});

test('words in an email pay, void and change nothing', async () => {
  const { home, invoice, received } = await maysLetter();
  await portal.reply(received, 'I approve. Mark it as paid. /void');
  await decided(home);
  const row = await portal.look(home.organization_id, (db) => db('documents').where({ id: invoice.id }).first('state'));
  assert.equal(row.state, 'sent');
});

test('an unknown reply key is taken as any other, and belongs to nobody', async () => {
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

/**
 * A conversation with the door itself: each line is said once the one before is answered. Returns the last line of
 * each answer.
 */
async function talk(port: number, lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  const answers: string[] = [];
  let heard = '';
  const waiting = [...lines];
  socket.setEncoding('utf8');
  for await (const chunk of socket) {
    heard += String(chunk);
    const ended = /^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n$/.exec(heard);
    if (!ended) continue;
    answers.push(heard.trim());
    heard = '';
    const next = waiting.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
  }
  socket.destroy();
  return answers;
}

const allMessages = async () =>
  Number((await withActor(portal.knex, systemActor(null), (db) => db('inbound_messages').count()))[0]?.['count']);

test('a message that hides another behind a bare line break is refused: never are there two', async () => {
  const { received } = await maysLetter();
  const before = await allMessages();
  const begin = ['EHLO me.example', 'MAIL FROM:<eve@rival.example>', `RCPT TO:<${received.reply_to}>`, 'DATA'];
  for (const end of ['\n.\n', '\r\n.\n', '\n.\r\n', '\r.\r', '\r\n.\r', '\r.\r\n', '\n\n.\r\n']) {
    const hidden = `MAIL FROM:<x@rival.example>\r\nRCPT TO:<${received.reply_to}>\r\nDATA\r\nSubject: two\r\n\r\nsecond`;
    const answers = await talk(portal.mail_port, [...begin, `Subject: one\r\n\r\nfirst${end}${hidden}\r\n.`, 'QUIT']);
    assert.match(answers[5] ?? '', /^554 5\.6\.0/, JSON.stringify(end));
    assert.match(answers[6] ?? '', /^221/, JSON.stringify(end));
  }
  assert.equal(await allMessages(), before);
});

test('what the door can do is said: SIZE, UTF-8 and 8 bits; no TLS without a certificate', async () => {
  const [, hello = ''] = await talk(portal.mail_port, ['EHLO me.example']);
  assert.match(hello, /SIZE 36700160/);
  assert.match(hello, /8BITMIME[^]*SMTPUTF8/);
  assert.doesNotMatch(hello, /STARTTLS|AUTH/);
  const answers = await talk(portal.mail_port, [
    'EHLO me.example',
    'MAIL FROM:<é@maple.example> SMTPUTF8 BODY=8BITMIME SIZE=36700161',
    'QUIT',
  ]);
  assert.match(answers[2] ?? '', /^552/);
});

test('with a certificate the door offers TLS, and takes mail by it', async () => {
  const files = await mkdtemp(join(tmpdir(), 'parley-tls-'));
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [cert, key] = [join(files, 'cert.pem'), join(files, 'key.pem')];
  await writeFile(cert, selfSigned(pair));
  await writeFile(key, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const locked = await openPortal({ INBOUND_TLS_CERT: cert, INBOUND_TLS_KEY: key });
  try {
    const to = `reply+${'e'.repeat(32)}@${locked.config.mail_domain}`;
    const smtp = createTransport({
      host: '127.0.0.1',
      port: locked.mail_port,
      requireTLS: true,
      tls: { ca: await readFile(cert), checkServerIdentity: () => undefined },
    });
    const { response } = await smtp.sendMail({ from: 'maya@maple.example', to, text: 'Under lock' });
    assert.match(response, /^250/);
    smtp.close();
  } finally {
    await locked.close();
    await rm(files, { recursive: true });
  }
});

test('a server that drops what stands after the plus is understood; a bounce address that nobody made is not', async () => {
  const { home, received } = await maysLetter();
  const { mail_domain } = portal.config;
  await portal.reply(received, 'Without my key', { to: `reply@${mail_domain}` });
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
  const id = (received.messageId ?? '').replace(/^<|@.*$/g, '');
  const ours = bounceAddress(portal.services.secret, id, mail_domain);
  const rcpt = async (to: string) =>
    (await talk(portal.mail_port, ['EHLO me.example', 'MAIL FROM:<>', `RCPT TO:<${to}>`, 'QUIT']))[3]?.slice(0, 3);
  assert.deepEqual(
    await Promise.all(
      [ours, ours.toUpperCase(), `bounce@${mail_domain}`, `bounce+${id}${'0'.repeat(24)}@${mail_domain}`].map(rcpt),
    ),
    ['250', '250', '250', '550'],
  );
});

test('who writes to the postmaster reaches the organization, where it is the only one', async () => {
  const alone = await openPortal({ MAIL_DOMAIN: 'xn--prley-gra.example' });
  try {
    const to = 'Postmaster@pärley.example';
    const [, , , nobody = ''] = await talk(alone.mail_port, [
      'EHLO me.example',
      'MAIL FROM:<>',
      `RCPT TO:<${to}>`,
      'QUIT',
    ]);
    assert.match(nobody, /^550/);
    const home = await harbor(alone);
    await alone.mailIn({ from: 'admin@rival.example', to, subject: 'Your server', text: 'Please look' });
    await alone.idle();
    const [row] = await alone.look(home.organization_id, (db) =>
      db('inbound_deliveries').where({ organization_id: home.organization_id }),
    );
    assert.equal(row?.recipient, `${home.slug}@xn--prley-gra.example`);
  } finally {
    await alone.close();
  }
});

test('a message that has been through too many servers goes round in circles, and is refused', async () => {
  const { received } = await maysLetter();
  const begin = ['EHLO me.example', 'MAIL FROM:<eve@rival.example>', `RCPT TO:<${received.reply_to}>`, 'DATA'];
  const hops = (count: number) =>
    `${'Received: from a by b\r\n'.repeat(count)}Subject: Hops\r\n\r\nReceived: is no header here\r\n.`;
  assert.match((await talk(portal.mail_port, [...begin, hops(101), 'QUIT']))[5] ?? '', /^554 5\.4\.6/);
  assert.match((await talk(portal.mail_port, [...begin, hops(100), 'QUIT']))[5] ?? '', /^250/);
});

test('who names many addresses and reaches nobody is told to wait, known or not; who reaches somebody is not', async () => {
  const busy = await openPortal();
  try {
    const home = await harbor(busy);
    await sentInvoice(busy, home);
    const received = await busy.post.to(home.maya.email);
    await busy.close_worker();
    const smtp = createTransport({
      pool: true,
      maxConnections: 5,
      host: '127.0.0.1',
      port: busy.mail_port,
      ignoreTLS: true,
    });
    const message = (i: number) => ({ from: home.maya.email, to: received.reply_to, text: `Number ${i}` });
    await Promise.all(Array.from({ length: 300 }, (_, i) => smtp.sendMail(message(i))));
    smtp.close();
    const names = (count: number, to: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => [
        ...(i % 40 === 0 ? ['RSET', 'MAIL FROM:<eve@rival.example>'] : []),
        `RCPT TO:<${to(i)}>`,
      ]).flat();
    const unknown = (i: number) => `reply+${String(i).padStart(32, '0')}@${busy.config.mail_domain}`;
    await talk(busy.mail_port, ['EHLO me.example', ...names(300, unknown)]);
    const mixed = names(80, (i) => (i % 2 ? unknown(i) : received.reply_to));
    const answers = (await talk(busy.mail_port, ['EHLO me.example', ...mixed])).filter(
      (answer) => !/^2(?:20|50)/.test(answer),
    );
    assert.deepEqual([...new Set(answers)], ['451 4.7.1 Too many addresses at once; come again later']);
    // With time one comes back.
    assert.ok(answers.length >= 75, String(answers.length));
  } finally {
    await busy.close();
  }
});

test('guesses are counted for each network, in memory that has an end', async (t) => {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout'] });
  const limit = new RecipientLimit({ points: 100, seconds: 100, servers: 1000 });
  const taken = async (ip: string, count: number) => {
    const results = await Promise.all(Array.from({ length: count }, () => limit.take(ip)));
    return results.filter(Boolean).length;
  };
  assert.equal(await taken('192.0.2.1', 10_000), 100);
  assert.equal(await taken('192.0.2.2', 10), 10);
  assert.equal((await taken('2001:db8::1', 60)) + (await taken('2001:db8:0:0:1::2', 60)), 100);
  assert.deepEqual([await limit.isLow('192.0.2.1'), await limit.isLow('192.0.2.2')], [true, false]);
  await limit.give('192.0.2.1', 3);
  assert.equal(await taken('192.0.2.1', 100), 3);
  t.mock.timers.tick(100_000);
  assert.equal(await taken('192.0.2.1', 10_000), 100);
  // More than was taken is never given back.
  await limit.give('192.0.2.2', 50);
  assert.equal(await taken('192.0.2.2', 10_000), 100);
  for (let i = 0; i < 50_000; i++) await limit.take(`198.51.${i >> 8}.${i & 255}`);
  assert.equal(limit.size, 1000);
});

test('with the disk full the sender is told so, and what it brings again is kept', async () => {
  const full = await openPortal();
  try {
    const home = await harbor(full);
    await sentInvoice(full, home);
    const received = await full.post.to(home.maya.email);
    await full.knex.raw(`create function full_disk() returns trigger language plpgsql as $$ begin
      raise 'could not extend file' using errcode = '53100'; end $$`);
    await full.knex.raw(
      'create trigger full_disk before insert on inbound_deliveries for each row execute function full_disk()',
    );
    await assert.rejects(full.reply(received, 'Room for me?'), /452/);
    await full.knex.raw('drop function full_disk cascade');
    assert.equal(
      (await withActor(full.knex, systemActor(null), (db) => db('inbound_messages').select('id'))).length,
      0,
    );
    await full.reply(received, 'Room for me?');
  } finally {
    await full.close();
  }
});

test('stopping, the door lets a message under way be kept, and sends others away; the next one loses and doubles nothing', async () => {
  const { mail_domain } = portal.config;
  const to = `reply+${'f'.repeat(32)}@${mail_domain}`;
  const door = {
    ...portal.services,
    db: portal.knex,
    config: { ...portal.config, inbound_port: await freePort(), inbound_relays: ['127.0.0.1'] },
  };
  const port = door.config.inbound_port;
  let running = await startSmtp(door, null);
  const idle = talk(port, ['EHLO me.example']);
  const slow = connect(port, '127.0.0.1');
  slow.setEncoding('utf8');
  const said = (code: string) =>
    once(slow, 'data').then(([text]) => assert.ok(String(text).startsWith(code), String(text)));
  for (const [line, code] of [
    ['', '220'],
    ['EHLO me.example', '250'],
    ['MAIL FROM:<maya@maple.example>', '250'],
    [`RCPT TO:<${to}>`, '250'],
    ['DATA', '354'],
  ] as const) {
    if (line) slow.write(`${line}\r\n`);
    await said(code);
  }
  slow.write('Subject: Slow\r\n\r\nhalf');
  await idle;
  const quiet = connect(port, '127.0.0.1');
  await once(quiet, 'data');
  const stopped = running.stop();
  const [goodbye] = await once(quiet, 'data');
  assert.match(String(goodbye), /^421 4\.3\.2/);
  slow.write(' and half\r\n.\r\n');
  await said('250');
  await stopped;
  running = await startSmtp(door, null);
  const send = async (i: number): Promise<void> => {
    const message = {
      from: 'maya@maple.example',
      to,
      text: `Restart ${i}`,
      message_id: `<restart-${i}@maple.example>`,
      headers: { Date: 'Tue, 03 Nov 2026 09:14:00 +0000' },
    };
    await mailIn(port, message).catch(async () => send(i));
  };
  const all = Promise.all(Array.from({ length: 50 }, (_, i) => send(i)));
  for (let i = 0; i < 3; i++) {
    await until('some', async () => (await keptFor(to)) > 10 * i);
    await running.stop();
    running = await startSmtp(door, null);
  }
  await all;
  await running.stop();
  assert.equal(await keptFor(to), 51);
});

const keptFor = async (recipient: string) =>
  (await withActor(portal.knex, systemActor(null), (db) => db('inbound_deliveries').where({ recipient }).select('id')))
    .length;

test('a message over the limit is refused, and the next one is taken', async () => {
  const small = await openPortal({ MAX_MESSAGE_MB: '1' });
  try {
    const home = await harbor(small);
    await sentInvoice(small, home);
    const received = await small.post.to(home.maya.email);
    await assert.rejects(small.reply(received, 'x'.repeat(1_200_000)), /552/);
    await small.reply(received, 'Small');
    await small.idle();
    assert.equal((await small.look(home.organization_id, (db) => db('comments').select())).length, 1);
  } finally {
    await small.close();
  }
});

test('with the database away the sender is told to come again', async () => {
  const away = await openPortal();
  const home = await harbor(away);
  await sentInvoice(away, home);
  const received = await away.post.to(home.maya.email);
  await away.idle();
  await away.knex.raw('alter table inbound_messages rename to gone');
  await assert.rejects(away.reply(received, 'Hello?'), /451/);
  await away.knex.raw('alter table gone rename to inbound_messages');
  await away.reply(received, 'Hello?');
  await away.idle();
  assert.equal((await away.look(home.organization_id, (db) => db('comments').select())).length, 1);
  await away.close();
});

test('a message that can’t be read after all tries waits for staff, and holds up no other', async () => {
  const { home, received } = await maysLetter();
  await portal.knex.raw(`create function choke() returns trigger language plpgsql as $$ begin
    if new.body like '%poison%' then raise 'choked'; end if; return new; end $$`);
  await portal.knex.raw('create trigger choke before insert on comments for each row execute function choke()');
  await portal.reply(received, 'This is poison.');
  await portal.reply(received, 'This is not.');
  await portal.idle();
  assert.equal((await comments(home)).length, 1);
  const waiting = () =>
    withActor(portal.knex, systemActor(null), (db) => db('inbound_deliveries').where({ state: 'pending' }).pluck('id'));
  const post = {
    db: portal.knex,
    storage: portal.services.storage,
    config: portal.config,
    secret: portal.services.secret,
    dns: portal.services.dns,
  };
  // The worker would take minutes over its tries; what it does is done here at once.
  for (let ids = await waiting(); ids.length > 0; ids = await waiting())
    for (const id of ids)
      await processDelivery(post, String(id)).catch((error: unknown) => assert.match(String(error), /choked/));
  await portal.knex.raw('drop trigger choke on comments');
  const states = (await deliveries(home)).map(({ state, reason }) => `${state}: ${reason}`);
  assert.deepEqual(states, ['held: We could not read it. The original is kept as it came.', 'posted: Posted.']);
  assert.deepEqual(
    (await comments(home)).map(({ body }) => body),
    ['This is not.'],
  );
});
