import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../src/config.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const MAIN = join(import.meta.dirname, '../../src/main.js');

/** Parley on the portal's database, until it ends by itself: its exit code and its last words. */
async function ended(portal: Portal, env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: portal.database_url,
      DATA_DIR: portal.folder,
      DEMO: 'off',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 30_000,
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const [code] = await once(child, 'exit');
  return { code, words };
}

test('what keeps it from starting is said in a line that names the setting, and it ends', async () => {
  const [web, mail] = [String(portal.config.port), String(portal.mail_port)];
  const wrong: [Record<string, string>, RegExp][] = [
    [{ PORT: web, INBOUND_SMTP_PORT: '0' }, /^PORT: .*in use/],
    [{ PORT: '0', INBOUND_SMTP_PORT: mail }, /^INBOUND_SMTP_PORT: .*in use/],
    [{ DATABASE_URL: 'postgresql://parley@127.0.0.1:1/parley' }, /^DATABASE_URL: .*127\.0\.0\.1:1/],
    [{ DATABASE_URL: 'postgresql://parley@localhost:1/parley' }, /^DATABASE_URL: .*refused/i],
    [{ LISTEN_URL: 'postgresql://parley@localhost:1/parley' }, /^LISTEN_URL: .*refused/i],
    [{ DATABASE_URL: 'not a url' }, /^DATABASE_URL: /],
    [{ NODE_ENV: 'prod' }, /^NODE_ENV: /],
    [{ BASE_URL: 'localhost:3000' }, /^BASE_URL: /],
    [{ SMTP_URL: 'http://mail.example' }, /^SMTP_URL: /],
    [{ NODE_ENV: 'production' }, /^In production, set SECRET, BASE_URL, SMTP_URL/],
  ];
  for (const [env, sentence] of wrong) {
    const { code, words } = await ended(portal, env);
    assert.equal(code, 1, words);
    assert.match(words, sentence);
    assert.equal(words.trim().split('\n').length, 1, words);
  }
});

test('it stops when told, though browsers hold connections open on which they have asked for nothing', async () => {
  const other = await openPortal();
  const idle = connect(other.config.port, '127.0.0.1');
  await once(idle, 'connect');
  idle.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET / HT');
  await once(idle, 'data');
  const more: string[] = [];
  idle.setEncoding('utf8').on('data', (text: string) => more.push(text));
  await Promise.all([other.close(), once(idle, 'close')]);
  // Who waits for the rest of the request gives up in the end, and says so with 408.
  assert.deepEqual(more, [], 'it waited for somebody who says nothing');
});
