import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { systemActor, withActor } from '../../src/db/scope.js';
import { bounceAddress } from '../../src/mail/address.js';
import { emailedInvoice, harbor, sentInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';
import { selfSigned } from '../support/providers.js';
import { talk } from '../support/smtp_dialogue.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { comments } = inbox(() => portal);

test('SMTP refuses mail for an address that nobody has, so that its sender gets a bounce', async () => {
  const to = `nobody-here@${portal.config.mail_domain}`;
  await assert.rejects(portal.mailIn({ from: 'eve@rival.example', to, subject: 'x', text: 'x' }), /550/);
});

const allMessages = async () =>
  Number((await withActor(portal.knex, systemActor(null), (db) => db('inbound_messages').count()))[0]?.['count']);

test('SMTP smuggling: a message that hides another behind a bare line break is refused', async () => {
  const { received } = await emailedInvoice(portal);
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

test('EHLO lists SIZE, SMTPUTF8 and 8BITMIME; no STARTTLS without a certificate', async () => {
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

test('with a certificate STARTTLS is offered, and works', async () => {
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

test('a reply address without its key is understood; a bounce address that we did not make is not', async () => {
  const { home, received } = await emailedInvoice(portal);
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

test('mail to the postmaster reaches the organization, if it is the only one', async () => {
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

test('a message with over 100 Received fields is in a loop, and is refused', async () => {
  const { received } = await emailedInvoice(portal);
  const begin = ['EHLO me.example', 'MAIL FROM:<eve@rival.example>', `RCPT TO:<${received.reply_to}>`, 'DATA'];
  const hops = (count: number) =>
    `${'Received: from a by b\r\n'.repeat(count)}Subject: Hops\r\n\r\nReceived: is no header here\r\n.`;
  assert.match((await talk(portal.mail_port, [...begin, hops(101), 'QUIT']))[5] ?? '', /^554 5\.4\.6/);
  assert.match((await talk(portal.mail_port, [...begin, hops(100), 'QUIT']))[5] ?? '', /^250/);
});

test('a message over the size limit is refused, and the next one is accepted', async () => {
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
