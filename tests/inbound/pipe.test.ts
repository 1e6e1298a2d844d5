import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../src/config.js';
import { systemActor, withActor } from '../../src/db/scope.js';
import { headerOf, recipientsIn, senderIn, withCrlf } from '../../src/inbound/sources/envelope.js';
import { acceptFromPipe } from '../../src/inbound/sources/pipe/pipe.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { mailIn } from '../support/post_office.js';
import { noPostfix, openPostfix } from '../support/postfix.js';
import { SETTINGS } from '../support/providers.js';
import { until } from '../support/until.js';

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

const SAME = { MAIL_DOMAIN: 'mail.parley.example', MAX_MESSAGE_MB: '1' };

const COMMAND = join(import.meta.dirname, '../../src/inbound/sources/pipe/pipe_command.js');

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

const kept = (recipient: string) =>
  withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_deliveries').where({ recipient }).orderBy('id').select(),
  );
