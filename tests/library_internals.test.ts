import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import type { Knex } from 'knex';
import pino from 'pino';
import { openDatabase } from '../src/db/database.js';
import { addJob } from '../src/db/jobs.js';
import { connectionOf } from '../src/db/writing/knex_connection.js';
import { inOnePacket } from '../src/db/pg_stream.js';
import { poolFigures } from '../src/db/reading/pool_figures.js';
import { LIMITS } from '../src/inbound/reading/limits.js';
import { PartSplitter } from '../src/inbound/reading/repairs/part_splitter.js';
import { runJobs } from '../src/jobs/run.js';
import { completeJobs, restartUsedUpJobs, unlockJobs, usedUpJobs } from '../src/jobs/queue/worker_tables.js';
import { openSmtpPool } from '../src/mail/outbox/smtp_pool.js';
import { probe } from '../src/start/probe.js';
import { cloneDatabase, connectionTo } from './support/database.js';
import { openPostOffice } from './support/post_office.js';
import { until } from './support/until.js';

// What we use of libraries without their promise: a new version that changes it fails here, by name.

const database = await cloneDatabase();
const db = openDatabase(connectionTo(database.name));
const { knex, pool } = db;
after(async () => {
  await db.close();
  await database.drop();
});

test('pg: what is queried in one packet is held back until the end, then answered in order', async () => {
  const client = await pool.connect();
  const { stream } = (
    client as unknown as { connection: { stream: NodeJS.WritableStream & { writableLength: number } } }
  ).connection;
  let held = 0;
  const sent = inOnePacket(client, () => {
    const queries = [client.query('select 1 as n'), client.query('select 2 as n')];
    held = stream.writableLength;
    return queries;
  });
  const rows = (await Promise.all(sent)).map((result) => result.rows[0]);
  client.release();
  assert.ok(held > 0, 'the queries waited in the stream');
  assert.equal(stream.writableLength, 0);
  assert.deepEqual(rows, [{ n: 1 }, { n: 2 }]);
});

test('pg: an error in one packet fails its query alone, and the connection stays usable', async () => {
  const client = await pool.connect();
  const sent = inOnePacket(client, () => [client.query('select 1 / 0'), client.query('select 2 as n')]);
  const [failed, answered] = await Promise.allSettled(sent);
  client.release();
  assert.match(String(failed?.status === 'rejected' && failed.reason), /division by zero/);
  assert.deepEqual(answered?.status === 'fulfilled' && answered.value.rows, [{ n: 2 }]);
});

test('pg: it keeps the number of the process that answers, which behind a pooler is another', async () => {
  const { pooled } = await probe('DATABASE_URL', database.url);
  assert.equal(pooled, false);
});

test('knex and pg: their pools say how many connections are used and free, and who waits', async () => {
  const figures = await knex.transaction(async (transaction) => {
    await transaction.raw('select 1');
    return poolFigures(db);
  });
  assert.equal(figures.changes.used, 1);
  assert.deepEqual(Object.keys(figures.pages), ['used', 'free', 'waiting']);
  for (const count of Object.values({ ...figures.pages, ...figures.changes })) assert.equal(typeof count, 'number');
});

test('knex: a transaction hands out its own connection, the same each time', async () => {
  const pidOf = async (db: Knex.Transaction) => {
    const connection = await connectionOf(db);
    assert.equal(await connectionOf(db), connection);
    const sql = 'select pg_backend_pid() as pid';
    const [ours, theirs] = [await connection.query(sql), await db.raw(sql)];
    assert.equal(ours.rows[0].pid, theirs.rows[0].pid);
    return ours.rows[0].pid;
  };
  await knex.transaction(async (one) => {
    const pid = await pidOf(one);
    await knex.transaction(async (other) => assert.notEqual(await pidOf(other), pid));
  });
});

test('knex: what is sent ahead on the connection of a transaction comes first, and fails what follows', async () => {
  await knex.transaction(async (db) => {
    const connection = await connectionOf(db);
    connection.query(`select set_config('app.side', 'staff', true)`).catch(() => {});
    const { rows } = await db.raw(`select current_setting('app.side') as side`);
    assert.deepEqual(rows, [{ side: 'staff' }]);
  });
  const failing = knex.transaction(async (db) => {
    const connection = await connectionOf(db);
    connection.query('select 1 / 0').catch(() => {});
    await db.raw('select 1');
  });
  await assert.rejects(failing, /current transaction is aborted/);
});

test('knex: what is asked in one turn leaves in one packet, with the beginning of its transaction', async () => {
  await knex.transaction(async (db) => {
    const connection = await connectionOf(db);
    let packets = 0;
    const { stream } = (
      connection as unknown as { connection: { stream: Record<string, (...given: unknown[]) => void> } }
    ).connection;
    for (const name of ['_write', '_writev']) {
      const write = stream[name]?.bind(stream);
      stream[name] = (...given) => {
        packets++;
        write?.(...given);
      };
    }
    await Promise.all([db.raw('select 1'), db.raw('select ?::int', [2]), connection.query('select 3')]);
    assert.equal(packets, 1);
    await db.transaction(async (db) => void (await db.raw('select 4')));
    assert.equal(packets, 3, 'the savepoint goes with what is asked first, its release alone');
  });
});

test('knex: a transaction’s statements are prepared, others are not', async () => {
  const prepared = async (db: Knex) => (await db.raw('select name from pg_prepared_statements')).rows.length;
  await knex.transaction(async (db) => {
    const before = await prepared(db);
    for (const value of [1, 2]) await db.raw('select ?::int as prepared', [value]);
    assert.equal(await prepared(db), before + 1);
  });
});

interface Job {
  id: number;
  attempts: number;
  max_attempts: number;
  run_at: Date;
  locked_by: string | null;
}

const jobs = async () =>
  (await knex.raw<{ rows: Job[] }>('select * from graphile_worker._private_jobs order by id')).rows;
const cleared = () => knex.raw('delete from graphile_worker._private_jobs');

test('graphile-worker: jobs without an attempt left are found by task, restarted and removed', async () => {
  await cleared();
  await addJob(knex, 'read_mail', {});
  await addJob(knex, 'send_email', { organization_id: 'o', email_id: 'e' });
  assert.deepEqual(await usedUpJobs(knex, 'read_mail'), []);
  await knex.raw(`update graphile_worker._private_jobs set attempts = max_attempts, run_at = now() + interval '1 day'`);

  const [read] = await usedUpJobs(knex, 'read_mail');
  assert.deepEqual(read?.payload, {});
  await restartUsedUpJobs(knex, 'read_mail');
  assert.deepEqual(await usedUpJobs(knex, 'read_mail'), []);
  const [restarted, other] = await jobs();
  assert.equal(restarted?.attempts, 0);
  assert.ok(restarted.run_at <= new Date());
  assert.equal(other?.attempts, other?.max_attempts);

  const unsent = await usedUpJobs(knex, 'send_email');
  assert.deepEqual(
    unsent.map(({ payload }) => payload.email_id),
    ['e'],
  );
  await completeJobs(
    knex,
    unsent.map(({ id }) => id),
  );
  assert.deepEqual(
    (await jobs()).map(({ id }) => id),
    [read?.id],
  );
});

test('graphile-worker: a silent runner’s jobs are unlocked, a living one’s stay', async () => {
  await cleared();
  await addJob(knex, 'tick', {});
  await addJob(knex, 'watch_mail', {});
  const [first, second] = await jobs();
  await knex.raw(`insert into workers (id) values ('alive')`);
  const lock = `update graphile_worker._private_jobs set locked_at = now() - interval '1 hour', locked_by = ? where id = ?`;
  await knex.raw(lock, ['silent', first?.id ?? 0]);
  await knex.raw(lock, ['alive', second?.id ?? 0]);
  await unlockJobs(pool, 30_000);
  assert.deepEqual(
    (await jobs()).map(({ locked_by }) => locked_by),
    [null, 'alive'],
  );
});

test('graphile-worker: a job under way is locked in the name that its runner reports', async () => {
  await cleared();
  let locked_by = '';
  const reported = async () => (await knex.raw('select id from workers where id = ?', [locked_by])).rows[0]?.id;
  const tick = async () => {
    locked_by = (await jobs())[0]?.locked_by ?? '';
    await until('the heartbeat', reported);
  };
  const runner = await runJobs(connectionTo(database.name), { tick }, '', pino({ level: 'silent' }));
  await addJob(knex, 'tick', {});
  await until('the job', async () => (await jobs()).length === 0);
  await runner.stop();
  assert.ok(locked_by);
  assert.equal(await reported(), locked_by);
});

test('mailsplit: a subclass of its splitter sees each line, boundary and part', async () => {
  const raw = Buffer.from(
    'From: a@b.example\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n' +
      'Content-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\nContent-Type: text/plain\r\n\r\nHello\r\n' +
      '--outer\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--outer--\r\n',
  );
  const parts: string[] = [];
  for await (const chunk of Readable.from([raw]).pipe(new PartSplitter(LIMITS, undefined)))
    if (chunk.type === 'node')
      parts.push(`${chunk.contentType} in ${chunk.parentNode ? chunk.parentNode.contentType : 'nothing'}`);
  assert.deepEqual(parts, [
    'multipart/mixed in nothing',
    'multipart/alternative in multipart/mixed',
    'text/plain in multipart/alternative',
    'application/pdf in multipart/mixed',
  ]);
});

test('nodemailer: its pool takes a built message as it is, and gives the server’s response', async () => {
  const post = await openPostOffice();
  const smtp = openSmtpPool({ url: post.url, pool: true });
  const raw = Buffer.from('From: a@b.example\r\nMessage-ID: <x@b.example>\r\n\r\n.A dot\r\n');
  const envelope = { from: 'bounce@b.example', to: ['maya@maple.example'] };
  const [first, second] = await Promise.all(
    [1, 2].map(() => smtp.send({ raw, message_id: '<x@b.example>', envelope })),
  );
  assert.match(first?.response ?? '', /^250 /);
  assert.match(second?.response ?? '', /^250 /);
  assert.deepEqual(
    post.emails.map((one) => [one.recipient, one.raw]),
    [1, 2].map(() => ['maya@maple.example', raw.toString()]),
  );
  post.answer = { code: 550, message: '5.1.1 nobody' };
  const refused = smtp.send({ raw, message_id: '<x@b.example>', envelope });
  await assert.rejects(refused, { responseCode: 550, command: 'DATA' });
  smtp.close();
  await post.close();
});
