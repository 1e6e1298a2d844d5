import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { dkimVerify } from 'mailauth';
import pino from 'pino';
import { bouncedMessageId } from '../../src/mail/address.js';
import { honouredSecrets } from '../../src/db/secrets.js';
import { signingKeyOf } from '../../src/signing/seal_keys.js';
import { adoptSecrets } from '../../src/start/adopt_secrets.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';

const [NEXT, LEAKED] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];

const isSigned = async (portal: Portal, { raw }: ReceivedEmail) => {
  const { results } = await dkimVerify(Buffer.from(raw, 'utf8'), { resolver: portal.services.lookup as never });
  return results.some(({ signingDomain }) => signingDomain === portal.config.mail_domain);
};

/** Who is known by a session's cookie. */
const desk = (portal: Portal, slug: string, cookie: string) =>
  fetch(`${portal.base_url}/${slug}/desk`, { headers: { cookie }, redirect: 'manual' });

test('SECRET changes: what was sent goes on working while the old one is honoured, and ends after it', async (t) => {
  let portal = await openPortal();
  t.after(() => portal.close());
  const reopen = async (env: Record<string, string>) => {
    await portal.stop();
    portal = await openPortal(env, portal);
  };
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const first = await portal.post.to(home.maya.email);
  const { certificate } = await signingKeyOf(portal.knex, portal.services.secret, home.organization_id);
  const olivia = await portal.signInByCode(home.olivia.email);
  const request = await olivia.get(`/${home.slug}/desk`).expect(200);
  const { cookies: cookie } = (request as unknown as { request: { cookies: string } }).request;
  const comments = () => portal.look(home.organization_id, (db) => db('comments').pluck('body'));

  await reopen({ SECRET: NEXT, SECRET_OLD: portal.services.secret });
  assert.equal((await portal.open(first)).page, invoice.url);
  assert.equal((await desk(portal, home.slug, cookie)).status, 200);
  await portal.reply(first, 'Answered to the old address.');
  await portal.idle();
  assert.deepEqual(await comments(), ['Answered to the old address.']);
  const secrets = honouredSecrets(portal.services.secret, portal.config);
  assert.ok(bouncedMessageId(secrets, first.mail_from, portal.config.mail_domain));
  const key = await signingKeyOf(portal.knex, NEXT, home.organization_id);
  assert.ok(key.certificate.equals(certificate), 'the same key, sealed anew');
  const next = await sentInvoice(portal, home);
  const second = await portal.post.to(home.maya.email, next.number);
  assert.ok(await isSigned(portal, second));
  await portal.reply(second, 'Answered to the new one.');
  const again = await (await portal.open(second)).get(next.url).expect(200);
  assert.match(again.text, /Reception fit-out/);

  // The old one is honoured no more.
  await reopen({ SECRET: NEXT });
  await portal.browser().get(first.link).expect(410);
  assert.equal((await portal.open(second)).page, next.url);
  assert.equal((await desk(portal, home.slug, cookie)).status, 200);
  assert.equal(bouncedMessageId([NEXT], first.mail_from, portal.config.mail_domain), null);
  // The key in its address is gone, but not the message that it answers.
  await portal.reply(first, 'An answer after all.');
  await portal.idle();
  assert.ok((await comments()).includes('An answer after all.'));
  assert.ok((await comments()).includes('Answered to the new one.'));

  // Another, because this one was stolen: all that it made ends at once, and all else works.
  await reopen({ SECRET: LEAKED });
  await portal.browser().get(second.link).expect(410);
  const code = await portal.signInByCode(home.olivia.email);
  await code.get(`/${home.slug}/desk`).expect(200);
  const anew = await signingKeyOf(portal.knex, LEAKED, home.organization_id);
  assert.ok(!anew.certificate.equals(certificate));
  const last = await sentInvoice(portal, home);
  const third = await portal.post.to(home.maya.email, last.number);
  assert.equal((await portal.open(third)).page, last.url);
  assert.ok(await isSigned(portal, third));
});

test('processes that start at once change the secret once', async (t) => {
  const portal = await openPortal();
  t.after(() => portal.close());
  const home = await harbor(portal);
  await sentInvoice(portal, home);
  await portal.post.to(home.maya.email);
  const words: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void words.push(line) });
  await Promise.all([1, 2, 3].map(() => adoptSecrets(portal.knex, [NEXT], log)));
  assert.equal(words.filter((line) => line.includes('have ended')).length, 1);
  assert.equal(words.filter((line) => line.includes('DKIM')).length, 1);
  await adoptSecrets(portal.knex, [NEXT, LEAKED], log);
  assert.match(words.at(-1) ?? '', /SECRET_OLD is no secret that was used here/);
});
