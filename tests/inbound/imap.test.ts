import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readConfig } from '../../src/config.js';
import { systemActor, withActor } from '../../src/db/scope.js';
import { parseAccount } from '../../src/inbound/sources/imap/account.js';
import { startImap } from '../../src/inbound/sources/imap/imap.js';
import { noDovecot, openDovecot } from '../support/dovecot.js';
import { emailedInvoice, harbor, type Harbor } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { startParley } from '../support/parley_process.js';
import { openPortal, type Portal } from '../support/portal.js';
import { rawReply } from '../support/raw_reply.js';
import { until } from '../support/until.js';

let portal: Portal;

before(async () => (portal = await openPortal({ MAX_MESSAGE_MB: '1' })));

after(() => portal.close());

const { bodies } = inbox(() => portal);

test('a mailbox is configured by a URL, and named without its password', () => {
  const { name, host, port, secure, user, pass, folder, recipient } = parseAccount(
    'imaps://a%40b.example:p%3Aw@mail.example/In%20here?recipient=Us@x.example',
  );
  assert.deepEqual(
    [host, port, secure, user, pass, folder, recipient],
    ['mail.example', 993, true, 'a@b.example', 'p:w', 'In here', 'us@x.example'],
  );
  assert.equal(name, 'a@b.example@mail.example/In here');
  assert.deepEqual(
    [parseAccount('imap://a:b@mail.example').starttls, parseAccount('imap://a:b@localhost').starttls],
    [true, false],
  );
  for (const wrong of [
    { IMAP_URL: 'mail.example' },
    { IMAP_URL: 'pop3://a:b@mail.example' },
    { INBOUND_TLS_CERT: 'x.pem' },
    { POSTMARK_INBOUND_SECRET: 'short' },
  ])
    assert.throws(() => readConfig(wrong), new RegExp(Object.keys(wrong)[0] ?? ''));
});

/** Reads a mailbox as the role "mail" does, while `work` is done. */
async function reading<T>(url: string, work: () => Promise<T>): Promise<T> {
  const config = { ...portal.config, imap_urls: [url] };
  const imap = startImap({ ...portal.services, db: portal.knex, config }, portal.services.directConnection);
  try {
    return await work();
  } finally {
    await imap.stop();
  }
}

const stored = (recipient: string) =>
  withActor(portal.knex, systemActor(null), (db) =>
    db('inbound_deliveries').where({ recipient }).orderBy('id').select(),
  );

const untilStored = (recipient: string, count: number) =>
  until(`${count} messages`, async () => (await stored(recipient)).length >= count);

test('IMAP: what is there and what arrives is read, marked as seen, and posted', { skip: noDovecot }, async () => {
  const { home, received } = await emailedInvoice(portal);
  const dovecot = await openDovecot();
  try {
    await dovecot.deliver(rawReply(home, received.reply_to, 'Lying there'));
    await reading(dovecot.url, async () => {
      await untilStored(received.reply_to, 1);
      await dovecot.deliver(rawReply(home, 'x@y.example', 'Arriving', [`Delivered-To: ${received.reply_to}`]));
      await untilStored(received.reply_to, 2);
      await until('both marked', async () => (await dovecot.unseen()) === 0);
      await dovecot.restart();
      await dovecot.deliver(rawReply(home, received.reply_to, 'After the connection was lost'));
      await untilStored(received.reply_to, 3);
    });
    await portal.idle();
    assert.equal((await bodies(home)).length, 3);
  } finally {
    await dovecot.close();
  }
});

test(
  'IMAP: killed between fetching and storing, the message is stored once by the next reader',
  { skip: noDovecot },
  async () => {
    const { home, received } = await emailedInvoice(portal);
    const dovecot = await openDovecot();
    const blocker = await portal.knex.transaction();
    let child: ReturnType<typeof startParley> | undefined;
    try {
      await blocker.raw('lock table inbound_messages in access exclusive mode');
      await dovecot.deliver(rawReply(home, received.reply_to, 'Fetched twice'));
      child = startParley(portal, ['mail'], { MAX_MESSAGE_MB: '1', IMAP_URL: dovecot.url });
      await until('the message under way', async () => {
        const { rows } = await portal.knex
          .raw(`select from pg_locks where relation = 'inbound_messages'::regclass and not granted
        and database = (select oid from pg_database where datname = current_database())`);
        return rows.length > 0;
      });
      await child.kill();
      await blocker.rollback();
      assert.equal(await dovecot.unseen(), 1);
      await reading(dovecot.url, () => untilStored(received.reply_to, 1));
      await portal.idle();
      assert.deepEqual(await bodies(home), ['Fetched twice']);
      assert.equal(await dovecot.unseen(), 0);
    } finally {
      await child?.kill();
      if (!blocker.isCompleted()) await blocker.rollback();
      await dovecot.close();
    }
  },
);

test(
  'IMAP: a message that is too large, and one that can’t be stored, wait for staff and block no other',
  { skip: noDovecot },
  async () => {
    const { home, received } = await emailedInvoice(portal);
    const dovecot = await openDovecot();
    const own = received.from?.value[0]?.address ?? '';
    await portal.knex.raw(`create function choke() returns trigger language plpgsql as $$ begin
    if position('poison'::bytea in new.raw) > 0 then raise 'choked'; end if; return new; end $$;
    create trigger choke before insert on inbound_messages for each row execute function choke()`);
    try {
      await dovecot.deliver(rawReply(home, own, 'Large'.repeat(300_000)));
      await dovecot.deliver(rawReply(home, own, 'This is poison.'));
      await dovecot.deliver(rawReply(home, own, 'Small'));
      await reading(dovecot.url, () => untilStored(own, 3));
      await portal.idle();
      const rows = await stored(own);
      assert.deepEqual(
        rows.map(({ state, organization_id }) => [state, organization_id]),
        Array.from({ length: 3 }, () => ['held', home.organization_id]),
      );
      const reasons = rows.map(({ reason }) => String(reason));
      assert.ok(
        reasons.some((reason) => /^It has 1 MB.*still in the mailbox parley@127\.0\.0\.1\/INBOX\.$/.test(reason)),
        reasons.join(),
      );
      assert.ok(reasons.some((reason) => reason.startsWith('We could not take it in.')));
      assert.equal(await dovecot.unseen(), 0);
    } finally {
      await portal.knex.raw('drop function choke cascade');
      await dovecot.close();
    }
  },
);

/** So many different messages to an address. */
async function deliverMany(dovecot: Awaited<ReturnType<typeof openDovecot>>, home: Harbor, to: string, count: number) {
  for (let i = 0; i < count; i++) await dovecot.deliver(rawReply(home, to, `Number ${i}`));
}

const anAddress = (received: string) => `reply+${received.repeat(32)}@${portal.config.mail_domain}`;

test('IMAP: after UIDVALIDITY changes, none of 150 messages is lost or stored twice', { skip: noDovecot }, async () => {
  await portal.close_worker(); // only what is stored counts here
  const home = await harbor(portal);
  const [to, dovecot] = [anAddress('b'), await openDovecot()];
  try {
    await deliverMany(dovecot, home, to, 80);
    await reading(dovecot.url, async () => {
      await untilStored(to, 80);
      await deliverMany(dovecot, home, to, 20);
      await dovecot.renumber();
      await deliverMany(dovecot, home, to, 20);
      await untilStored(to, 120);
    });
    await deliverMany(dovecot, home, to, 30);
    await reading(dovecot.url, () => untilStored(to, 150));
    assert.equal((await stored(to)).length, 150);
    assert.equal(await dovecot.unseen(), 0);
  } finally {
    await dovecot.close();
  }
});

test('IMAP: 350 messages at once, one of them malformed, are all stored', { skip: noDovecot }, async () => {
  const home = await harbor(portal);
  const [to, dovecot] = [anAddress('c'), await openDovecot()];
  try {
    await deliverMany(dovecot, home, to, 175);
    const broken = [
      Buffer.from(`To: ${to}\r\nContent-Type: multipart/mixed; boundary="\r\nFrom: \0\0<<>,\r\n`),
      Buffer.alloc(5000, 0xff),
    ];
    await dovecot.deliver(Buffer.concat(broken));
    await deliverMany(dovecot, home, to, 174);
    await reading(dovecot.url, () => untilStored(to, 350));
    assert.equal((await stored(to)).length, 350);
  } finally {
    await dovecot.close();
  }
});

test(
  'IMAP: a mailbox is read by one process at a time; when it ends, another goes on',
  { skip: noDovecot },
  async () => {
    const home = await harbor(portal);
    const [to, dovecot] = [anAddress('d'), await openDovecot()];
    const config = { ...portal.config, imap_urls: [dovecot.url] };
    const start = () => startImap({ ...portal.services, db: portal.knex, config }, portal.services.directConnection);
    const [first, second] = [start(), start()];
    try {
      await deliverMany(dovecot, home, to, 10);
      await untilStored(to, 10);
      assert.equal(await dovecot.readers(), 1);
      await first.stop();
      await dovecot.deliver(rawReply(home, to, 'For the second'));
      await untilStored(to, 11);
      assert.equal(await dovecot.readers(), 1);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
      await dovecot.close();
    }
  },
);
