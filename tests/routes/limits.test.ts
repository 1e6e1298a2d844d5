import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test, type TestContext } from 'node:test';
import express, { type RequestHandler } from 'express';
import { NoRoom, Unavailable } from '../../src/errors.js';
import { NOBODY } from '../../src/people/identify.js';
import { errorPage } from '../../src/routes/errors/error_page.js';
import { limited, uploadCost } from '../../src/routes/limits/rates.js';
import { limitedStreams } from '../../src/routes/limits/streams.js';
import { openPortal, type Portal } from '../support/portal.js';
import { until } from '../support/until.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** A site that knows its visitors by a header, with the product's own error page. */
async function site(t: TestContext, limit: RequestHandler, page: RequestHandler) {
  const visitor: RequestHandler = (req, _res, next) => {
    req.user = { ...NOBODY, user_id: req.get('X-User') ?? null };
    next();
  };
  const app = express().set('trust proxy', 1).use(visitor, limit, page);
  app.use(errorPage(portal.db.pool, portal.services.log));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const address = server.address();
  const base = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  return (user: string, from = '10.0.0.1', options: RequestInit & { path?: string } = {}) =>
    fetch(base + (options.path ?? '/'), { ...options, headers: { 'X-User': user, 'X-Forwarded-For': from } });
}

const answer: RequestHandler = (req, res) => void req.resume().once('end', () => res.send('done'));

test('who does too much is told so with a time to come again; others are not', async (t) => {
  const ask = await site(
    t,
    limited({ person: 3, address: 5, seconds: 60 }, () => 1),
    answer,
  );
  for (let i = 0; i < 3; i++) assert.equal((await ask('maya')).status, 200);
  const refused = await ask('maya');
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('Retry-After')) > 0);
  assert.match(await refused.text(), /Try again in a few minutes/);
  assert.equal((await ask('maya', '10.0.0.2')).status, 429, 'from anywhere');
  for (const user of ['noah', 'erik']) assert.equal((await ask(user)).status, 200, user);
  assert.equal((await ask('lena')).status, 429, 'of this address that is enough');
  assert.equal((await ask('lena', '10.0.0.3')).status, 200);
});

test('uploads are counted by their size, and only they', async (t) => {
  const ask = await site(t, limited({ person: 4, address: 100, seconds: 60 }, uploadCost), answer);
  const form = (bytes: number) => {
    const body = new FormData();
    body.append('file', new Blob([Buffer.alloc(bytes)]), 'x.bin');
    return { method: 'POST', body };
  };
  for (let i = 0; i < 9; i++) assert.equal((await ask('maya')).status, 200);
  assert.equal((await ask('maya', undefined, form(1.5 * 2 ** 20))).status, 200);
  assert.equal((await ask('maya', undefined, form(10))).status, 429);
  assert.equal((await ask('noah', undefined, form(10))).status, 200);
});

test('live streams that somebody keeps open are limited, and free again once they are closed', async (t) => {
  const ask = await site(t, limitedStreams({ person: 2, address: 3 }), (_req, res) => void res.write('retry: 1\n\n'));
  const open = async (user: string, from?: string) => {
    const controller = new AbortController();
    const stream = await ask(user, from, { path: '/x/documents/1/live', signal: controller.signal });
    return { status: stream.status, close: () => controller.abort() };
  };
  const [first] = [await open('maya'), await open('maya')];
  assert.equal((await open('maya')).status, 429);
  assert.equal((await open('noah')).status, 200);
  assert.equal((await open('erik')).status, 429);
  assert.equal((await open('erik', '10.0.0.2')).status, 200);
  first.close();
  await until('a free stream', async () => (await open('erik')).status === 200);
});

test('PDFs that one address has verified are counted', async () => {
  const check = () => fetch(`${portal.base_url}/check`, { method: 'POST', body: new FormData() });
  const statuses = new Set<number>();
  for (let i = 0; i < 121; i++) statuses.add((await check()).status);
  assert.ok(statuses.has(429) && statuses.size === 2, [...statuses].join());
});

test('what is away, or full, is said in plain words, to people and to programs', async (t) => {
  const down = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
  const full = Object.assign(new Error('could not extend file'), { code: '53100' });
  for (const [error, status] of [
    [down, 503],
    [Object.assign(new Error('terminating connection'), { code: '57P01' }), 503],
    [new Error('Connection terminated unexpectedly'), 503],
    [new Unavailable(), 503],
    [full, 507],
    [new NoRoom(), 507],
    [Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }), 500],
    [new Error('anything else'), 500],
  ] as const) {
    const ask = await site(
      t,
      (_req, _res, next) => next(),
      () => {
        throw error;
      },
    );
    const page = await ask('maya');
    assert.equal(page.status, status, error.message);
    assert.equal(page.headers.has('Retry-After'), status === 503);
    const text = await page.text();
    assert.doesNotMatch(text, /ECONNREFUSED|terminat|extend/);
    assert.equal(/<a [^>]*>Try again<\/a>/.test(text), status === 503);
  }
});
