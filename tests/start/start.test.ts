import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { readConfig } from '../../src/config.js';
import { openServices } from '../../src/start/services.js';
import { startParley } from '../support/parley_process.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('a wrong setting ends the start with one line that names it', async () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ PORT: String(portal.config.port) }, /^PORT: .*in use/],
    [{ PORT: '0', INBOUND_SMTP_PORT: String(portal.mail_port) }, /^INBOUND_SMTP_PORT: .*in use/],
    [{ DATABASE_URL: 'postgresql://parley@127.0.0.1:1/parley' }, /^DATABASE_URL: .*127\.0\.0\.1:1/],
    [{ NODE_ENV: 'prod' }, /^NODE_ENV: /],
  ];
  for (const [env, sentence] of wrong) {
    const { code, errors } = await startParley(portal, [], env).ended;
    assert.equal(code, 1, errors);
    assert.match(errors, sentence);
    assert.equal(errors.trim().split('\n').length, 1, errors);
  }
});

test('a setting that can’t be used is named', () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ NODE_ENV: 'prod' }, /^NODE_ENV: /],
    [{ BASE_URL: 'localhost:3000' }, /^BASE_URL: /],
    [{ SMTP_URL: 'http://mail.example' }, /^SMTP_URL: /],
    [{ NODE_ENV: 'production' }, /^In production, set SECRET, BASE_URL, SMTP_URL/],
  ];
  for (const [env, message] of wrong) assert.throws(() => readConfig(env), { message });
});

test('a database that can’t be reached is named by its setting', async () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ DATABASE_URL: 'postgresql://parley@localhost:1/parley' }, /^DATABASE_URL: .*refused/i],
    [{ LISTEN_URL: 'postgresql://parley@localhost:1/parley' }, /^LISTEN_URL: .*refused/i],
    [{ DATABASE_URL: 'not a url' }, /^DATABASE_URL: /],
  ];
  for (const [env, message] of wrong) {
    const config = readConfig({ DATABASE_URL: portal.database_url, DATA_DIR: portal.folder, ...env });
    await assert.rejects(openServices(config, pino({ level: 'silent' })), { message });
  }
});

test('it stops though a browser holds a connection open with half a request', async () => {
  const other = await openPortal();
  const idle = connect(other.config.port, '127.0.0.1');
  await once(idle, 'connect');
  idle.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET / HT');
  await once(idle, 'data');
  const more: string[] = [];
  idle.setEncoding('utf8').on('data', (text: string) => more.push(text));
  await Promise.all([other.close(), once(idle, 'close')]);
  // A server that waits for the rest gives up after a while, and answers 408.
  assert.deepEqual(more, []);
});
