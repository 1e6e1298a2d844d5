import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../../src/db/ids.js';
import { openGateways } from '../../src/payments/gateways/gateways.js';
import { readStripeKeys, resealStripeKeys } from '../../src/payments/gateways/stripe/keys/stripe_keys.js';
import { storeMethod } from '../../src/payments/methods/store_method.js';
import { retireSandbox } from '../../src/start/retire_sandbox.js';
import { errorsIn, post, press, refused, textOf } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openStripeStandIn, type StripeStandIn } from '../support/stripe.js';
import { beginPayment, postEvent, sessionOf, stripeHome, WEBHOOK_SECRET } from '../support/stripe_home.js';

let portal: Portal;
let stripe: StripeStandIn;

before(async () => {
  stripe = await openStripeStandIn();
  portal = await openPortal({ STRIPE_API_URL: stripe.url });
});
after(async () => {
  await portal.close();
  await stripe.close();
});

const pageOf = ({ slug }: Harbor) => `/${slug}/settings/organization/online-payment`;
const TEST_KEY = 'sk_test_51HarborTests4242';
const LIVE_KEY = 'sk_live_51HarborMoney7777';

const rowOf = ({ organization_id }: Harbor) =>
  portal.look(organization_id, (db) => db('stripe_keys').where({ organization_id }).first());
const gatewayOf = ({ organization_id }: Harbor) =>
  portal.look(
    organization_id,
    async (db) => (await db('organizations').where({ id: organization_id }).first()).gateway,
  );

test('keys take a fresh code, are sealed, shown by their ends alone, and told to who runs the place', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signInByCode(home.olivia.email);
  const keys = `${pageOf(home)}/keys`;
  const typed = { secret_key: ` ${TEST_KEY} `, webhook_secret: WEBHOOK_SECRET };
  await post(olivia, keys, typed);
  const { text } = await portal.post.to(home.olivia.email, 'is paid online');
  assert.match(String(text), /Secret key: – → sk_test_•••• 4242; Signing secret: – → whsec_•••• 0001/);
  const page = await olivia.get(pageOf(home)).expect(200);
  assert.match(textOf(page.text), /no money moves.*sk_test_•••• 4242/s);
  assert.match(page.text, new RegExp(`/webhooks/stripe/${home.organization_id}`));
  for (const shown of [page.text, (await olivia.get(keys)).text, String(text)])
    assert.doesNotMatch(shown, /51HarborTests|parleyTests/);
  const { secret_key, webhook_secret } = await rowOf(home);
  assert.doesNotMatch(Buffer.concat([secret_key, webhook_secret]).toString('latin1'), /51Harbor|parleyTests/);
  assert.equal(await gatewayOf(home), 'stripe');

  await portal.knex('sessions').update({ code_typed_at: portal.knex.raw(`now() - interval '16 minutes'`) });
  await olivia.get(keys).expect(303);
  await refused(olivia, keys, 403, typed);
  await refused(olivia, `${pageOf(home)}/remove`, 403);
});

test('what is no key is refused beside its field, and is never shown again', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signInByCode(home.olivia.email);
  const keys = `${pageOf(home)}/keys`;
  const cases: [Record<string, string>, RegExp][] = [
    [{ secret_key: '', webhook_secret: '' }, /Fill this in/],
    [{ secret_key: 'pk_live_publishable', webhook_secret: WEBHOOK_SECRET }, /begins with sk_live_/],
    [{ secret_key: TEST_KEY, webhook_secret: 'secret' }, /begins with whsec_/],
    [{ secret_key: TEST_KEY, webhook_secret: '' }, /signing secret that belongs/],
    [{ secret_key: 'sk_test_'.padEnd(400, 'x'), webhook_secret: WEBHOOK_SECRET }, /at most 200/],
  ];
  for (const [fields, wanted] of cases) {
    const page = await refused(olivia, keys, 422, fields);
    assert.match(errorsIn(page).join(' '), wanted);
    assert.doesNotMatch(page, /HarborTests|parleyTests/);
  }
  const unknown = { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } };
  stripe.answer('GET /v1/account', () => ({ status: 401, body: unknown }));
  const wrong = await refused(olivia, keys, 422, { secret_key: TEST_KEY, webhook_secret: WEBHOOK_SECRET });
  assert.match(errorsIn(wrong).join(' '), /Stripe doesn’t accept this key/);
  stripe.answer('GET /v1/account', () => 'hang up');
  const away = await refused(olivia, keys, 422, { secret_key: TEST_KEY, webhook_secret: WEBHOOK_SECRET });
  assert.match(textOf(away), /Stripe can’t be reached/);
  stripe.usual();
  assert.equal(await gatewayOf(home), 'sandbox', 'nothing was saved');
  assert.equal(await rowOf(home), undefined);
});

test('while a signing secret is rolled both count; test and live never mix; without keys nobody pays online', async () => {
  const home = await stripeHome(portal);
  const olivia = await portal.signInByCode(home.olivia.email);
  const begun = await beginPayment(portal, stripe, home);
  const keys = `${pageOf(home)}/keys`;
  const secret = 'whsec_rolledAnew0002';
  await post(olivia, keys, { webhook_secret: secret });
  const paid = sessionOf(begun);
  const nothing = ['customer.created', { id: 'cus_1' }] as const;
  assert.equal(await postEvent(portal, home, ...nothing), 200, 'the earlier one');
  assert.equal(await postEvent(portal, home, ...nothing, { secret }), 200);
  await post(olivia, `${pageOf(home)}/old-secret/remove`);
  assert.equal(await postEvent(portal, home, ...nothing), 401);
  await refused(olivia, `${pageOf(home)}/old-secret/remove`, 404);

  const live = 'whsec_ofLiveMode0003';
  await refused(olivia, keys, 422, { secret_key: LIVE_KEY });
  await post(olivia, keys, { secret_key: LIVE_KEY, webhook_secret: live });
  assert.equal(await postEvent(portal, home, 'checkout.session.completed', paid, { secret }), 401);
  assert.equal(await postEvent(portal, home, 'checkout.session.completed', paid, { secret: live }), 400, 'test money');
  const before = stripe.asked.length;
  // Stripe doesn't know the page of test mode any more: it counts as ended.
  await press(begun.mayas, `${begun.invoice.url}/pay`, { part: 'whole', method: 'card' }).expect(303);
  const asked = stripe.asked.slice(before);
  assert.ok(
    asked.some(({ route }) => route === 'POST /v1/customers'),
    'the customer of test mode is another',
  );
  assert.ok(asked.every(({ secret_key }) => secret_key === LIVE_KEY));

  await post(olivia, `${pageOf(home)}/remove`);
  await portal.post.to(home.olivia.email, 'sk_live_•••• 7777 → –');
  assert.equal(await gatewayOf(home), null);
  assert.equal(await postEvent(portal, home, ...nothing, { secret: live }), 401);
  const invoice = await sentInvoice(portal, home);
  await (await portal.signIn(home.maya.email)).get(`${invoice.url}/pay`).expect(409);
});

test('what was stored with another account or in another mode is removed, and its payers are told', async () => {
  const home = await stripeHome(portal);
  const { organization_id, partner_id, maya } = home;
  const setup_id = newId();
  const of = { organization_id, partner_id, person_id: maya.id };
  await portal.look(organization_id, (db) =>
    db('method_setups').insert({ ...of, id: setup_id, gateway: 'stripe', method: 'card' }),
  );
  const store = (last_four: string, account: string) => {
    const looks = { method: 'card', brand: 'Visa', last_four, expires: '2034-08' };
    return storeMethod(portal.knex, organization_id, { setup_id }, { ...looks, account, reference: `pm_${last_four}` });
  };
  const left = () =>
    portal.look(organization_id, (db) => db('payment_methods').where({ removed_at: null }).select('last_four'));
  await store('4242', 'acct_1 test');
  await store('1881', 'acct_1 test');
  const olivia = await portal.signInByCode(home.olivia.email);
  const keys = `${pageOf(home)}/keys`;
  await post(olivia, keys, { secret_key: TEST_KEY });
  assert.equal((await left()).length, 2, 'another key of the same account');
  await post(olivia, `${pageOf(home)}/remove`);
  await post(olivia, keys, { secret_key: TEST_KEY, webhook_secret: WEBHOOK_SECRET });
  assert.equal((await left()).length, 2, 'the same account again');

  await post(olivia, keys, { secret_key: LIVE_KEY, webhook_secret: WEBHOOK_SECRET });
  assert.deepEqual(await left(), []);
  const { text } = await portal.post.to(maya.email, 'removed a payment method of Maple Street Clinic');
  assert.match(String(text), /Visa ending in (4242|1881)/);
  const said = await portal.look(organization_id, (db) =>
    db('activities').where({ action: 'remove_method', partner_id, person_id: home.olivia.id }).pluck('id'),
  );
  assert.equal(said.length, 2);
  await store('5556', 'acct_1 live');
  assert.equal((await left()).length, 1);
  stripe.answer('GET /v1/account', () => ({ body: { id: 'acct_2', object: 'account' } }));
  await post(olivia, keys, { secret_key: LIVE_KEY, webhook_secret: WEBHOOK_SECRET });
  stripe.usual();
  assert.deepEqual(await left(), []);
});

test('keys are sealed anew with another SECRET; those that can’t be opened turn online payment off', async () => {
  const home = await stripeHome(portal);
  const { organization_id } = home;
  const next = 'the next secret of this test, long enough';
  const { secret } = portal.services;
  await portal.look(organization_id, (db) => resealStripeKeys(db, [next, secret], organization_id));
  assert.equal(await readStripeKeys(portal.knex, [secret], organization_id), null);
  assert.deepEqual((await readStripeKeys(portal.knex, [next], organization_id))?.webhook_secrets, [WEBHOOK_SECRET]);
  assert.equal(await portal.look(organization_id, (db) => resealStripeKeys(db, ['lost'], organization_id)), true);
  assert.equal(await gatewayOf(home), null);
});

test('in production the sandbox is no gateway, whatever an organization has stored', async () => {
  const home = await harbor(portal);
  const stripes = await stripeHome(portal);
  const gateways = openGateways(portal.db, { production: true, stripe_url: undefined }, []);
  assert.throws(() => gateways('sandbox'));
  await retireSandbox(portal.knex);
  assert.equal(await gatewayOf(home), null);
  assert.equal(await gatewayOf(stripes), 'stripe');
  const invoice = await sentInvoice(portal, home);
  const mayas = await portal.signIn(home.maya.email);
  assert.doesNotMatch((await mayas.get(invoice.url).expect(200)).text, /INV-\d+\/pay"/);
});
