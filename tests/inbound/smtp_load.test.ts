import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { createTransport } from 'nodemailer';
import type { SMTPServerSession } from 'smtp-server';
import { systemActor, withActor } from '../../src/db/scope.js';
import { Connections } from '../../src/inbound/sources/smtp/connections.js';
import { RecipientLimit } from '../../src/inbound/sources/smtp/recipient_limit.js';
import { startSmtp } from '../../src/inbound/sources/smtp/smtp.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { freePort } from '../support/ports.js';
import { mailIn } from '../support/post_office.js';
import { talk } from '../support/smtp_dialogue.js';
import { until } from '../support/until.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('a client that names many unknown recipients is deferred; one that reaches recipients is not', async () => {
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

test('unknown recipients are counted by network, in bounded memory', async (t) => {
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

test('a stopping SMTP server stores the message under way and sends others away; restarts lose and double nothing', async () => {
  const { mail_domain } = portal.config;
  const to = `reply+${'f'.repeat(32)}@${mail_domain}`;
  const context = {
    ...portal.services,
    db: portal.knex,
    config: { ...portal.config, inbound_port: await freePort(), inbound_relays: ['127.0.0.1'] },
  };
  const port = context.config.inbound_port;
  let running = await startSmtp(context, null);
  const idle = talk(port, ['EHLO me.example']);
  const slow = connect(port, '127.0.0.1');
  slow.setEncoding('utf8');
  const expectCode = (code: string) =>
    once(slow, 'data').then(([text]) => assert.ok(String(text).startsWith(code), String(text)));
  for (const [line, code] of [
    ['', '220'],
    ['EHLO me.example', '250'],
    ['MAIL FROM:<maya@maple.example>', '250'],
    [`RCPT TO:<${to}>`, '250'],
    ['DATA', '354'],
  ] as const) {
    if (line) slow.write(`${line}\r\n`);
    await expectCode(code);
  }
  slow.write('Subject: Slow\r\n\r\nhalf');
  await idle;
  const quiet = connect(port, '127.0.0.1');
  await once(quiet, 'data');
  const stopped = running.stop();
  const [goodbye] = await once(quiet, 'data');
  assert.match(String(goodbye), /^421 4\.3\.2/);
  slow.write(' and half\r\n.\r\n');
  await expectCode('250');
  await stopped;
  running = await startSmtp(context, null);
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
    await until('some', async () => (await storedFor(to)) > 10 * i);
    await running.stop();
    running = await startSmtp(context, null);
  }
  await all;
  await running.stop();
  assert.equal(await storedFor(to), 51);
});

const storedFor = async (recipient: string) =>
  (await withActor(portal.knex, systemActor(null), (db) => db('inbound_deliveries').where({ recipient }).select('id')))
    .length;

test('a hundred idle connections of one address stop nobody, and those of many make room for one at work', async () => {
  const idle = Array.from({ length: 120 }, () => connect(portal.mail_port, '127.0.0.1').on('error', () => {}));
  await Promise.all(idle.map((socket) => once(socket, 'data')));
  const home = await harbor(portal);
  await mailIn(portal.mail_port, {
    from: home.maya.email,
    to: `${home.slug}@${portal.config.mail_domain}`,
    subject: 'Hello',
    text: 'Are you there?',
  });
  const left = idle.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
  assert.ok(left < 60, `${left} connections`);
  for (const socket of idle) socket.destroy();

  const dropped: string[] = [];
  const connections = new Connections((id) => dropped.push(id), ['10.0.0.9'], { address: 3, total: 6 });
  const session = (id: string, remoteAddress: string) => ({ id, remoteAddress }) as SMTPServerSession;
  const admit = (id: string, address: string) => connections.admit(session(id, address));
  for (const id of ['a', 'b', 'c']) assert.ok(admit(id, '10.0.0.1'));
  connections.note({ id: 'a' }, 'busy');
  connections.note({ id: 'b' }, 'begun');
  assert.ok(admit('d', '10.0.0.1'));
  assert.deepEqual(dropped.splice(0), ['c'], 'the idle one, not the one that has begun or is at work');
  for (const id of ['b', 'd']) connections.note({ id }, 'busy');
  assert.equal(admit('e', '10.0.0.1'), false, 'all of its address are at work');
  for (const id of ['f', 'g', 'h']) assert.ok(admit(id, '10.0.0.9'));
  assert.ok(admit('i', '10.0.0.2'));
  assert.deepEqual(dropped.splice(0), ['f'], 'of the address that has most, if one is idle there');
  assert.ok(admit('j', '10.0.0.9'), 'a relay has as many as there are');
  connections.remove({ id: 'i' });
});
