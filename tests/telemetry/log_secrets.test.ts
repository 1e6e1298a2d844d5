import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { saveStripeKeys } from '../../src/payments/gateways/stripe/keys/change_stripe_keys.js';
import { post } from '../support/forms.js';
import { sentInvoice } from '../support/harbor.js';
import { keptLog } from '../support/log_lines.js';
import { openPortal, type Portal } from '../support/portal.js';
import { authority } from '../support/stripe_home.js';
import { filled, timber } from '../support/timber.js';

const kept = keptLog();
let portal: Portal;
before(async () => (portal = await openPortal({}, undefined, undefined, kept.log)));
after(() => portal.close());

const PASSWORD = 'wagons of blue thistle';
const ACCOUNT = '004417723088';
const IBAN = 'DE89370400440532013000';
const KEYS = { secret_key: 'sk_test_51LogSecrets4242', webhook_secret: 'whsec_logSecrets0001' };
const US = {
  ...{ holder: 'Northern Timber LLC', bank_name: 'Bethel Example Savings', country: 'US', currency: 'USD' },
  ...{ routing: '011401533', holder_type: 'company', account: ACCOUNT },
};

test('no secret gets into the log, with everything logged and whatever fails', async () => {
  const { home, erik, at_home } = await timber(portal);
  const secrets: string[] = [portal.services.secret, PASSWORD, ACCOUNT, IBAN, ...Object.values(KEYS)];

  // A code that is typed, and one that is wrong; the session that follows.
  const eriks = portal.browser();
  const code = portal.codeFor(erik);
  await eriks.post('/sign-in').type('form').send({ email: erik }).expect(303);
  const digits = await code();
  await eriks.post('/sign-in/code').type('form').send({ code: '123123' }).expect(422);
  const { headers } = await eriks.post('/sign-in/code').type('form').send({ code: digits }).expect(303);
  secrets.push(digits, '123123', /parley_session=([^;]+)/.exec(String(headers['set-cookie']))?.[1] ?? 'no session');

  // A magic link, a reply address, a link to unsubscribe: opened, answered, and opened where they lead nowhere.
  const invoice = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email, invoice.number);
  const token = received.link.split('/').at(-1)?.replace(/\?.*/, '') ?? '';
  const key = /reply\+([^@]+)@/.exec(received.reply_to)?.[1] ?? '';
  const unsubscribe = /\/unsubscribe\/([\w.-]+)/.exec(JSON.stringify([...received.headers]))?.[1] ?? token;
  assert.ok(token.length > 20 && key.length > 10);
  secrets.push(token, key, unsubscribe);
  const mayas = await portal.open(received);
  await mayas.get(`/in/${token}x`).set('Referer', received.link);
  await mayas.get(`/unsubscribe/${unsubscribe}`);
  await mayas.get(`/nowhere/${token}?token=${token}`);
  await portal.reply(received, `My account is ${IBAN}, and the password ${PASSWORD}.`);

  // A password, keys of a gateway, bank numbers.
  const set = eriks.post(`/${home.slug}/settings/sign-in/password`).type('form');
  await set.send({ password: PASSWORD }).expect(303);
  const again = portal.browser().post('/sign-in/password').type('form');
  await again.send({ email: erik, password: `${PASSWORD} `, return_to: '/' });
  const sealing = { secrets: [portal.services.secret], authority: authority(home) };
  await saveStripeKeys(portal.knex, sealing, KEYS, { account: 'acct_1', livemode: false });
  const olivia = await portal.signIn(home.olivia.email);
  await olivia.post(`/${home.slug}/settings/organization/online-payment/keys`).type('form').send(KEYS);
  await post(eriks, `${at_home}/banking`, await filled(eriks, `${at_home}/banking/new`, US));
  await portal.idle();

  // What fails on the way: the database and the mail server quote what they got.
  await portal.knex.raw(`alter table comments add constraint refused check (body not like '%refused%')`);
  await olivia
    .post(`${invoice.url}/comment`)
    .type('form')
    .send({ text: `refused ${IBAN} ${PASSWORD}` })
    .expect(500);
  portal.post.answer = { code: 550, message: `5.7.1 reply+${key}@x.example, ${received.link}, ${erik}` };
  await olivia.post(`${invoice.url}/comment`).type('form').send({ text: 'One more' }).expect(303);
  await portal.idle();
  kept.log.error({ err: new Error(`${received.link} smtps://user:hunter2@mail.example ${IBAN} ${erik}`) }, erik);

  const text = kept.text();
  for (const found of ['request', 'mail out', 'mail in', 'security', 'request failed'])
    assert.ok(kept.of(found).length);
  for (const secret of [...secrets, 'hunter2']) assert.ok(!text.includes(secret), `the log has ${secret}`);
  const { olivia: owner, maya, tom } = home;
  for (const { name, email } of [owner, maya, tom]) {
    assert.ok(!text.includes(email), email);
    assert.ok(!text.includes(name), name);
  }
  assert.ok(!text.includes(erik));
});
