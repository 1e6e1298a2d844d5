import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { after, before, test } from 'node:test';
import { dkimVerify } from 'mailauth';
import forge from 'node-forge';
import type { SendMailOptions } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { root } from '../src/config.js';
import { systemActor, withActor } from '../src/db/scope.js';
import { act } from '../src/documents/act.js';
import { bouncedMessageId } from '../src/mail/address.js';
import { checkDns } from '../src/mail/deliverability/dns_check.js';
import { dkimSigned } from '../src/mail/deliverability/dkim.js';
import { keyring, keysOf, createKey, recordOf } from '../src/mail/deliverability/dkim_keys.js';
import { sendEmail } from '../src/mail/outbox/send.js';
import { smtpTransport } from '../src/mail/outbox/transport.js';
import { harbor, sentInvoice } from './support/harbor.js';
import { openPortal, type Portal } from './support/portal.js';
import type { ReceivedEmail } from './support/post_office.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const nobody = async () => null;

/** Publishes every key of the portal's, and says what a receiver finds of a message's signature. */
async function verified(raw: string): Promise<{ result: string; keys: string[] }> {
  const { mail_domain } = portal.config;
  for (const key of await keysOf(portal.knex, mail_domain)) {
    const { name, value } = recordOf(mail_domain, key);
    portal.records[`TXT ${name}`] = [value];
  }
  const { results } = await dkimVerify(Buffer.from(raw, 'utf8'), { resolver: portal.services.lookup as never });
  const [, named = ''] = /^DKIM-Signature:.*?\bh=([^;]*);/ims.exec(raw) ?? [];
  return { result: results[0]?.status.result ?? 'none', keys: named.replace(/\s/g, '').split(':') };
}

/** Maya's received about a comment: all that can be stopped, so that it has every header there is. */
async function mayasLetter() {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const first = await portal.post.to(home.maya.email);
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Grüße — und ein <b>Wort</b>' });
  const received = await portal.post.to(home.maya.email, ({ text }) => /Grüße/.test(text ?? ''));
  return { home, invoice, first, received };
}

test('mail is signed, with 2048 bits, and what people see and press can’t be added to', async () => {
  const { received, first } = await mayasLetter();
  const { result, keys } = await verified(received.raw);
  assert.equal(result, 'pass');
  for (const name of [
    'from',
    'subject',
    'reply-to',
    'to',
    'date',
    'message-id',
    'list-unsubscribe',
    'list-unsubscribe-post',
  ])
    assert.equal(keys.filter((key) => key === name).length, 2, name);
  assert.equal((await verified(first.raw)).result, 'pass');
  for (const added of [
    'From: Eve <eve@rival.example>',
    'Subject: Pay me',
    'Reply-To: eve@rival.example',
    'List-Unsubscribe: <https://rival.example>',
  ])
    for (const raw of [`${added}\r\n${received.raw}`, received.raw.replace('\r\n\r\n', `\r\n${added}\r\n\r\n`)])
      assert.equal((await verified(raw)).result, 'fail', added);
  assert.equal((await verified(`List-Unsubscribe: <https://rival.example>\r\n${first.raw}`)).result, 'fail');
  assert.notEqual((await verified(received.raw.replace('Stop emails', 'Send emails'))).result, 'pass');
  // What relaxed forgives: spaces, and how long lines are folded.
  assert.equal((await verified(received.raw.replace(/^Subject: /m, 'subject:   '))).result, 'pass');
});

test('an installation signs once its record is seen; the next key takes over when it is, and the old one still proves what it signed', async () => {
  const [domain, secret] = ['keys.example', portal.services.secret];
  const config = { ...portal.config, mail_domain: domain };
  const checking = { db: portal.knex, config, secret, lookup: portal.services.lookup };
  const signs = () => keyring(portal.knex, secret, domain, false)();
  assert.equal(await signs(), null);
  await checkDns(checking);
  assert.equal(await signs(), null);
  const [first] = await keysOf(portal.knex, domain);
  assert.ok(first);
  assert.match(first.selector, /^p\d{8}$/);
  const publish = (key: typeof first) =>
    (portal.records[`TXT ${recordOf(domain, key).name}`] = [recordOf(domain, key).value]);
  publish(first);
  await checkDns(checking);
  assert.equal((await signs())?.selector, first.selector);
  await createKey(portal.knex, secret, domain);
  await createKey(portal.knex, secret, domain);
  const [next, ...others] = await keysOf(portal.knex, domain);
  assert.ok(next && others.length === 1 && next.state === 'next');
  await checkDns(checking);
  assert.equal((await signs())?.selector, first.selector);
  publish(next);
  await checkDns(checking);
  assert.equal((await signs())?.selector, next.selector);
  assert.deepEqual(
    (await keysOf(portal.knex, domain)).map(({ state }) => state),
    ['current', 'old'],
  );
  await withActor(portal.knex, systemActor(null), (db) =>
    db('dkim_keys')
      .where({ domain, state: 'current' })
      .update({ published_at: db.raw(`now() - interval '366 days'`) }),
  );
  await checkDns(checking);
  assert.equal((await keysOf(portal.knex, domain))[0]?.state, 'next', 'after a year another is offered');
  portal.records[`TXT ${recordOf(domain, next).name}`] = null;
  await checkDns(checking);
  assert.ok(await signs(), 'a DNS that doesn’t answer changes nothing');
  delete portal.records[`TXT ${recordOf(domain, next).name}`];
  await checkDns(checking);
  assert.equal(await signs(), null);
  const row = await withActor(portal.knex, systemActor(null), (db) =>
    db('dkim_keys').where({ domain }).first('private_key'),
  );
  assert.doesNotMatch(row.private_key.toString('latin1'), /\x30\x82..\x02\x01\x00\x30\x0d/s, 'it lies sealed');
});

test('signing costs next to nothing', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const raw = Buffer.from(`From: a@b.example\r\nSubject: x\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(2600)}`); // 200 kB: with a PDF
  const key = { domain: 'b.example', selector: 'p', private_key: privateKey };
  const start = performance.now();
  for (let i = 0; i < 50; i++) await dkimSigned(raw, key);
  const each = (performance.now() - start) / 50;
  assert.ok(each < 50, `${each.toFixed(1)} ms`);
});

test('each message has an address of its own to come back to, that only we can make, and our own address as its sender', async () => {
  const { home, received } = await mayasLetter();
  const noahs = await portal.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).orderBy('id', 'desc').first(),
  );
  assert.equal(
    bouncedMessageId(portal.services.secret, received.mail_from, portal.config.mail_domain),
    noahs.message_id,
  );
  assert.ok((received.mail_from.split('@')[0] ?? '').length <= 64);
  assert.equal(received.from?.value[0]?.address, `${home.slug}@${portal.config.mail_domain}`);
});

test('headers that a list has are on mail that can be stopped alone; that a machine wrote is on all', async () => {
  const { home, received, first } = await mayasLetter();
  await portal.signIn(home.maya.email);
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
  const { composeEvent } = await import('../src/mail/messages/compose.js');
  const { readEventEmail } = await import('../src/mail/messages/event_email.js');
  const { home } = await mayasLetter();
  const email = await portal.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).first('id'),
  );
  const received = await portal.look(home.organization_id, (db) => readEventEmail(db, home.organization_id, email.id));
  assert.ok(received);
  const transport = smtpTransport(portal.post.url, 'opportunistic', nobody);
  const inject = (words: string): [string, typeof received, string?][] => [
    ['organization', { ...received, organization: { ...received.organization, name: words } }],
    ['reader', { ...received, reader: { ...received.reader, name: words } }],
    ['number', { ...received, document: { ...received.document, number: words } }],
    ['title', { ...received, document: { ...received.document, title: words } }],
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

test('a message is addressed in one place, to one person, as a name and an address', () => {
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

test('an address that could be two is sent to nobody', async () => {
  const { home, invoice } = await mayasLetter();
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

test('what people write is text in every email, whatever it is', async () => {
  const { home, invoice } = await mayasLetter();
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

test('a PDF that is too large for mail stays where the button leads', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  await sentInvoice(portal, home);
  await portal.idle();
  portal.post.answer = null;
  const email = await portal.look(home.organization_id, (db) =>
    db('emails').where({ person_id: home.maya.id }).first(),
  );
  const pdf = async () => ({ filename: 'large.pdf', content: Buffer.alloc(12 * 2 ** 20) });
  await sendEmail(portal.knex, { ...portal.services.post, pdf }, home.organization_id, email.id);
  const received = await portal.post.to(home.maya.email);
  assert.deepEqual([received.attachments.length, received.link !== ''], [0, true]);
});

/** A mail server that offers STARTTLS with a certificate of its own making, or with none. */
async function openServer(options: { tls: boolean; login?: boolean }) {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const cert = forge.pki.createCertificate();
  Object.assign(cert, { publicKey: keys.publicKey, serialNumber: '01' });
  cert.validity.notBefore = new Date(Date.now() - 60_000);
  cert.validity.notAfter = new Date(Date.now() + 3_600_000);
  const names = [{ name: 'commonName', value: 'localhost' }];
  cert.setSubject(names);
  cert.setIssuer(names);
  cert.sign(keys.privateKey, forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(cert);
  assert.ok(new X509Certificate(pem));
  const taken: boolean[] = [];
  const server = new SMTPServer({
    key: forge.pki.privateKeyToPem(keys.privateKey),
    cert: pem,
    authOptional: !options.login,
    allowInsecureAuth: true,
    disabledCommands: options.tls ? [] : ['STARTTLS'],
    disableReverseLookup: true,
    onAuth: (_auth, _session, done) => done(new Error('Invalid username or password')),
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        taken.push(session.secure);
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    taken,
    url: (login = '') => `smtp://${login}127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const HELLO: SendMailOptions = {
  from: 'a@b.example',
  to: { name: 'C', address: 'c@d.example' },
  subject: 'x',
  text: 'x',
};

test('where encryption is required, a server without it, or with a certificate that nobody vouches for, gets nothing', async () => {
  const [own, plain] = [await openServer({ tls: true }), await openServer({ tls: false })];
  for (const server of [own, plain]) {
    const strict = smtpTransport(server.url(), 'required', nobody);
    const failed: unknown = await strict.send(HELLO).catch((error: unknown) => error);
    assert.ok(
      failed instanceof Error &&
        !(
          'responseCode' in failed &&
          Number(failed.responseCode) >= 500 &&
          'command' in failed &&
          failed.command === 'DATA'
        ),
    );
    strict.close();
    assert.deepEqual(server.taken, []);
  }
  for (const server of [own, plain]) {
    const easy = smtpTransport(server.url(), 'opportunistic', nobody);
    await easy.send(HELLO);
    easy.close();
  }
  assert.deepEqual([own.taken, plain.taken], [[true], [false]]);
  const trusting = smtpTransport(own.url('user:secret@'), 'opportunistic', nobody);
  await assert.rejects(trusting.send(HELLO), /certificate/, 'a password goes to a server that is proven alone');
  trusting.close();
  await Promise.all([own.close(), plain.close()]);
});

test('a password is in no error, however it is looked at', async () => {
  const server = await openServer({ tls: false, login: true });
  const transport = smtpTransport(server.url('user:canary-7731@'), 'opportunistic', nobody);
  const failed: unknown = await transport.send(HELLO).catch((error: unknown) => error);
  assert.ok(failed instanceof Error);
  assert.doesNotMatch(inspect(failed, { depth: 10, showHidden: true }), /canary-7731|Y2FuYXJ5/);
  transport.close();
  await server.close();
});

test('no message can make the mailer read a file or fetch a page', async () => {
  const transport = smtpTransport(portal.post.url, 'opportunistic', nobody);
  for (const attachment of [{ path: '/etc/passwd' }, { href: 'http://127.0.0.1:1/' }])
    await assert.rejects(transport.send({ ...HELLO, attachments: [attachment] }), /rejected|disabled/i);
  transport.close();
});
