import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { dkimVerify } from 'mailauth';
import { systemActor, withActor } from '../../src/db/scope.js';
import { dkimSigned } from '../../src/mail/deliverability/dkim.js';
import { createKey, keyring, keysOf, recordOf } from '../../src/mail/deliverability/dkim_keys.js';
import { checkDns } from '../../src/mail/deliverability/dns_check.js';
import { emailedComment } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** Publishes every key of the portal's, and says what a receiver finds of a message's signature. */
async function verified(raw: string): Promise<{ result: string; keys: string[] }> {
  const { mail_domain } = portal.config;
  for (const key of await keysOf(portal.knex, mail_domain)) {
    const { name, value } = recordOf(mail_domain, key);
    portal.records[`TXT ${name}`] = [value];
  }
  const { results } = await dkimVerify(Buffer.from(raw, 'utf8'), { resolver: portal.services.lookup as never });
  const [, named = ''] = /^DKIM-Signature:.*?\bh=([^;]*);/ims.exec(raw) ?? [];
  return { result: results[0]?.status.result ?? 'none', keys: named.replace(/\s/g, '').split(':') };
}

test('mail has a DKIM signature of 2048 bits, and no field that people see can be added', async () => {
  const { received, first } = await emailedComment(portal);
  const { result, keys } = await verified(received.raw);
  assert.equal(result, 'pass');
  for (const name of [
    'from',
    'subject',
    'reply-to',
    'to',
    'date',
    'message-id',
    'list-unsubscribe',
    'list-unsubscribe-post',
  ])
    assert.equal(keys.filter((key) => key === name).length, 2, name);
  assert.equal((await verified(first.raw)).result, 'pass');
  for (const added of [
    'From: Eve <eve@rival.example>',
    'Subject: Pay me',
    'Reply-To: eve@rival.example',
    'List-Unsubscribe: <https://rival.example>',
  ])
    for (const raw of [`${added}\r\n${received.raw}`, received.raw.replace('\r\n\r\n', `\r\n${added}\r\n\r\n`)])
      assert.equal((await verified(raw)).result, 'fail', added);
  assert.equal((await verified(`List-Unsubscribe: <https://rival.example>\r\n${first.raw}`)).result, 'fail');
  assert.notEqual((await verified(received.raw.replace('Stop emails', 'Send emails'))).result, 'pass');
  // What relaxed forgives: spaces, and how long lines are folded.
  assert.equal((await verified(received.raw.replace(/^Subject: /m, 'subject:   '))).result, 'pass');
});

test('mail is signed once the DNS record is seen; keys rotate the same way', async () => {
  const [domain, secret] = ['keys.example', portal.services.secret];
  const config = { ...portal.config, mail_domain: domain };
  const checking = { db: portal.knex, config, secret, lookup: portal.services.lookup };
  const signs = () => keyring(portal.knex, secret, domain, false)();
  assert.equal(await signs(), null);
  await checkDns(checking);
  assert.equal(await signs(), null);
  const [first] = await keysOf(portal.knex, domain);
  assert.ok(first);
  assert.match(first.selector, /^p\d{8}$/);
  const publish = (key: typeof first) =>
    (portal.records[`TXT ${recordOf(domain, key).name}`] = [recordOf(domain, key).value]);
  publish(first);
  await checkDns(checking);
  assert.equal((await signs())?.selector, first.selector);
  await createKey(portal.knex, secret, domain);
  await createKey(portal.knex, secret, domain);
  const [next, ...others] = await keysOf(portal.knex, domain);
  assert.ok(next && others.length === 1 && next.state === 'next');
  await checkDns(checking);
  assert.equal((await signs())?.selector, first.selector);
  publish(next);
  await checkDns(checking);
  assert.equal((await signs())?.selector, next.selector);
  assert.deepEqual(
    (await keysOf(portal.knex, domain)).map(({ state }) => state),
    ['current', 'old'],
  );
  await withActor(portal.knex, systemActor(null), (db) =>
    db('dkim_keys')
      .where({ domain, state: 'current' })
      .update({ published_at: db.raw(`now() - interval '366 days'`) }),
  );
  await checkDns(checking);
  assert.equal((await keysOf(portal.knex, domain))[0]?.state, 'next', 'after a year another is offered');
  portal.records[`TXT ${recordOf(domain, next).name}`] = null;
  await checkDns(checking);
  assert.ok(await signs(), 'a DNS that doesn’t answer changes nothing');
  delete portal.records[`TXT ${recordOf(domain, next).name}`];
  await checkDns(checking);
  assert.equal(await signs(), null);
  const row = await withActor(portal.knex, systemActor(null), (db) =>
    db('dkim_keys').where({ domain }).first('private_key'),
  );
  assert.doesNotMatch(row.private_key.toString('latin1'), /\x30\x82..\x02\x01\x00\x30\x0d/s, 'it lies sealed');
});

test('signing is cheap', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const raw = Buffer.from(`From: a@b.example\r\nSubject: x\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(2600)}`); // 200 kB: with a PDF
  const key = { domain: 'b.example', selector: 'p', private_key: privateKey };
  await portal.idle();
  const start = process.cpuUsage();
  for (let i = 0; i < 50; i++) await dkimSigned(raw, key);
  const { user, system } = process.cpuUsage(start);
  const each = (user + system) / 1000 / 50;
  assert.ok(each < 50, `${each.toFixed(1)} ms`);
});
