import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import express from 'express';
import request from 'supertest';
import { inboundWebhooks } from '../../src/routes/machines/inbound_webhooks.js';
import { emailedInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';
import {
  amazonsSite,
  type Got,
  mailgun,
  mailgunAt,
  type Posted,
  postmark,
  sendgrid,
  ses,
  SETTINGS,
  sns,
} from '../support/providers.js';
import { rawReply } from '../support/raw_reply.js';

let portal: Portal;

before(async () => (portal = await openPortal({ ...SETTINGS, MAX_MESSAGE_MB: '1' })));

after(() => portal.close());

const { bodies } = inbox(() => portal);

/** The webhooks with a stand-in for Amazon's site. */
const amazon = amazonsSite();

const hooks = () => express().use(inboundWebhooks({ ...portal.services, db: portal.knex }, amazon.fetch));

const posted = async ({ path, headers, body }: Posted, site: Parameters<typeof request>[0] = hooks()) =>
  (await request(site).post(path).set(headers).send(body.toString())).status;

/** Has a change of the database for a while. */
async function meanwhile<T>(change: string, back: string, work: () => Promise<T>): Promise<T> {
  await portal.knex.raw(change);
  return work().finally(() => portal.knex.raw(back));
}

const GONE = ['alter table inbound_messages rename to gone', 'alter table gone rename to inbound_messages'] as const;

const FULL = [
  `create function full_disk() returns trigger language plpgsql as $$ begin raise 'No space left on device' using errcode = '53100'; end $$;
   create trigger full_disk before insert on inbound_messages for each row execute function full_disk()`,
  'drop function full_disk cascade',
] as const;

for (const [name, provider, final] of [
  ['Postmark', postmark, 403],
  ['Mailgun', mailgun, 406],
  ['SendGrid', sendgrid, 406],
  ['Amazon SES', ses, 406],
] as const)
  test(`${name}: each outcome has the HTTP status after which the provider does the right thing`, async () => {
    const { home, received } = await emailedInvoice(portal);
    const raw = rawReply(home, received.reply_to, `By way of ${name}, with ü`);
    const got: Got = { raw, from: home.maya.email, to: received.reply_to };
    const post = (more: Partial<Got> = {}, wrong?: 'signature') => posted(provider({ ...got, ...more }, wrong));
    assert.deepEqual(
      {
        forged: await post({}, 'signature'),
        away: await meanwhile(...GONE, post),
        full: await meanwhile(...FULL, post),
        without_the_message: await post({ raw: null }),
        nobody: await post({ to: `nobody@${portal.config.mail_domain}` }),
        too_large: await post({ raw: raw + 'x'.repeat(1_100_000) }),
        looped: await post({ raw: 'Received: from a by b\r\n'.repeat(101) + raw }),
        stored: await post(),
        again: await post(),
        forwarded: await post({ to: 'hash@inbound.provider.example' }),
      },
      {
        forged: 401,
        away: 503,
        full: 503,
        without_the_message: 503,
        nobody: final,
        too_large: final,
        looped: final,
        stored: 200,
        again: 200,
        forwarded: 200,
      },
    );
    await portal.idle();
    assert.deepEqual(await bodies(home), [`By way of ${name}, with ü`]);
  });

test('providers’ requests pass the guard against cross-site forms', async () => {
  const { home, received } = await emailedInvoice(portal);
  const { path, headers, body } = postmark({
    raw: rawReply(home, received.reply_to, 'From elsewhere'),
    from: '',
    to: received.reply_to,
  });
  const elsewhere = { ...headers, Origin: 'https://postmark.example', 'Sec-Fetch-Site': 'cross-site' };
  assert.equal(await posted({ path, headers: elsewhere, body }, portal.base_url), 200);
  const basic = {
    ...headers,
    Authorization: `Basic ${Buffer.from(`any:${SETTINGS.POSTMARK_INBOUND_SECRET}`).toString('base64')}`,
  };
  assert.equal(await posted({ path: '/inbound/postmark', headers: basic, body }, portal.base_url), 200);
  assert.equal(await posted({ path: '/inbound/postmark', headers, body }, portal.base_url), 401);
});

test('Mailgun: an old signature, or one with other fields, is refused', async () => {
  const { home, received } = await emailedInvoice(portal);
  const got = { raw: rawReply(home, received.reply_to, 'Old'), from: home.maya.email, to: received.reply_to };
  assert.equal(await posted(mailgunAt(Date.now() - 360_000, got)), 401);
  assert.equal(await posted(mailgunAt(Date.now() + 360_000, got)), 401);
  const mixed = mailgun(got);
  assert.equal(await posted({ ...mixed, body: String(mixed.body).replace(/name="token"/, 'name="tokens"') }), 401);
  const plain = new URLSearchParams({ timestamp: '1', token: '2', signature: '3' }).toString();
  const urlencoded = { 'Content-Type': 'application/x-www-form-urlencoded' };
  assert.equal(await posted({ path: '/inbound/mailgun', headers: urlencoded, body: plain }), 401);
  assert.equal(await posted({ path: '/inbound/mailgun', headers: { 'Content-Type': 'text/plain' }, body: 'x' }), 503);
});

test('SNS: only our own topic counts, only Amazon’s own site is asked, and a subscription is confirmed', async () => {
  const { visits } = amazon;
  const note = { Type: 'Notification', Message: '"hello"' };
  visits.length = 0;
  for (const url of [
    'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
    'http://sns.eu-west-1.amazonaws.com/x.pem',
    'https://s3.amazonaws.com/x.pem',
  ])
    assert.equal(await posted(sns({ ...note, SigningCertURL: url })), 401);
  assert.equal(visits.length, 0);
  assert.equal(await posted(sns({ ...note, TopicArn: 'arn:aws:sns:eu-west-1:666:inbound' })), 401);
  const subscribe = {
    Type: 'SubscriptionConfirmation',
    Message: 'Confirm',
    Token: 'abc',
    SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
  };
  assert.equal(await posted(sns({ ...subscribe, TopicArn: 'arn:aws:sns:eu-west-1:666:inbound' })), 401);
  assert.equal(await posted(sns({ ...subscribe, SubscribeURL: 'https://evil.example/' })), 401);
  assert.ok(visits.every((url) => url.endsWith('.pem')));
  assert.equal(await posted(sns({ ...subscribe, SignatureVersion: '1' })), 200);
  assert.equal(visits.at(-1), subscribe.SubscribeURL);
  assert.equal(await posted({ ...sns(note), body: '{}' }), 401);
});
