import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import express from 'express';
import request from 'supertest';
import { readConfig, root } from '../src/config.js';
import { systemActor, withActor } from '../src/db/scope.js';
import { headerOf, withCrlf, recipientsIn, senderIn } from '../src/inbound/sources/envelope.js';
import { parseAccount } from '../src/inbound/sources/imap/account.js';
import { startImap } from '../src/inbound/sources/imap/imap.js';
import { acceptFromPipe } from '../src/inbound/sources/pipe/pipe.js';
import { inboundWebhooks } from '../src/routes/machines/inbound_webhooks.js';
import { noDovecot, openDovecot } from './support/dovecot.js';
import { mailIn } from './support/post_office.js';
import { harbor, type Harbor, sentInvoice } from './support/harbor.js';
import { openPortal, type Portal } from './support/portal.js';
import { noPostfix, openPostfix } from './support/postfix.js';
import {
  amazonsSite,
  type Got,
  mailgun,
  mailgunAt,
  type Posted,
  postmark,
  sendgrid,
  ses,
  SETTINGS,
  sns,
} from './support/providers.js';
import { until } from './support/until.js';

let portal: Portal;
before(async () => (portal = await openPortal({ ...SETTINGS, MAX_MESSAGE_MB: '1' })));
after(() => portal.close());

const commentsOf = (home: Harbor) =>
  portal.look(home.organization_id, (db) =>
    db('comments').where({ organization_id: home.organization_id }).orderBy('id').pluck<string[]>('body'),
  );

async function mayasLetter() {
  const home = await harbor(portal);
  await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  return { home, received };
}

/** Maya's answer, as it lies in a mailbox or comes through a pipe. */
const written = (home: Harbor, to: string, words: string, more: string[] = []) =>
  [
    ...more,
    `From: Maya Chen <${home.maya.email}>`,
    `To: ${to}`,
    'Subject: Re: Invoice',
    `Message-ID: <${Math.random().toString(36).slice(2)}@maple.example>`,
    'Date: Tue, 03 Nov 2026 09:14:00 +0000',
    '',
    words,
    '',
  ].join('\r\n');

/** The site, and beside it the same door with Amazon's site at its side. */
const amazon = amazonsSite();
const hooks = () => express().use(inboundWebhooks({ ...portal.services, db: portal.knex }, amazon.fetch));
const posted = async ({ path, headers, body }: Posted, site: Parameters<typeof request>[0] = hooks()) =>
  (await request(site).post(path).set(headers).send(body.toString())).status;

/** Has a change of the database for a while. */
async function meanwhile<T>(change: string, back: string, work: () => Promise<T>): Promise<T> {
  await portal.knex.raw(change);
  return work().finally(() => portal.knex.raw(back));
}
const GONE = ['alter table inbound_messages rename to gone', 'alter table gone rename to inbound_messages'] as const;
const FULL = [
  `create function full_disk() returns trigger language plpgsql as $$ begin raise 'No space left on device' using errcode = '53100'; end $$;
   create trigger full_disk before insert on inbound_messages for each row execute function full_disk()`,
  'drop function full_disk cascade',
] as const;

for (const [name, provider, final] of [
  ['Postmark', postmark, 403],
  ['Mailgun', mailgun, 406],
  ['SendGrid', sendgrid, 406],
  ['Amazon SES', ses, 406],
] as const)
  test(`${name}: each outcome has the answer after which it does the right thing`, async () => {
    const { home, received } = await mayasLetter();
    const raw = written(home, received.reply_to, `By way of ${name}, with ü`);
    const got: Got = { raw, from: home.maya.email, to: received.reply_to };
    const post = (more: Partial<Got> = {}, wrong?: 'signature') => posted(provider({ ...got, ...more }, wrong));
    assert.deepEqual(
      {
        forged: await post({}, 'signature'),
        away: await meanwhile(...GONE, post),
        full: await meanwhile(...FULL, post),
        without_the_message: await post({ raw: null }),
        nobody: await post({ to: `nobody@${portal.config.mail_domain}` }),
        too_large: await post({ raw: raw + 'x'.repeat(1_100_000) }),
        looped: await post({ raw: 'Received: from a by b\r\n'.repeat(101) + raw }),
        kept: await post(),
        again: await post(),
        forwarded: await post({ to: 'hash@inbound.provider.example' }),
      },
      {
        forged: 401,
        away: 503,
        full: 503,
        without_the_message: 503,
        nobody: final,
        too_large: final,
        looped: final,
        kept: 200,
        again: 200,
        forwarded: 200,
      },
    );
    await portal.idle();
    assert.deepEqual(await commentsOf(home), [`By way of ${name}, with ü`]);
  });

test('providers are let in by the site itself, which else takes nothing from elsewhere', async () => {
  const { home, received } = await mayasLetter();
  const { path, headers, body } = postmark({
    raw: written(home, received.reply_to, 'From elsewhere'),
    from: '',
    to: received.reply_to,
  });
  const elsewhere = { ...headers, Origin: 'https://postmark.example', 'Sec-Fetch-Site': 'cross-site' };
  assert.equal(await posted({ path, headers: elsewhere, body }, portal.base_url), 200);
  const basic = {
    ...headers,
    Authorization: `Basic ${Buffer.from(`any:${SETTINGS.POSTMARK_INBOUND_SECRET}`).toString('base64')}`,
  };
  assert.equal(await posted({ path: '/inbound/postmark', headers: basic, body }, portal.base_url), 200);
  assert.equal(await posted({ path: '/inbound/postmark', headers, body }, portal.base_url), 401);
});

test('what Mailgun signed long ago, or with its fields mixed up, is not believed', async () => {
  const { home, received } = await mayasLetter();
  const got = { raw: written(home, received.reply_to, 'Old'), from: home.maya.email, to: received.reply_to };
  assert.equal(await posted(mailgunAt(Date.now() - 360_000, got)), 401);
  assert.equal(await posted(mailgunAt(Date.now() + 360_000, got)), 401);
  const mixed = mailgun(got);
  assert.equal(await posted({ ...mixed, body: String(mixed.body).replace(/name="token"/, 'name="tokens"') }), 401);
  const plain = new URLSearchParams({ timestamp: '1', token: '2', signature: '3' }).toString();
  const urlencoded = { 'Content-Type': 'application/x-www-form-urlencoded' };
  assert.equal(await posted({ path: '/inbound/mailgun', headers: urlencoded, body: plain }), 401);
  assert.equal(await posted({ path: '/inbound/mailgun', headers: { 'Content-Type': 'text/plain' }, body: 'x' }), 503);
});

test('of SNS only our own topic is heard, only Amazon’s own site is asked, and a subscription is confirmed', async () => {
  const { visits } = amazon;
  const note = { Type: 'Notification', Message: '"hello"' };
  visits.length = 0;
  for (const url of [
    'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
    'http://sns.eu-west-1.amazonaws.com/x.pem',
    'https://s3.amazonaws.com/x.pem',
  ])
    assert.equal(await posted(sns({ ...note, SigningCertURL: url })), 401);
  assert.equal(visits.length, 0);
  assert.equal(await posted(sns({ ...note, TopicArn: 'arn:aws:sns:eu-west-1:666:inbound' })), 401);
  const subscribe = {
    Type: 'SubscriptionConfirmation',
    Message: 'Confirm',
    Token: 'abc',
    SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
  };
  assert.equal(await posted(sns({ ...subscribe, TopicArn: 'arn:aws:sns:eu-west-1:666:inbound' })), 401);
  assert.equal(await posted(sns({ ...subscribe, SubscribeURL: 'https://evil.example/' })), 401);
  assert.ok(visits.every((url) => url.endsWith('.pem')));
  assert.equal(await posted(sns({ ...subscribe, SignatureVersion: '1' })), 200);
  assert.equal(visits.at(-1), subscribe.SubscribeURL);
  assert.equal(await posted({ ...sns(note), body: '{}' }), 401);
});

const SAME = { MAIL_DOMAIN: 'mail.parley.example', MAX_MESSAGE_MB: '1' };
const COMMAND = join(import.meta.dirname, '../src/inbound/sources/pipe/pipe_command.js');

/** The exit code of the pipe's command, and what it said. */
async function piped(message: string, words: string[] = [], env: Record<string, string> = {}) {
  const settings = { ...SAME, DATABASE_URL: portal.database_url, SECRET: portal.services.secret };
  const child = spawn(process.execPath, [COMMAND, ...words], {
    cwd: root,
    env: { ...process.env, ...settings, ...env },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.on('error', () => {}).end(message);
  const [code] = await once(child, 'exit');
  return { code: Number(code), said };
}

/** The same without a process of its own. */
const codeOf = async (message: string, words: string[], env: Record<string, string> = {}) =>
  (
    await acceptFromPipe({
      recipients: words,
      env,
      message: Readable.from([Buffer.from(message)]),
      config: portal.config,
    })
  ).code;

test('a pipe: what is kept ends with 0; a recipient that nobody is, no message and a wrong use with a code for each', async () => {
  const { home, received } = await mayasLetter();
  const to = received.reply_to;
  const message = written(home, to, 'Through the pipe').replaceAll('\r\n', '\n');
  assert.deepEqual(await piped(message, [to]), { code: 0, said: '' });
  assert.equal(await codeOf(message, [to]), 0);
  const codes = await Promise.all([
    codeOf(message, [`nobody@${portal.config.mail_domain}`]),
    codeOf('', [to]),
    codeOf(message, ['--help']),
    codeOf(message + 'x'.repeat(2 ** 21), [to]),
    codeOf('Received: from a by b\n'.repeat(101) + message, [to]),
  ]);
  assert.deepEqual(codes, [67, 65, 64, 65, 65]);
  await portal.idle();
  assert.deepEqual(await commentsOf(home), ['Through the pipe']);
});

test('a pipe without a recipient takes it from the mail server’s word, or from the header', async () => {
  const { home, received } = await mayasLetter();
  const by_word = written(home, 'friends@maple.example', 'By word');
  const by_header = `From maya Tue Nov  3 09:14:00 2026\n${written(home, 'x@y.example', 'By header', [`X-Original-To: ${received.reply_to}`])}`;
  assert.equal(await codeOf(by_word, [], { ORIGINAL_RECIPIENT: received.reply_to, SENDER: home.maya.email }), 0);
  assert.equal(await codeOf(by_header, []), 0);
  assert.equal(await codeOf(written(home, 'x@y.example', 'To nobody here'), []), 67);
  await portal.idle();
  assert.deepEqual((await commentsOf(home)).toSorted(), ['By header', 'By word']);
});

test('a pipe with the database away asks the mail server to come again', async () => {
  const { home, received } = await mayasLetter();
  const message = written(home, received.reply_to, 'Later');
  const away = await piped(message, [received.reply_to], { DATABASE_URL: 'postgresql://parley@127.0.0.1:1/parley' });
  assert.deepEqual(away, { code: 75, said: 'Try again later.\n' });
});

test('for whom a message without its envelope is, its header says: where the last server noted it, before where it was written to', async () => {
  const { home, received } = await mayasLetter();
  const door = { ...portal.services, db: portal.knex };
  const own = received.from?.value[0]?.address ?? '';
  const found = (...lines: string[]) =>
    recipientsIn(headerOf(Buffer.from(`${lines.join('\r\n')}\r\n\r\nTo: ${own}\r\n`)), door);
  assert.deepEqual(
    await found(
      `To: ${own}`,
      `X-Original-To: ${received.reply_to.toUpperCase()}`,
      'Delivered-To: catchall@host.example',
    ),
    [received.reply_to],
  );
  assert.deepEqual(await found(`To: "Us, all" <${own}>,`, ` x@y.example`, `Cc: <${received.reply_to}>`), [
    own,
    received.reply_to,
  ]);
  assert.deepEqual(await found('To: x@y.example', `Bcc: ${own}`), []);
  const from = (...lines: string[]) => senderIn(headerOf(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)));
  assert.equal(from(`From: Maya <${home.maya.email}>`), home.maya.email);
  assert.equal(from(`From: Maya <${home.maya.email}>`, 'Return-Path: <list@maple.example>'), 'list@maple.example');
  assert.equal(from(`From: Maya <${home.maya.email}>`, 'Return-Path: <>'), '');
  assert.equal(String(withCrlf(Buffer.from('a\nb\n'))), 'a\r\nb\r\n');
});

test('a mailbox is named by a URL, and told of without its password', () => {
  const { name, host, port, secure, user, pass, folder, recipient } = parseAccount(
    'imaps://a%40b.example:p%3Aw@mail.example/In%20here?recipient=Us@x.example',
  );
  assert.deepEqual(
    [host, port, secure, user, pass, folder, recipient],
    ['mail.example', 993, true, 'a@b.example', 'p:w', 'In here', 'us@x.example'],
  );
  assert.equal(name, 'a@b.example@mail.example/In here');
  assert.deepEqual(
    [parseAccount('imap://a:b@mail.example').starttls, parseAccount('imap://a:b@localhost').starttls],
    [true, false],
  );
  for (const wrong of [
    { IMAP_URL: 'mail.example' },
    { IMAP_URL: 'pop3://a:b@mail.example' },
    { INBOUND_TLS_CERT: 'x.pem' },
    { POSTMARK_INBOUND_SECRET: 'short' },
  ])
    assert.throws(() => readConfig(wrong), new RegExp(Object.keys(wrong)[0] ?? ''));
});

test('a Postfix that relays to our port', { skip: noPostfix }, async () => {
  const { home, received } = await mayasLetter();
  const postfix = await openPostfix(portal.config.mail_domain, { smtp: portal.mail_port });
  try {
    await mailIn(postfix.port, {
      from: home.maya.email,
      to: received.reply_to,
      subject: 'Re',
      text: 'Through a relay',
    });
    // Postfix answers first, and gives it on a moment later.
    await until('the comment', async () => (await commentsOf(home)).length > 0);
    assert.deepEqual(await commentsOf(home), ['Through a relay']);
  } finally {
    await postfix.close();
  }
});

test('a Postfix that pipes to us keeps what we could not, and brings it once', { skip: noPostfix }, async () => {
  const { home, received } = await mayasLetter();
  const { uid } = await stat(process.env['TEST_DATABASE_HOST'] ?? '');
  const user = (await promisify(execFile)('id', ['-un', String(uid)])).stdout.trim();
  const env = [
    `DATABASE_URL=${portal.database_url}`,
    `MAIL_DOMAIN=${portal.config.mail_domain}`,
    `SECRET=${portal.services.secret}`,
  ];
  const command = `/usr/bin/env ${env.join(' ')} ${process.execPath} ${COMMAND}`;
  const postfix = await openPostfix(portal.config.mail_domain, { pipe: { user, command } });
  try {
    await portal.knex.raw('alter table inbound_messages rename to gone');
    await mailIn(postfix.port, { from: home.maya.email, to: received.reply_to, subject: 'Re', text: 'In the queue' });
    await until('the deferral', async () => (await postfix.queue()).includes('Try again later')).finally(() =>
      portal.knex.raw('alter table gone rename to inbound_messages'),
    );
    await postfix.flush();
    await until('an empty queue', async () => (await postfix.queue()).includes('queue is empty'));
    await portal.idle();
    assert.deepEqual(await commentsOf(home), ['In the queue']);
  } finally {
    await postfix.close();
  }
});

/** Reads a mailbox as the role "mail" does, while `work` is done. */
async function reading<T>(url: string, work: () => Promise<T>): Promise<T> {
  const config = { ...portal.config, imap_urls: [url] };
  const imap = startImap({ ...portal.services, db: portal.knex, config }, portal.services.directConnection);
  try {
    return await work();
  } finally {
    await imap.stop();
  }
}

const kept = (recipient: string) =>
  withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_deliveries').where({ recipient }).orderBy('id').select(),
  );
const keptNow = (recipient: string, count: number) =>
  until(`${count} messages`, async () => (await kept(recipient)).length >= count);

test(
  'a mailbox: what lies there and what arrives is read, marked as seen, and posted',
  { skip: noDovecot },
  async () => {
    const { home, received } = await mayasLetter();
    const dovecot = await openDovecot();
    try {
      await dovecot.deliver(written(home, received.reply_to, 'Lying there'));
      await reading(dovecot.url, async () => {
        await keptNow(received.reply_to, 1);
        await dovecot.deliver(written(home, 'x@y.example', 'Arriving', [`Delivered-To: ${received.reply_to}`]));
        await keptNow(received.reply_to, 2);
        await until('both marked', async () => (await dovecot.unseen()) === 0);
        await dovecot.restart();
        await dovecot.deliver(written(home, received.reply_to, 'After the connection was lost'));
        await keptNow(received.reply_to, 3);
      });
      await portal.idle();
      assert.equal((await commentsOf(home)).length, 3);
    } finally {
      await dovecot.close();
    }
  },
);

test('a mailbox: killed between fetching and keeping, the next one keeps it, once', { skip: noDovecot }, async () => {
  const { home, received } = await mayasLetter();
  const dovecot = await openDovecot();
  const blocker = await portal.knex.transaction();
  let child: ChildProcess | undefined;
  try {
    await blocker.raw('lock table inbound_messages in access exclusive mode');
    await dovecot.deliver(written(home, received.reply_to, 'Fetched twice'));
    child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.js'), 'mail'], {
      cwd: root,
      env: {
        ...process.env,
        ...SAME,
        DATABASE_URL: portal.database_url,
        SECRET: portal.services.secret,
        DATA_DIR: portal.folder,
        INBOUND_SMTP_PORT: '0',
        DEMO: 'off',
        LOG_LEVEL: 'silent',
        IMAP_URL: dovecot.url,
      },
      stdio: 'ignore',
    });
    await until('the message under way', async () => {
      const { rows } = await portal.knex
        .raw(`select from pg_locks where relation = 'inbound_messages'::regclass and not granted
        and database = (select oid from pg_database where datname = current_database())`);
      return rows.length > 0;
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await blocker.rollback();
    assert.equal(await dovecot.unseen(), 1);
    await reading(dovecot.url, () => keptNow(received.reply_to, 1));
    await portal.idle();
    assert.deepEqual(await commentsOf(home), ['Fetched twice']);
    assert.equal(await dovecot.unseen(), 0);
  } finally {
    child?.kill('SIGKILL');
    if (!blocker.isCompleted()) await blocker.rollback();
    await dovecot.close();
  }
});

test(
  'a mailbox: one that is too large, and one that can’t be kept, wait for staff, and hide no other',
  { skip: noDovecot },
  async () => {
    const { home, received } = await mayasLetter();
    const dovecot = await openDovecot();
    const own = received.from?.value[0]?.address ?? '';
    await portal.knex.raw(`create function choke() returns trigger language plpgsql as $$ begin
    if position('poison'::bytea in new.raw) > 0 then raise 'choked'; end if; return new; end $$;
    create trigger choke before insert on inbound_messages for each row execute function choke()`);
    try {
      await dovecot.deliver(written(home, own, 'Large'.repeat(300_000)));
      await dovecot.deliver(written(home, own, 'This is poison.'));
      await dovecot.deliver(written(home, own, 'Small'));
      await reading(dovecot.url, () => keptNow(own, 3));
      await portal.idle();
      const rows = await kept(own);
      assert.deepEqual(
        rows.map(({ state, organization_id }) => [state, organization_id]),
        Array.from({ length: 3 }, () => ['held', home.organization_id]),
      );
      const reasons = rows.map(({ reason }) => String(reason));
      assert.ok(
        reasons.some((reason) => /^It has 1 MB.*still in the mailbox parley@127\.0\.0\.1\/INBOX\.$/.test(reason)),
        reasons.join(),
      );
      assert.ok(reasons.some((reason) => reason.startsWith('We could not take it in.')));
      assert.equal(await dovecot.unseen(), 0);
    } finally {
      await portal.knex.raw('drop function choke cascade');
      await dovecot.close();
    }
  },
);

/** So many different messages to an address. */
async function deliverMany(dovecot: Awaited<ReturnType<typeof openDovecot>>, home: Harbor, to: string, count: number) {
  for (let i = 0; i < count; i++) await dovecot.deliver(written(home, to, `Number ${i}`));
}

const anAddress = (received: string) => `reply+${received.repeat(32)}@${portal.config.mail_domain}`;

test(
  'a mailbox whose messages get new numbers: of 150 none is lost and none doubled',
  { skip: noDovecot },
  async () => {
    await portal.close_worker(); // what is kept is counted; reading it is not what this is about
    const home = await harbor(portal);
    const [to, dovecot] = [anAddress('b'), await openDovecot()];
    try {
      await deliverMany(dovecot, home, to, 80);
      await reading(dovecot.url, async () => {
        await keptNow(to, 80);
        await deliverMany(dovecot, home, to, 20);
        await dovecot.renumber();
        await deliverMany(dovecot, home, to, 20);
        await keptNow(to, 120);
      });
      await deliverMany(dovecot, home, to, 30);
      await reading(dovecot.url, () => keptNow(to, 150));
      assert.equal((await kept(to)).length, 150);
      assert.equal(await dovecot.unseen(), 0);
    } finally {
      await dovecot.close();
    }
  },
);

test('350 messages at once, a malformed one among them: all are kept', { skip: noDovecot }, async () => {
  const home = await harbor(portal);
  const [to, dovecot] = [anAddress('c'), await openDovecot()];
  try {
    await deliverMany(dovecot, home, to, 175);
    const broken = [
      Buffer.from(`To: ${to}\r\nContent-Type: multipart/mixed; boundary="\r\nFrom: \0\0<<>,\r\n`),
      Buffer.alloc(5000, 0xff),
    ];
    await dovecot.deliver(Buffer.concat(broken));
    await deliverMany(dovecot, home, to, 174);
    await reading(dovecot.url, () => keptNow(to, 350));
    assert.equal((await kept(to)).length, 350);
  } finally {
    await dovecot.close();
  }
});

test('a mailbox is read by one at a time; when that one ends, the other goes on', { skip: noDovecot }, async () => {
  const home = await harbor(portal);
  const [to, dovecot] = [anAddress('d'), await openDovecot()];
  const config = { ...portal.config, imap_urls: [dovecot.url] };
  const start = () => startImap({ ...portal.services, db: portal.knex, config }, portal.services.directConnection);
  const [first, second] = [start(), start()];
  try {
    await deliverMany(dovecot, home, to, 10);
    await keptNow(to, 10);
    assert.equal(await dovecot.readers(), 1);
    await first.stop();
    await dovecot.deliver(written(home, to, 'For the second'));
    await keptNow(to, 11);
    assert.equal(await dovecot.readers(), 1);
  } finally {
    await Promise.all([first.stop(), second.stop()]);
    await dovecot.close();
  }
});
