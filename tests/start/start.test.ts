import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import express from 'express';
import pino from 'pino';
import request from 'supertest';
import { readConfig, readEnvironment } from '../../src/config.js';
import { ownHostsOnly } from '../../src/routes/limits/own_hosts.js';
import { startMail, startWeb } from '../../src/start/roles.js';
import { openServices } from '../../src/start/services.js';
import { startParley } from '../support/parley_process.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('a wrong setting ends the start with one line that names it', async () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ NODE_ENV: 'prod' }, /^NODE_ENV: /],
    [{ PORT: '0', INBOUND_SMTP_PORT: String(portal.mail_port) }, /^INBOUND_SMTP_PORT: .*in use/],
  ];
  for (const [env, sentence] of wrong) {
    const { code, errors } = await startParley(portal, [], env).ended;
    assert.equal(code, 1, errors);
    assert.match(errors, sentence);
    assert.equal(errors.trim().split('\n').length, 1, errors);
  }
});

test('a port that another program has is named', async () => {
  await assert.rejects(startWeb(portal.services), { message: /^PORT: .*in use/ });
  await assert.rejects(startMail(portal.services), { message: /^INBOUND_SMTP_PORT: .*in use/ });
});

const PRODUCTION = {
  NODE_ENV: 'production',
  SECRET: '9f2c51e07b6a4d38812fe4c09ab35d67',
  BASE_URL: 'https://portal.example.com',
  SMTP_URL: 'smtps://user:password@mail.example.com:465',
  MAIL_DOMAIN: 'portal.example.com',
};

test('a setting that can’t be used is named', () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ NODE_ENV: 'prod' }, /^NODE_ENV: /],
    [{ BASE_URL: 'localhost:3000' }, /^BASE_URL: /],
    [{ SMTP_URL: 'http://mail.example' }, /^SMTP_URL: /],
    [{ BASE_URL: 'https://example.com/portal' }, /^BASE_URL: must have no path/],
    [{ MAIL_DOMAIN: 'https://portal.example.com' }, /^MAIL_DOMAIN: must be a domain/],
    [{ SECRET_OLD: 'short' }, /^SECRET_OLD: needs at least 32/],
  ];
  for (const [env, message] of wrong) assert.throws(() => readConfig(env), { message });
});

test('a file .env adds what the environment does not set', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-env-'));
  t.after(() => rm(folder, { recursive: true }));
  assert.equal(readEnvironment(folder), process.env);
  const names = ['PARLEY_TEST_ONE', 'PARLEY_TEST_TWO'] as const;
  t.after(() => names.forEach((name) => delete process.env[name]));
  await writeFile(join(folder, '.env'), `# a comment\n${names[0]}=from the file\n${names[1]}="from the file"\n`);
  process.env[names[1]] = 'from the environment';
  const env = readEnvironment(folder);
  assert.deepEqual(
    names.map((name) => env[name]),
    ['from the file', 'from the environment'],
  );
});

test('production refuses what is missing, guessable, misspelt or unencrypted: each in one line, all at once', () => {
  assert.equal(readConfig(PRODUCTION).mail_domain, 'portal.example.com');
  const names = (env: Record<string, string>) => {
    try {
      readConfig(env);
      return [];
    } catch (error) {
      return String(error)
        .replace(/^Error: /, '')
        .split('\n')
        .map((line) => line.split(':')[0]);
    }
  };
  assert.deepEqual(names({ NODE_ENV: 'production' }), ['SECRET', 'BASE_URL', 'SMTP_URL', 'MAIL_DOMAIN']);
  assert.deepEqual(names({ ...PRODUCTION, PORT: 'x', BASE_URL: 'http://portal.example.com', MAIL_DOMAIN: ' ' }), [
    'PORT',
    'MAIL_DOMAIN',
    'BASE_URL',
  ]);
  const guessable = [
    'x'.repeat(40),
    'abcabcabcabcabcabcabcabcabcabcabc',
    '0123456789abcdef0123456789abcdef',
    'abcdefghijklmnopqrstuvwxyz012345',
    'please-change-me-please-change-me',
    'the secret of our company, 2026!!',
    'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbc',
  ];
  for (const SECRET of guessable) assert.deepEqual(names({ ...PRODUCTION, SECRET }), ['SECRET'], SECRET);
  for (let i = 0; i < 200; i++) {
    const random = i % 2 ? randomBytes(16).toString('hex') : randomBytes(24).toString('base64');
    assert.deepEqual(names({ ...PRODUCTION, SECRET: random }), [], random);
  }

  const misspelt: [string, string][] = [
    ['SMPT_URL', 'SMTP_URL'],
    ['MAIL_DOMIAN', 'MAIL_DOMAIN'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['BASEURL', 'BASE_URL'],
    ['base_url', 'BASE_URL'],
    ['TRUSTPROXY', 'TRUST_PROXY'],
    ['INBOUND_STMP_PORT', 'INBOUND_SMTP_PORT'],
    ['KEEP_MAILS_DAYS', 'KEEP_MAIL_DAYS'],
    ['SECRET_OLDS', 'SECRET_OLD'],
  ];
  for (const [name, meant] of misspelt)
    assert.throws(() => readConfig({ ...PRODUCTION, [name]: 'x' }), {
      message: `${name}: there is no such setting. Did you mean ${meant}?`,
    });
  // What belongs to others is none of ours.
  const others =
    'HOME HOSTNAME PATH PWD SHELL LANG TZ USER npm_config_cache PGHOST HTTP_PROXY PARLEY_PORT TERM POSTGRES_DB';
  assert.deepEqual(names({ ...PRODUCTION, ...Object.fromEntries(others.split(' ').map((name) => [name, 'x'])) }), []);
});

test('outside production only this machine reaches it, under its own names, unless it is told otherwise', async () => {
  assert.equal(readConfig({}).host, '127.0.0.1');
  assert.equal(readConfig({ HOST: '0.0.0.0' }).host, '0.0.0.0');
  assert.equal(readConfig(PRODUCTION).host, undefined);
  const statusFor = async (settings: Record<string, string>, host: string) => {
    const app = express()
      .use(ownHostsOnly(readConfig(settings)))
      .use((_req, res) => void res.send('here'));
    return (await request(app).get('/').set('Host', host)).status;
  };
  for (const host of ['localhost:3000', '127.0.0.1', '[::1]:3000', 'LOCALHOST'])
    assert.equal(await statusFor({}, host), 200, host);
  for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1.evil.example', 'x@localhost.example'])
    assert.equal(await statusFor({}, host), 421, host);
  assert.equal(await statusFor({ BASE_URL: 'https://dev.example' }, 'dev.example'), 200);
  assert.equal(await statusFor({ HOST: '0.0.0.0' }, '192.168.1.5:3000'), 200, 'no name leads there');
  assert.equal(await statusFor({ HOST: '0.0.0.0' }, 'evil.example'), 421);
  assert.equal(await statusFor(PRODUCTION, 'behind-a-proxy.internal'), 200);
  await request(portal.base_url).get('/sign-in').set('Host', 'evil.example').expect(421);
  await request(portal.base_url).get('/healthz').set('Host', 'probe.example').expect(200);
});

test('a database that can’t be reached is named by its setting', async () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ DATABASE_URL: 'postgresql://parley@127.0.0.1:1/parley' }, /^DATABASE_URL: .*refused.*127\.0\.0\.1:1.*$/i],
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
