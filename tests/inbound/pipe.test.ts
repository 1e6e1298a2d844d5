import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { root } from '../../src/config.js';
import { headerOf, recipientsIn, senderIn, withCrlf } from '../../src/inbound/sources/envelope.js';
import { acceptFromPipe } from '../../src/inbound/sources/pipe/pipe.js';
import { emailedInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { envOf, openPortal, type Portal } from '../support/portal.js';
import { rawReply } from '../support/raw_reply.js';
import { copiedPipeCommand, PIPE_COMMAND } from '../support/reachable.js';

let portal: Portal;

before(async () => (portal = await openPortal({ MAX_MESSAGE_MB: '1' })));

after(() => portal.close());

const { bodies } = inbox(() => portal);

/** The exit code of the pipe's command, and what it wrote to stderr. */
async function piped(message: string, words: string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [PIPE_COMMAND, ...words], {
    cwd: root,
    env: { ...process.env, ...envOf(portal), MAX_MESSAGE_MB: '1', ...env },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.on('error', () => {}).end(message);
  const [code] = await once(child, 'exit');
  return { code: Number(code), errors };
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

test('pipe: exit code 0 once stored; a code each for an unknown recipient, no message and wrong usage', async () => {
  const { home, received } = await emailedInvoice(portal);
  const to = received.reply_to;
  const message = rawReply(home, to, 'Through the pipe').replaceAll('\r\n', '\n');
  assert.deepEqual(await piped(message, [to]), { code: 0, errors: '' });
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
  assert.deepEqual(await bodies(home), ['Through the pipe']);
});

test('pipe: without an argument the recipient is taken from the environment, or from the header', async () => {
  const { home, received } = await emailedInvoice(portal);
  const by_word = rawReply(home, 'friends@maple.example', 'By word');
  const by_header = `From maya Tue Nov  3 09:14:00 2026\n${rawReply(home, 'x@y.example', 'By header', [`X-Original-To: ${received.reply_to}`])}`;
  assert.equal(await codeOf(by_word, [], { ORIGINAL_RECIPIENT: received.reply_to, SENDER: home.maya.email }), 0);
  assert.equal(await codeOf(by_header, []), 0);
  assert.equal(await codeOf(rawReply(home, 'x@y.example', 'To nobody here'), []), 67);
  await portal.idle();
  assert.deepEqual((await bodies(home)).toSorted(), ['By header', 'By word']);
});

test('pipe: without a database the mail server is asked to try again', async () => {
  const { home, received } = await emailedInvoice(portal);
  const message = rawReply(home, received.reply_to, 'Later');
  const away = await piped(message, [received.reply_to], { DATABASE_URL: 'postgresql://parley@127.0.0.1:1/parley' });
  assert.deepEqual(away, { code: 75, errors: 'Try again later.\n' });
});

test('without an envelope, the recipient is taken from the header: where the last server noted it, else from To and Cc', async () => {
  const { home, received } = await emailedInvoice(portal);
  const context = { ...portal.services, db: portal.knex };
  const own = received.from?.value[0]?.address ?? '';
  const found = (...lines: string[]) =>
    recipientsIn(headerOf(Buffer.from(`${lines.join('\r\n')}\r\n\r\nTo: ${own}\r\n`)), context);
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

test(
  'pipe: a user who can’t enter the folder of the clone runs it as well',
  { skip: process.getuid?.() !== 0 && 'only root acts for another user' },
  async () => {
    const { home, received } = await emailedInvoice(portal);
    const { uid } = await stat(process.env['TEST_DATABASE_HOST'] ?? '');
    const [node = '', ...command] = await copiedPipeCommand(uid);
    const child = spawn(node, [...command, received.reply_to], { uid, cwd: '/', env: envOf(portal) });
    child.stdin.end(rawReply(home, received.reply_to, 'From a copy'));
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await portal.idle();
    assert.deepEqual(await bodies(home), ['From a copy']);
  },
);
