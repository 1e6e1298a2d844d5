import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import pg from 'pg';
import { backupCommand } from '../support/backups.js';
import { connectionTo } from '../support/database.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { WATCH } from '../support/jobs.js';
import { startParley } from '../support/parley_process.js';
import { noPgBouncer, openPgBouncer } from '../support/pgbouncer.js';
import { freePort } from '../support/ports.js';
import { openPortal, type Portal } from '../support/portal.js';
import { until } from '../support/until.js';

/** A contact's page of an invoice, as any process of the portal serves it, and what they write there. */
async function contact(t: TestContext) {
  const portal = await openPortal();
  t.after(() => portal.close());
  const home = await harbor(portal);
  await sentInvoice(portal, home);
  const { page, cookie } = await portal.open(await portal.post.to(home.maya.email));
  const path = new URL(page, portal.base_url).pathname;
  const ask = (base: string, to = path, options: RequestInit = {}) =>
    fetch(base + to, { redirect: 'manual', ...options, headers: { cookie } }).catch(() => null);
  const write = (base: string, text: string) =>
    ask(base, `${path}/comment`, { method: 'POST', body: new URLSearchParams({ text }) });
  const written = async () => {
    const comments = await portal.look(home.organization_id, (db) => db('comments').pluck('body'));
    return comments.map(String);
  };
  return { portal, home, ask, write, written };
}

/** Ends all connections to a database but those of the tests, whatever they are at. */
async function cutAll({ database }: Portal): Promise<void> {
  const admin = new pg.Client({ ...connectionTo('postgres'), user: 'postgres' });
  await admin.connect();
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name <> '${WATCH}'`,
    [database],
  );
  await admin.end();
}

const ROUNDS = 12;

test('connections that are cut while they are used, again and again, lose nothing and end nothing', async (t) => {
  const { portal, home, ask, write, written } = await contact(t);
  const statuses: number[] = [];
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const text = `words ${round}`;
    const work = [
      write(portal.base_url, text).then((answer) => {
        if (answer?.status === 303) acknowledged.push(text);
        return answer;
      }),
      ...Array.from({ length: 6 }, () => ask(portal.base_url)),
      portal.mailIn({ from: home.maya.email, to: `${home.slug}@${portal.config.mail_domain}`, text }).catch(() => null),
    ];
    await cutAll(portal);
    const answers = await Promise.all(work);
    for (const answer of answers) if (answer instanceof Response) statuses.push(answer.status);
    // None that is used: those that were at rest.
    await cutAll(portal);
  }
  assert.deepEqual(
    statuses.filter((status) => ![200, 303, 503].includes(status)),
    [],
  );
  await until('the page', async () => (await ask(portal.base_url))?.status === 200);
  // Live pages, jobs and mail work again.
  await until('an act', async () => (await write(portal.base_url, 'the last words'))?.status === 303);
  await portal.runJobsNow();
  await portal.post.to(home.olivia.email, 'the last words');
  const kept = await written();
  assert.deepEqual(
    acknowledged.filter((text) => !kept.includes(text)),
    [],
  );
});

test('the embedded database is killed: it answers 503, makes it anew, and has what was there', async (t) => {
  const portal = await openPortal();
  t.after(() => portal.close());
  const folder = await mkdtemp(join(process.env['TEST_FOLDER'] ?? '/tmp', 'embedded-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [port, mail_port] = [await freePort(), await freePort()];
  const base = `http://127.0.0.1:${port}`;
  const parley = startParley(portal, [], {
    ...{ DATABASE_URL: '', DATA_DIR: folder, PORT: String(port), INBOUND_SMTP_PORT: String(mail_port), BASE_URL: base },
  });
  t.after(() => parley.stop());
  await parley.up;
  assert.deepEqual(parley.said.slice(0, 2), ['Making the database …', 'Updating the database …']);
  const ask = () => fetch(`${base}/setup`, { redirect: 'manual' });
  assert.equal((await ask()).status, 200);
  for (let round = 0; round < 2; round++) {
    const pid = Number.parseInt(await readFile(join(folder, 'postgres/cluster/postmaster.pid'), 'utf8'), 10);
    process.kill(pid, 'SIGKILL');
    const statuses = new Set<number>();
    await until('the database', async () => {
      const answer = await ask();
      statuses.add(answer.status);
      if (answer.status === 503) assert.ok(answer.headers.get('Retry-After'));
      return answer.status === 200;
    });
    assert.deepEqual(
      [...statuses].filter((status) => status !== 503 && status !== 200),
      [],
    );
    await until('all of it', async () => (await fetch(`${base}/readyz`)).status === 200);
  }
  // Commands find it while it runs.
  const kept = await mkdtemp(join(process.env['TEST_FOLDER'] ?? '/tmp', 'kept-'));
  t.after(() => rm(kept, { recursive: true, force: true }));
  const env = { DATABASE_URL: '', BACKUP_DATABASE_URL: '', DATA_DIR: folder };
  const backup = await backupCommand(portal, 'backup', [kept], env);
  assert.equal(backup.code, 0, backup.errors);
  const { code } = await parley.stop();
  assert.equal(code, 0);
});

test(
  'behind PgBouncer in transaction mode the first requests work, and after it or the database restarted',
  { skip: noPgBouncer },
  async (t) => {
    const { portal, ask, write, written } = await contact(t);
    const pooler = await openPgBouncer();
    t.after(() => pooler.close());
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const env = { DATABASE_URL: pooler.url(portal.database), LISTEN_URL: portal.database_url, DATABASE_POOL_MIN: '4' };
    const web = startParley(portal, ['web'], { ...env, PORT: String(port) });
    t.after(() => web.stop());
    await web.up;
    const statuses = async (text: string) => {
      const pages = Array.from({ length: 20 }, () => ask(base));
      const acts = Array.from({ length: 8 }, (_, i) => write(base, `${text} ${i}`));
      return (await Promise.all([...pages, ...acts])).map((answer) => answer?.status);
    };
    const WORK = [...Array<number>(20).fill(200), ...Array<number>(8).fill(303)];
    assert.deepEqual(await statuses('first'), WORK);
    assert.deepEqual(await statuses('then'), WORK);

    const during = statuses('meanwhile');
    await pooler.kill();
    await during;
    assert.equal((await ask(base))?.status, 503);
    await pooler.start();
    await until('the pooler', async () => (await ask(base))?.status === 200);
    assert.deepEqual(await statuses('after the pooler'), WORK);

    const meanwhile = statuses('cut');
    await cutAll(portal);
    const left = (await meanwhile).filter((status) => status !== 200 && status !== 303 && status !== 503);
    assert.deepEqual(left, []);
    await until('the database', async () => (await ask(base))?.status === 200);
    assert.deepEqual(await statuses('after the database'), WORK);
    const kept = await written();
    assert.ok(['first 7', 'after the pooler 7', 'after the database 7'].every((text) => kept.includes(text)));
  },
);
