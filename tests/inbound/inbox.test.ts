import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { systemActor, withActor } from '../../src/db/scope.js';
import { claimDeliveries, deferDelivery } from '../../src/inbound/claim.js';
import { readInbox } from '../../src/inbound/inbox.js';
import { LIMITS } from '../../src/inbound/reading/limits.js';
import type { ReadingContext } from '../../src/inbound/reading/message.js';
import { readMails } from '../../src/inbound/reading/worker/read_mails.js';
import { poolFor } from '../../src/inbound/reading/worker/run_task.js';
import { receive } from '../../src/inbound/receive.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => {
  portal = await openPortal();
  await portal.close_worker();
});

after(() => portal.close());

beforeEach(() =>
  withActor(portal.knex, systemActor(null), async (db) => {
    await db('inbound_deliveries').delete();
    await db('inbound_messages').delete();
    await db.raw('delete from graphile_worker._private_jobs');
  }),
);

const addressOf = (letter: string) => `reply+${letter.repeat(32)}@${portal.config.mail_domain}`;

/** Stores a message to an address of ours, which is named by one letter. */
const come = (letter: string, text = '', size = 0) =>
  receive(
    portal.knex,
    Buffer.from(`From: a@b.example\r\n\r\n${text} ${randomBytes(8).toString('hex')}${'x'.repeat(size)}`),
    {
      source: 'smtp',
      mail_from: '',
      recipients: [addressOf(letter)],
      remote_ip: '',
      helo: '',
    },
  );

const pending = () =>
  withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_deliveries').where({ state: 'pending' }).orderBy('id').pluck('id'),
  );

/** How many transactions have stored messages. */
async function transactions(): Promise<number> {
  const { rows } = await withActor(portal.knex, systemActor(null), (db) =>
    db.raw<{ rows: unknown[] }>('select distinct xmin::text from inbound_messages'),
  );
  return rows.length;
}

/** The ids of jobs that are under way. */
async function running(count: number): Promise<string[]> {
  const { rows } = await portal.knex.raw<{ rows: { id: string }[] }>(
    `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker'
     where id in (select id from graphile_worker._private_jobs order by id limit ?) returning id`,
    [count],
  );
  return rows.map(({ id }) => id);
}

const claim = async (job: string | undefined, failed: string[] = []) =>
  (await claimDeliveries(portal.knex, String(job), failed)).map(
    ({ recipient, raw }) => `${recipient[6]}: ${String(raw).slice(21, 23)}`,
  );

test('several jobs at once take each message once, and leave later mail to the same address to the one that has the earlier', async () => {
  for (const [letter, text] of [
    ['a', '1'],
    ['b', '1'],
    ['a', '2'],
    ['c', '1'],
  ] as const)
    await come(letter, text);
  const jobs = await running(3);
  const claims = await Promise.all(jobs.map((job) => claim(job)));
  assert.deepEqual(
    claims.toSorted((one, other) => other.length - one.length),
    [['a: 1 ', 'b: 1 ', 'a: 2 ', 'c: 1 '], [], []],
  );
  await Promise.all([come('a', '3'), come('d', '1')]);
  const other = jobs.find((_, i) => claims[i]?.length === 0);
  assert.deepEqual(await claim(other), ['d: 1 ']);
});

test('what a job had when its process died is read by another, one at a time and in order', async () => {
  for (const text of ['1', '2']) await come('a', text);
  const [first, second] = await running(2);
  assert.deepEqual(await claim(first), ['a: 1 ', 'a: 2 ']);
  assert.deepEqual(await claim(second), []);
  await portal.knex.raw('update graphile_worker._private_jobs set locked_at = null, locked_by = null where id = ?', [
    String(first),
  ]);
  assert.deepEqual(await claim(second), ['a: 1 ']);
  await portal.knex.raw(`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker'`);
  assert.deepEqual(await claim(first), [], 'the later one waits for the earlier');
  await withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_deliveries').where({ job_id: second }).update({ state: 'ignored' }),
  );
  assert.deepEqual(await claim(second), ['a: 2 ']);
});

test('what failed is left to the next attempt of its job, and holds up only what follows it', async () => {
  await come('a', '1');
  const [first] = await running(1);
  await claim(first);
  const [failed] = await pending();
  await deferDelivery(portal.knex, String(failed));
  assert.deepEqual(await claim(first, [String(failed)]), []);
  await come('a', '2');
  await come('b', '1');
  const second = (await running(2)).find((job) => job !== first);
  assert.deepEqual(await claim(second), ['b: 1 ']);
  assert.deepEqual(await claim(first), ['a: 1 ']);
  await withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_deliveries').where({ id: failed }).update({ state: 'held' }),
  );
  assert.deepEqual(await claim(first), ['a: 2 ']);
});

test('a large message is taken alone', async () => {
  await come('a', '1');
  await come('b', '1', 100_000);
  await come('c', '1');
  const [job] = await running(1);
  assert.deepEqual(await claim(job), ['a: 1 ']);
});

test('a message whose reading has ended the process twenty times is not read again, but held for staff', async () => {
  await come('a', '1');
  const [job] = await running(1);
  await withActor(portal.knex, systemActor(null), (db) => db('inbound_deliveries').update({ tries: 19 }));
  const { knex, config } = portal;
  const { storage, secret } = portal.services;
  const unread = {
    ...config,
    get mail_trust(): never {
      throw new Error('It was read.');
    },
  };
  await readInbox({ db: knex, storage, secret, dns: {}, config: unread }, String(job));
  assert.deepEqual(await pending(), []);
});

test('messages that come at the same time are committed together, and one that can’t be stored fails no other', async () => {
  await portal.knex.raw(`create function choke() returns trigger language plpgsql as $$ begin
    if position('poison'::bytea in new.raw) > 0 then raise 'choked'; end if; return new; end $$`);
  const texts = Array.from({ length: 20 }, (_, i) => `${i}`);
  const stored = await Promise.all(texts.map((text) => come('a', text)));
  assert.equal(new Set(stored).size, 20);
  assert.equal(await transactions(), 1);
  await portal.knex.raw('create trigger choke before insert on inbound_messages for each row execute function choke()');
  const mixed = await Promise.allSettled(['21', 'poison', '22'].map((text) => come('a', text)));
  await portal.knex.raw('drop function choke cascade');
  assert.deepEqual(
    mixed.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal((await pending()).length, 22);
});

test('the same message twice at the same time is stored once for each recipient', async () => {
  const raw = Buffer.from('From: a@b.example\r\n\r\nTwice');
  const envelope = { source: 'smtp' as const, mail_from: '', remote_ip: '', helo: '' };
  const to = (...letters: string[]) =>
    receive(portal.knex, raw, { ...envelope, recipients: letters.map((letter) => addressOf(letter)) });
  const [first, again, more] = await Promise.all([to('a'), to('a'), to('a', 'b')]);
  assert.equal(first, again);
  assert.notEqual(first, more);
  assert.equal((await pending()).length, 2);
});

test('a message that kills the thread is read again alone, and harms no other', async () => {
  const context: ReadingContext = { remote_ip: null, helo: null, mail_from: null, recipient: null, dns: {} };
  const small = (text: string) => Buffer.from(`From: a@b.example\r\n\r\n${text}`);
  const large = Buffer.from(`From: a@b.example\r\nContent-Type: text/html\r\n\r\n${'<p>x</p>'.repeat(400_000)}`);
  const messages = [small('One'), large, small('Two')].map((raw) => ({ raw, context }));
  const mails = await Promise.allSettled(readMails(messages, { ...LIMITS, time: 600_000, memory_mb: 40 }));
  assert.deepEqual(
    mails.map((mail) => (mail.status === 'fulfilled' ? mail.value.reply.text : mail.reason.code)),
    ['One', 'too_much_memory', 'Two'],
  );
});

test('a thread that dies while it has nothing to read ends nothing else', () => {
  assert.ok(poolFor('read', LIMITS).threads.emit('error', new Error('out of memory')));
});
