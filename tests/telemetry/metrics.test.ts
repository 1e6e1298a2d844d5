import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import express from 'express';
import request from 'supertest';
import { readConfig } from '../../src/config.js';
import { addJobs } from '../../src/db/jobs.js';
import { inboxFigures, jobFigures, MOST_COUNTED } from '../../src/jobs/queue/queue_figures.js';
import { metrics } from '../../src/routes/machines/metrics_page.js';
import { startMetrics } from '../../src/start/metrics_server.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** What Prometheus would read, each value by its name and labels. */
async function scraped(from = request(portal.base_url)): Promise<Map<string, number>> {
  const { text, headers } = await from.get('/metrics').expect(200);
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
  const values = new Map<string, number>();
  for (const line of text.split('\n').filter((line) => line && !line.startsWith('#'))) {
    const [, name = '', value = ''] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line) ?? assert.fail(line);
    values.set(
      name
        .replace(/roles="web",?/, '')
        .replace(/,?\}$/, '}')
        .replace('{}', ''),
      Number(value),
    );
  }
  return values;
}

test('what a process did is counted: requests by route, round trips, mail, jobs, its own figures', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  await portal.post.to(home.maya.email, invoice.number);
  await portal.idle();
  const before = await scraped();
  const olivia = await portal.signIn(home.olivia.email);
  for (let i = 0; i < 3; i++) await olivia.get(invoice.url).expect(200);
  await olivia.post(`${invoice.url}/comment`).type('form').send({ text: 'When do we begin?' }).expect(303);
  await portal.reply(await portal.post.to(home.maya.email, 'When do we begin?'), 'On Monday.');
  await portal.post.to(home.olivia.email, 'On Monday.');
  await portal.idle();
  const now = await scraped();
  const more = (name: string) => (now.get(name) ?? 0) - (before.get(name) ?? 0);
  const route = 'route="/:organization/documents/:key"';
  assert.equal(more(`parley_http_requests_total{method="GET",${route},status="200"}`), 3);
  assert.equal(more(`parley_http_round_trips_total{${route}}`), 6, 'a page is two round trips');
  assert.equal(more(`parley_http_request_duration_seconds_count{${route}}`), 3);
  assert.ok(more('parley_mail_out_total{state="accepted"}') >= 2);
  assert.equal(more('parley_mail_in_total{source="smtp",state="posted"}'), 1);
  assert.ok(more('parley_jobs_done_total{task="send_email",outcome="done"}') >= 2);
  assert.equal(now.get('parley_database_up'), 1);
  assert.ok(now.get('parley_db_connections{pool="pages",state="used"}') !== undefined);
  assert.ok((now.get('process_resident_memory_bytes') ?? 0) > 1e6);
});

test('whatever anybody asks for makes no figure of its own', async () => {
  for (const path of ['/a/b/c', '/x/y', '/harbor1/no/such']) await request(portal.base_url).get(path);
  const names = [...(await scraped()).keys()].filter((name) => name.startsWith('parley_http_requests_total'));
  assert.ok(names.some((name) => name.includes('route="none",status="404"')));
  assert.ok(!names.some((name) => /such|\/x\/|\/a\/b/.test(name)));
});

test('the queues are those of all processes; no more are counted than cost little', async () => {
  const quiet = await openPortal();
  await quiet.close_worker();
  const home = await harbor(quiet);
  await sentInvoice(quiet, home);
  await quiet.mailIn({ from: home.maya.email, to: `reply@${quiet.config.mail_domain}`, subject: 'x', text: 'Hello' });
  const due = (await jobFigures(quiet.knex)).find(({ task, state }) => task === 'send_email' && state === 'due');
  assert.equal(due?.jobs, 1);
  assert.ok(due.seconds >= 0);
  const values = await scraped(request(quiet.base_url));
  assert.equal(values.get('parley_queue_jobs{task="send_email",state="due"}'), 1);
  await quiet.knex('graphile_worker._private_jobs').update({ attempts: quiet.knex.raw('max_attempts') });
  assert.ok((await jobFigures(quiet.knex)).every(({ state }) => state === 'dead'));
  const job = { payload: {}, run_at: new Date(Date.now() + 3_600_000) };
  await addJobs(
    quiet.knex,
    'tick',
    Array.from({ length: MOST_COUNTED + 50 }, () => job),
  );
  const counted = (await jobFigures(quiet.knex)).reduce((sum, { jobs }) => sum + jobs, 0);
  assert.equal(counted, MOST_COUNTED);
  await quiet.close();
});

test('mail that came in is counted while it waits, and while staff have to place it', async () => {
  const quiet = await openPortal();
  await quiet.close_worker();
  const home = await harbor(quiet);
  const to = `${home.slug}@${quiet.config.mail_domain}`;
  await quiet.mailIn({ from: 'stranger@elsewhere.example', to, subject: 'Hello', text: 'Are you open?' });
  const { pending, held } = await inboxFigures(quiet.knex);
  assert.deepEqual({ pending, held }, { pending: 1, held: 0 });
  const worker = await quiet.startWorker();
  await quiet.idle();
  const after = await inboxFigures(quiet.knex);
  assert.deepEqual({ pending: after.pending, held: after.held }, { pending: 0, held: 1 });
  await worker.stop();
  await quiet.close();
});

const TOKEN = 'a1f7c35e9b024d68';
const PRODUCTION = {
  ...{ NODE_ENV: 'production', SECRET: '9f2c51e07b6a4d38812fe4c09ab35d67', BASE_URL: 'https://portal.example.com' },
  ...{ SMTP_URL: 'smtps://user:password@mail.example.com:465', MAIL_DOMAIN: 'portal.example.com' },
};

test('who may read them: in production nobody without the token; elsewhere this machine alone', async () => {
  const served = (env: Record<string, string>) =>
    request(express().use(metrics({ db: portal.db, config: readConfig(env), roles: ['web'] })));
  await served(PRODUCTION).get('/metrics').expect(404);
  await served({}).get('/metrics').expect(200);
  await served({}).get('/metrics').set('X-Forwarded-For', '203.0.113.9').expect(404);
  for (const env of [{ METRICS_TOKEN: TOKEN }, { ...PRODUCTION, METRICS_TOKEN: TOKEN }]) {
    await served(env).get('/metrics').expect(401).expect('WWW-Authenticate', 'Bearer');
    for (const wrong of [`Bearer ${TOKEN}x`, TOKEN, `Basic ${TOKEN}`, 'Bearer '])
      await served(env).get('/metrics').set('Authorization', wrong).expect(401);
    await served(env).get(`/metrics?token=${TOKEN}`).expect(401);
    await served(env).get('/metrics').set('Authorization', `Bearer ${TOKEN}`).expect(200);
  }
  assert.throws(() => readConfig({ ...PRODUCTION, METRICS_PORT: '9100' }), {
    message: /^METRICS_PORT: set METRICS_TOKEN/,
  });
  assert.throws(() => readConfig({ METRICS_TOKEN: 'short' }), { message: /^METRICS_TOKEN: needs at least 16/ });
});

test('a process without pages has a port of its own for them, and names what it does', async () => {
  const services = { ...portal.services, config: { ...portal.config, metrics_port: 0 } };
  const server = await startMetrics(services, ['worker', 'mail']);
  const { text } = await request(`http://127.0.0.1:${server.port}`).get('/metrics').expect(200);
  assert.match(text, /parley_database_up\{roles="worker,mail"\} 1/);
  await request(`http://127.0.0.1:${server.port}`).get('/sign-in').expect(404);
  const taken = { ...services, config: { ...services.config, metrics_port: Number(server.port) } };
  await assert.rejects(startMetrics(taken, ['mail']), { message: /^METRICS_PORT: / });
  await server.stop();
});
