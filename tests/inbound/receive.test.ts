import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { systemActor, withActor } from '../../src/db/scope.js';
import { readInbox } from '../../src/inbound/inbox.js';
import { receive } from '../../src/inbound/receive.js';
import { memoryBudget } from '../../src/inbound/sources/memory_budget.js';
import { readStream } from '../../src/inbound/sources/read_stream.js';
import { Rejection } from '../../src/inbound/sources/rejection.js';
import { emailedInvoice, harbor, sentInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const { deliveries, comments } = inbox(() => portal);

test('large messages wait on disk, one at a time in memory; beyond the budget they are deferred, and the budget is given back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-room-'));
  const room = memoryBudget(6 * 2 ** 20, { data_dir: folder });
  const large = Buffer.alloc(2 ** 20, 'x');
  const say = (megabytes: number) => Readable.from(Array.from({ length: megabytes }, () => large));
  let at_once = 0;
  const work = async (message: Buffer) => {
    assert.equal(++at_once, 1);
    assert.deepEqual(await readdir(folder), []);
    at_once -= 1;
    return message.length;
  };
  const all = await Promise.allSettled(
    [3, 3, 4].map((megabytes) => readStream(say(megabytes), 5 * 2 ** 20, room, work)),
  );
  assert.ok(all.some(({ status }) => status === 'fulfilled'));
  assert.ok(
    all.every((one) => one.status === 'fulfilled' || (one.reason instanceof Rejection && one.reason.why === 'full')),
  );
  await assert.rejects(readStream(say(6), 5 * 2 ** 20, room, work), /At most 5 MB/);
  assert.equal(await readStream(say(5), 5 * 2 ** 20, room, work), 5 * 2 ** 20);
  await rm(folder, { recursive: true });
  await assert.rejects(readStream(say(2), 5 * 2 ** 20, room, work), /Try again later/);
  assert.ok(room.take(6 * 2 ** 20), 'all of its room was given back');
});

test('a large message is stored byte for byte, though it is written in pieces', async () => {
  const recipient = `reply+${'9'.repeat(32)}@${portal.config.mail_domain}`;
  const raw = Buffer.from(
    `Subject: Large\r\n\r\n${Array.from({ length: 300_000 }, (_, i) => `line ${i}\r\n`).join('')}`,
  );
  const id = await receive(portal.knex, raw, {
    source: 'smtp',
    mail_from: '',
    recipients: [recipient],
    remote_ip: '',
    helo: '',
  });
  const stored = await withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_messages').where({ id }).first('raw'),
  );
  assert.ok(raw.equals(stored.raw));
  const { rows } = await portal.knex.raw('select from pg_largeobject_metadata');
  assert.equal(rows.length, 0);
});

test('with a full disk SMTP answers 452, and the retry is stored', async () => {
  const full = await openPortal();
  try {
    const home = await harbor(full);
    await sentInvoice(full, home);
    const received = await full.post.to(home.maya.email);
    await full.knex.raw(`create function full_disk() returns trigger language plpgsql as $$ begin
      raise 'could not extend file' using errcode = '53100'; end $$`);
    await full.knex.raw(
      'create trigger full_disk before insert on inbound_deliveries for each row execute function full_disk()',
    );
    await assert.rejects(full.reply(received, 'Room for me?'), /452/);
    await full.knex.raw('drop function full_disk cascade');
    assert.equal(
      (await withActor(full.knex, systemActor(null), (db) => db('inbound_messages').select('id'))).length,
      0,
    );
    await full.reply(received, 'Room for me?');
  } finally {
    await full.close();
  }
});

test('without its table SMTP answers 451, and the retry is posted', async () => {
  const away = await openPortal();
  const home = await harbor(away);
  await sentInvoice(away, home);
  const received = await away.post.to(home.maya.email);
  await away.idle();
  await away.knex.raw('alter table inbound_messages rename to gone');
  await assert.rejects(away.reply(received, 'Hello?'), /451/);
  await away.knex.raw('alter table gone rename to inbound_messages');
  await away.reply(received, 'Hello?');
  await away.idle();
  assert.equal((await away.look(home.organization_id, (db) => db('comments').select())).length, 1);
  await away.close();
});

test('a message that can’t be read after all tries waits for staff; what its sender wrote next is posted then', async () => {
  const { home, received } = await emailedInvoice(portal);
  await portal.knex.raw(`create function choke() returns trigger language plpgsql as $$ begin
    if new.body like '%poison%' then raise 'choked'; end if; return new; end $$`);
  await portal.knex.raw('create trigger choke before insert on comments for each row execute function choke()');
  await portal.reply(received, 'This is poison.');
  await portal.reply(received, 'This is not.');
  await portal.idle();
  assert.equal((await comments(home)).length, 0);
  const waiting = () =>
    withActor(portal.knex, systemActor(null), (db) =>
      db('inbound_deliveries').where({ state: 'pending' }).whereNotNull('job_id').pluck('job_id'),
    );
  const post = {
    db: portal.knex,
    storage: portal.services.storage,
    config: portal.config,
    secret: portal.services.secret,
    dns: portal.services.dns,
  };
  // The worker would take minutes over its tries; what it does is done here at once.
  for (let jobs = await waiting(); jobs.length > 0; jobs = await waiting())
    for (const id of jobs)
      await readInbox(post, String(id)).catch((error: unknown) => assert.match(String(error), /choked/));
  await portal.knex.raw('drop trigger choke on comments');
  const states = (await deliveries(home)).map(({ state, reason }) => `${state}: ${reason}`);
  assert.deepEqual(states, ['held: We could not read it. The original is kept as it came.', 'posted: Posted.']);
  assert.deepEqual(
    (await comments(home)).map(({ body }) => body),
    ['This is not.'],
  );
});
