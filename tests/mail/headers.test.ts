import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../src/config.js';
import { act } from '../../src/act.js';
import { bouncedMessageId } from '../../src/mail/address.js';
import { openOutbox } from '../../src/mail/outbox/send.js';
import { smtpTransport } from '../../src/mail/outbox/transport.js';
import { emailedComment, harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const nobody = async () => null;

test('each email has a bounce address of its own that only we can make, and our own address as From', async () => {
  const { home, received } = await emailedComment(portal);
  const noahs = await portal.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).orderBy('id', 'desc').first(),
  );
  assert.equal(
    bouncedMessageId([portal.services.secret], received.mail_from, portal.config.mail_domain),
    noahs.message_id,
  );
  assert.ok((received.mail_from.split('@')[0] ?? '').length <= 64);
  assert.equal(received.from?.value[0]?.address, `${home.slug}@${portal.config.mail_domain}`);
});

test('list headers are on optional mail alone; headers of automatic mail are on all', async () => {
  const { home, received, first } = await emailedComment(portal);
  await portal.signInByCode(home.maya.email);
  const code = await portal.post.to(home.maya.email, ({ subject }) => /^\d{6}/.test(subject ?? ''));
  for (const one of [received, first, code]) {
    assert.equal(one.headers.get('auto-submitted'), 'auto-generated');
    assert.equal(one.headers.get('x-auto-response-suppress'), 'All');
    const listed = /^List-/im.test(one.raw.split('\r\n\r\n')[0] ?? '');
    assert.equal(listed, one === received);
    assert.ok(one.raw.split('\r\n').every((line) => line.length <= 998));
    assert.ok(one.html && one.text && one.link);
    assert.ok(one.html.includes(one.link) && one.text.includes(one.link));
  }
});

const PAYLOADS = [
  'x\r\nBcc: eve@rival.example',
  'x\nBcc: eve@rival.example',
  'x\rBcc: eve@rival.example',
  'x\r\n\r\nA body of mine',
  'x\u2028Bcc: eve@rival.example',
  'x>, <eve@rival.example',
  'x\0\u202eelpmaxe.lavir@eve',
];

test('no name, subject, file name or address can begin another header or recipient', async () => {
  const { composeEvent } = await import('../../src/mail/messages/compose.js');
  const { readEventEmails } = await import('../../src/mail/messages/event_email.js');
  const { home } = await emailedComment(portal);
  const email = await portal.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).first('id'),
  );
  const [received] = await portal.look(home.organization_id, (db) =>
    readEventEmails(db, home.organization_id, [email.id]),
  );
  assert.ok(received);
  const transport = smtpTransport(portal.post.url, 'opportunistic', nobody);
  const inject = (words: string): [string, typeof received, string?][] => [
    ['organization', { ...received, organization: { ...received.organization, name: words } }],
    ['reader', { ...received, reader: { ...received.reader, name: words } }],
    ['number', { ...received, subject: { ...received.subject, number: words } }],
    ['title', { ...received, subject: { ...received.subject, title: words } }],
    ['partner', { ...received, partner: words }],
    ['actor', { ...received, activity: { ...received.activity, actor: words } }],
    ['reason', { ...received, activity: { ...received.activity, details: { reason: words, name: words } } }],
    [
      'author',
      {
        ...received,
        comments: [
          {
            author: words,
            body: words,
            created_at: new Date().toISOString() as never,
            activity_id: received.activity.id,
            files: 0,
          },
        ],
      },
    ],
    ['others', { ...received, others: [words, words] }],
    ['file', received, words],
  ];
  for (const words of PAYLOADS)
    for (const [field, injected, filename] of inject(words)) {
      const before = portal.post.emails.length;
      const attachments = [
        { filename: filename ?? 'x.pdf', content: Buffer.from('x'), contentType: 'application/pdf' },
      ];
      await transport.send(
        composeEvent(injected, { link: 'l', reply: 'a'.repeat(32) }, portal.services.post, attachments),
      );
      const sent: ReceivedEmail[] = portal.post.emails.slice(before);
      const name = `${field}: ${JSON.stringify(words)}`;
      assert.deepEqual(
        sent.map(({ recipient, recipients }) => [recipient, recipients]),
        [[received.email.to_address, 1]],
        name,
      );
      const [one] = sent;
      assert.ok(one && !one.headers.has('bcc'), name);
      assert.deepEqual(
        [one.to].flat().flatMap((to) => to?.value.map(({ address }) => address)),
        [received.email.to_address],
        name,
      );
      assert.equal(one.from?.value.length, 1, name);
      assert.doesNotMatch(one.raw.split('\r\n\r\n')[0] ?? '', /^Bcc/im, name);
    }
  transport.close();
});

test('emails are addressed in one place of the code, to one person, as a name and an address', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const naming = (pattern: RegExp) =>
    files.filter((file) => pattern.test(readFileSync(join(root, 'src', file), 'utf8')));
  assert.deepEqual(
    naming(/\.sendMail\(/),
    ['demo/mailbox/compose_reply.ts', 'mail/outbox/transport.ts'],
    'our mail, and the sample people’s',
  );
  assert.deepEqual(naming(/\bb?cc: [^'\n]/), []);
  assert.deepEqual(naming(/\bto: \{ name: \w+\(/), ['mail/messages/message_headers.ts']);
});

test('an address that could be read as two gets no mail', async () => {
  const { home, invoice } = await emailedComment(portal);
  for (const address of [
    'maya@maple.example\r\nRCPT TO:<eve@rival.example>',
    'maya@maple.example,eve@rival.example',
    '<maya@maple.example> eve@rival.example',
    'maya',
  ]) {
    await portal.look(home.organization_id, (db) =>
      db('people').where({ id: home.maya.id }).update({ email: address }),
    );
    await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Hello' });
    await portal.idle();
    const last = await portal.look(home.organization_id, (db) =>
      db('emails').where({ person_id: home.maya.id }).orderBy('id', 'desc').first(),
    );
    assert.deepEqual([last.state, last.detail], ['skipped', 'This is no address that mail can be sent to.'], address);
  }
});

test('what people write is escaped in every email', async () => {
  const { home, invoice } = await emailedComment(portal);
  const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  await portal.look(home.organization_id, async (db) => {
    await db('people').where({ id: home.olivia.id }).update({ name: evil });
    await db('organizations').where({ id: home.organization_id }).update({ name: evil });
  });
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: `${evil} here` });
  const received = await portal.post.to(home.maya.email, ({ text }) => /here/.test(text ?? ''));
  assert.doesNotMatch(String(received.html), /<script|<img/i);
  assert.match(received.text ?? '', /<script>alert/);
});

test('a PDF that is too large is not attached', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  await sentInvoice(portal, home);
  await portal.idle();
  portal.post.answer = null;
  const email = await portal.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).first(),
  );
  const pdf = async () => ({ filename: 'large.pdf', content: Buffer.alloc(12 * 2 ** 20) });
  const send = openOutbox(portal.knex, { ...portal.services.post, pdf });
  await send({ organization_id: home.organization_id, email_id: email.id });
  const received = await portal.post.to(home.maya.email);
  assert.deepEqual([received.attachments.length, received.link !== ''], [0, true]);
});
