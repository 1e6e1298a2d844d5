import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { reconcileGateways } from '../../src/jobs/gateways/reconcile_gateways.js';
import { findStripeAccount } from '../../src/payments/gateways/stripe/stripe_account.js';
import { stripeGateway } from '../../src/payments/gateways/stripe/stripe_gateway.js';
import { askStored } from '../../src/payments/gateways/stripe/stripe_methods.js';
import { newId } from '../../src/db/ids.js';
import { storeMethod } from '../../src/payments/methods/store_method.js';
import { fromStripeAmount, toStripeAmount } from '../../src/payments/gateways/stripe/stripe_amount.js';
import { fieldsOf, press } from '../support/forms.js';
import { type Harbor, type Sent, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openStripeStandIn, type StripeStandIn } from '../support/stripe.js';
import { beginPayment, intentOf, paymentOf, postEvent, sessionOf, stripeHome } from '../support/stripe_home.js';
import { isDescribed } from '../support/stripe_requests.js';

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
afterEach(() => {
  stripe.usual();
  assert.deepEqual(stripe.faults.splice(0), [], 'Stripe would refuse no request');
});

const stateOf = (home: Harbor, { id }: Sent) =>
  portal.look(home.organization_id, async (db) => {
    const { state } = await db('documents').where({ id }).first('state');
    const sum = await db('ledger_entries').where({ document_id: id }).sum('amount as open').first();
    return [state, Number(sum?.['open'])];
  });

const access = () => ({ knex: portal.knex, secrets: [portal.services.secret], url: stripe.url });

test('a customer pays by card on Stripe’s page; what Stripe tells twice, forged or late counts once or not at all', async () => {
  const home = await stripeHome(portal);
  const begun = await beginPayment(portal, stripe, home);
  assert.match(begun.location, /^https:\/\/checkout\.stripe\.com\/c\/pay\/cs_test_/);
  const { fields, key, secret_key } = stripe.asked.at(-1) ?? assert.fail();
  const { id } = await paymentOf(portal, home);
  assert.deepEqual(fields['metadata'], { organization: home.organization_id, payment: id, via: 'checkout' });
  assert.deepEqual(fields['payment_method_types'], ['card']);
  assert.match(JSON.stringify(fields['line_items']), /"unit_amount":"?10800"?.*INV-/);
  assert.match(String(key), new RegExp(`^start-${id}-cus_`));
  assert.match(secret_key, /^sk_test_/);
  assert.match(String(fields['success_url']), new RegExp(`^http://[^/]+/${home.slug}/payments/${id}`));

  const paid = sessionOf(begun);
  assert.equal(
    await postEvent(portal, home, 'checkout.session.completed', paid, { secret: 'whsec_another000000' }),
    401,
  );
  assert.equal(await postEvent(portal, home, 'checkout.session.completed', paid, { age: 400 }), 401, 'replayed');
  assert.equal(await postEvent(portal, home, 'checkout.session.completed', paid, { livemode: true }), 400);
  const rival = await stripeHome(portal);
  assert.equal(await postEvent(portal, rival, 'checkout.session.completed', paid), 200, 'an account that two share');
  assert.equal(await postEvent(portal, home, 'checkout.session.completed', { ...paid, amount_total: 1 }), 200);
  assert.deepEqual(await stateOf(home, begun.invoice), ['sent', 10_800], 'nothing of that changed anything');

  const events = ['payment_intent.processing', 'checkout.session.completed', 'payment_intent.succeeded'];
  const sent = events
    .flatMap((type) => [type, type])
    .map((type, i) => {
      const object = type.startsWith('checkout') ? paid : intentOf(begun);
      return postEvent(portal, home, type, object, { id: `evt_${i % 2 ? i - 1 : i}_${id}` });
    });
  assert.deepEqual([...new Set(await Promise.all(sent))], [200]);
  assert.equal(await postEvent(portal, home, 'checkout.session.expired', sessionOf(begun)), 200);
  assert.equal(await postEvent(portal, home, 'customer.created', { id: 'cus_1' }), 200, 'what means nothing to us');
  assert.deepEqual(await stateOf(home, begun.invoice), ['paid', 0]);
  await portal.post.to(home.maya.email, 'paid');
});

test('a debit is on its way for days, and may fail; a page that is left is no failure', async () => {
  const home = await stripeHome(portal);
  const begun = await beginPayment(portal, stripe, home, 'bank_debit');
  assert.deepEqual(stripe.asked.at(-1)?.fields['payment_method_types'], ['us_bank_account']);
  await postEvent(portal, home, 'checkout.session.completed', sessionOf(begun, { payment_status: 'unpaid' }));
  await portal.post.to(home.maya.email, 'on its way');
  await press(begun.mayas, `${begun.invoice.url}/pay`, { part: 'whole', method: 'card' }).expect(409);
  const failed = {
    status: 'requires_payment_method',
    last_payment_error: { message: 'The account has too little money.' },
  };
  stripe.answer('GET /v1/payment_intents/{intent}', () => ({ body: intentOf(begun, failed) }));
  await postEvent(
    portal,
    home,
    'checkout.session.async_payment_failed',
    sessionOf(begun, { payment_status: 'unpaid' }),
  );
  await portal.post.to(home.maya.email, 'too little money');
  assert.deepEqual(await stateOf(home, begun.invoice), ['sent', 10_800]);

  const left = await beginPayment(portal, stripe, home);
  await postEvent(portal, home, 'payment_intent.payment_failed', intentOf(left, failed));
  assert.equal((await paymentOf(portal, home)).state, 'started', 'on the page another card can be tried');
  await postEvent(
    portal,
    home,
    'checkout.session.expired',
    sessionOf(left, { status: 'expired', payment_status: 'unpaid' }),
  );
  assert.equal((await paymentOf(portal, home)).state, 'cancelled');
});

test('while Stripe can’t be reached nothing is charged, and the same form tries again; an earlier page is ended', async () => {
  const home = await stripeHome(portal);
  const first = await beginPayment(portal, stripe, home);
  stripe.answer('GET /v1/checkout/sessions/{session}', () => ({ body: sessionOf(first, { status: 'open' }) }));
  stripe.answer('POST /v1/checkout/sessions', () => 'hang up');
  const typed = { part: 'whole', method: 'card', form_token: 'a token of this form' };
  const page = await press(first.mayas, `${first.invoice.url}/pay`, typed);
  assert.equal(page.status, 503);
  assert.match(page.text, /Nothing was charged/);
  const adding = await press(await portal.signIn(home.maya.email), `/${home.slug}/payment-methods`, { method: 'card' });
  assert.equal(adding.headers['location'], `/${home.slug}/payment-methods?done=unavailable`);
  stripe.usual();
  stripe.answer('GET /v1/checkout/sessions/{session}', () => ({ body: sessionOf(first, { status: 'open' }) }));
  const again = await press(first.mayas, `${first.invoice.url}/pay`, typed).expect(303);
  assert.match(String(again.headers['location']), /checkout\.stripe\.com/);
  const ended = stripe.asked.filter(({ route }) => route.endsWith('/expire'));
  assert.ok(ended.every(({ id }) => id === first.session) && ended.length > 0);

  stripe.answer('GET /v1/checkout/sessions/{session}', () => ({ body: sessionOf(first) }));
  await press(first.mayas, `${first.invoice.url}/pay`, { part: 'whole', method: 'card' }).expect(409);
});

test('a payment has one page, and keeps its card if that was asked; one opened too late is ended', async () => {
  const home = await stripeHome(portal);
  const invoice = await sentInvoice(portal, home);
  const mayas = await portal.signIn(home.maya.email);
  const form = fieldsOf((await mayas.get(`${invoice.url}/pay`).expect(200)).text);
  const paying = mayas.post(`/${home.slug}/pay`).type('form');
  const { headers } = await paying.send({ ...form, method: 'card', store: 'on' }).expect(303);
  const { fields, key } = stripe.asked.at(-1) ?? assert.fail();
  assert.match(JSON.stringify(fields['payment_intent_data']), /"setup_future_usage":"off_session"/);
  const { id } = await paymentOf(portal, home);
  const goOn = async () =>
    (await press(mayas, `/${home.slug}/payments/${id}/checkout`).expect(303)).headers['location'];
  assert.equal(await goOn(), headers['location']);
  assert.equal(stripe.asked.at(-1)?.key, key);

  const other = await sentInvoice(portal, home);
  stripe.answer('GET /v1/checkout/sessions/{session}', ({ id }) => ({ body: { id, mode: 'payment', status: 'open' } }));
  stripe.answer('POST /v1/checkout/sessions', async () => {
    await portal.look(home.organization_id, (db) => db('payments').update({ state: 'cancelled' }));
    return { body: { id: 'cs_late', mode: 'payment', url: 'https://checkout.stripe.com/c/pay/cs_late' } };
  });
  const late = await press(mayas, `${other.url}/pay`, { part: 'whole', method: 'card' }).expect(303);
  const { id: cancelled, gateway_reference } = await paymentOf(portal, home);
  assert.equal(late.headers['location'], `/${home.slug}/payments/${cancelled}`);
  const { route, id: ended } = stripe.asked.at(-1) ?? assert.fail();
  assert.deepEqual([route.endsWith('/expire'), ended, gateway_reference], [true, 'cs_late', '']);
});

test('a dispute is told at once; once it is lost, the invoice is open again', async () => {
  const home = await stripeHome(portal);
  const begun = await beginPayment(portal, stripe, home);
  await postEvent(portal, home, 'checkout.session.completed', sessionOf(begun));
  stripe.answer('GET /v1/payment_intents/{intent}', () => ({ body: intentOf(begun) }));
  const dispute = {
    ...{ id: 'dp_1', object: 'dispute', amount: 10_800, currency: 'usd', status: 'needs_response' },
    ...{ reason: 'product_not_received', payment_intent: `pi_${begun.session}` },
  };
  await Promise.all([1, 2].map(() => postEvent(portal, home, 'charge.dispute.created', dispute)));
  await portal.post.to(home.olivia.email, 'disputes a payment of $108.00');
  const told = await portal.look(home.organization_id, (db) => db('activities').where({ action: 'chargeback' }));
  assert.equal(told.length, 1);
  assert.deepEqual(await stateOf(home, begun.invoice), ['paid', 0]);
  await postEvent(portal, home, 'charge.dispute.closed', { ...dispute, status: 'lost' });
  assert.deepEqual(await stateOf(home, begun.invoice), ['sent', 10_800]);
});

test('every night Stripe is asked for what it didn’t tell, and staff hear of differences', async () => {
  const home = await stripeHome(portal);
  const begun = [];
  for (let n = 0; n < 4; n++) begun.push(await beginPayment(portal, stripe, home, n === 1 ? 'bank_debit' : 'card'));
  const [paid, failed, left, stranger] = begun as [Begun, Begun, Begun, Begun];
  await postEvent(portal, home, 'checkout.session.completed', sessionOf(stranger));
  await portal.look(home.organization_id, async (db) => {
    await db('payments').update({ created_at: db.raw(`now() - interval '2 hours'`) });
    await db('stripe_keys').update({ connected_at: db.raw(`now() - interval '1 day'`) });
  });
  const sessions: Record<string, object> = {
    [paid.session]: sessionOf(paid),
    [failed.session]: sessionOf(failed, { payment_status: 'unpaid' }),
    [left.session]: sessionOf(left, { status: 'expired', payment_status: 'unpaid' }),
  };
  stripe.answer('GET /v1/checkout/sessions/{session}', ({ id }) => ({ body: { ...sessions[id] } }));
  const broken = intentOf(failed, { status: 'requires_payment_method', last_payment_error: { message: 'Closed.' } });
  stripe.answer('GET /v1/payment_intents/{intent}', () => ({ body: broken }));
  const charged = intentOf(paid, { latest_charge: { id: 'ch_1', amount_refunded: 0 } });
  stripe.answer('GET /v1/payment_intents', () => ({ body: { object: 'list', data: [charged], has_more: false } }));
  await reconcileGateways(access());
  await reconcileGateways(access());
  assert.deepEqual(await stateOf(home, paid.invoice), ['paid', 0]);
  const states = await portal.look(home.organization_id, (db) => db('payments').orderBy('id').pluck('state'));
  assert.deepEqual(states, ['succeeded', 'failed', 'cancelled', 'succeeded']);
  const { text } = await portal.post.to(home.olivia.email, 'doesn’t match');
  assert.match(String(text), new RegExp(`doesn’t match ${stranger.invoice.number}`));

  const known = intentOf(stranger, { latest_charge: { id: 'ch_2', amount_refunded: 0 } });
  const twice = { ...charged, id: 'pi_twice' };
  stripe.answer('GET /v1/payment_intents', () => ({ body: { object: 'list', data: [twice, charged, known] } }));
  await reconcileGateways(access());
  const doubled = await portal.post.to(home.olivia.email, `doesn’t match ${paid.invoice.number}`);
  assert.doesNotMatch(String(doubled.text), new RegExp(stranger.invoice.number));
});

type Begun = Awaited<ReturnType<typeof beginPayment>>;

test('amounts are counted as Stripe counts them', () => {
  const cases: [number, string, number][] = [
    [1099, 'USD', 1099],
    [500, 'JPY', 500],
    [500, 'HUF', 50_000],
    [500, 'UGX', 50_000],
    [12_340, 'KWD', 12_340],
  ];
  for (const [ours, currency, theirs] of cases) {
    assert.equal(toStripeAmount(ours, currency), theirs, currency);
    assert.equal(fromStripeAmount(theirs, currency), ours, currency);
  }
  assert.throws(() => toStripeAmount(12_345, 'KWD'), /must end in 0/);
});

test('what is stored on Stripe’s page is known by brand, ending and expiry alone; charging it needs no page', async () => {
  const home = await stripeHome(portal);
  const { organization_id, partner_id } = home;
  const account = (await findStripeAccount(access(), organization_id)) ?? assert.fail();
  const gateway = stripeGateway(access());
  const customer = { partner_id, name: 'Maple Street Clinic', email: 'maya@maple.example' };
  const setup_id = newId();
  const openPage = async (id: string, method: string) => {
    await gateway.store(id, organization_id, customer, 'http://localhost/harbor', method);
    return stripe.asked.at(-1)?.fields ?? assert.fail();
  };
  const debit = await openPage(newId(), 'bank_debit');
  assert.deepEqual([debit['mode'], debit['payment_method_types']], ['setup', ['us_bank_account']]);
  const fields = await openPage(setup_id, 'card');
  assert.deepEqual(fields['payment_method_types'], ['card'], 'only what was chosen');
  assert.match(String(fields['success_url']), /\?done=storing$/);
  const card = { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2028 };
  stripe.answer('GET /v1/setup_intents/{intent}', () => ({ body: { status: 'succeeded', payment_method: 'pm_1' } }));
  stripe.answer('GET /v1/payment_methods/{payment_method}', ({ id }) => ({ body: { id, type: 'card', card } }));
  const session = {
    id: 'cs_1',
    mode: 'setup',
    client_reference_id: setup_id,
    customer: 'cus_1',
    setup_intent: 'seti_1',
  };
  const stored = await askStored(account, { ...session, metadata: fields['metadata'] });
  const visa = { reference: 'pm_1', method: 'card', brand: 'Visa', last_four: '4242', expires: '2028-08' };
  assert.deepEqual(stored, { ...visa, account: 'acct_1 test', by: { setup_id } });

  const payment = {
    ...{ organization_id, id: newId(), amount: 10_800, currency: 'USD', method: 'card', about: 'INV-0001' },
    ...{ customer, return_url: 'http://localhost/harbor' },
  };
  assert.match(await gateway.charge(payment, visa), /^pi_/);
  assert.equal(String(stripe.asked.at(-1)?.fields['off_session']), 'true');
  const declined = { error: { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' } };
  stripe.answer('POST /v1/payment_intents', () => ({ status: 402, body: declined }));
  assert.equal(await gateway.charge({ ...payment, id: newId() }, visa), '', 'an event tells of it');
  await gateway.forget(visa, organization_id);
  assert.match(stripe.asked.at(-1)?.route ?? '', /detach/);
});

/** What Maya stored with Stripe, the first as default. */
async function storeCards(home: Harbor, lastFour: readonly string[]): Promise<void> {
  const { organization_id, partner_id, maya } = home;
  const by = { setup_id: newId() };
  const setup = { organization_id, partner_id, person_id: maya.id, gateway: 'stripe', method: 'card' };
  await portal.look(organization_id, (db) => db('method_setups').insert({ ...setup, id: by.setup_id }));
  for (const last_four of lastFour) {
    const looks = { method: 'card', brand: 'Visa', last_four, expires: '2034-08' };
    const stored = { ...looks, reference: `pm_${last_four}` };
    await storeMethod(portal.knex, organization_id, by, stored);
  }
}

test('what is detached at Stripe is removed here once, and payers are told; another is the default', async () => {
  const [home, rival] = [await stripeHome(portal), await stripeHome(portal)];
  const { organization_id } = home;
  await storeCards(home, ['4242', '1881']);
  const look = (): Promise<[{ id: string; last_four: string; is_default: boolean }[], string[]]> =>
    portal.look(organization_id, async (db) => [
      await db('payment_methods').where({ removed_at: null }).select('id', 'last_four', 'is_default'),
      await db('activities').whereIn('action', ['detach_method', 'remove_method']).orderBy('id').pluck('action'),
    ]);
  const detach = (of: Harbor, last_four: string) =>
    postEvent(portal, of, 'payment_method.detached', { id: `pm_${last_four}`, object: 'payment_method' });
  assert.equal(await detach(rival, '4242'), 200, 'an account that two share');
  assert.equal(await detach(home, '5555'), 200, 'one that was never stored here');
  assert.deepEqual((await look())[0].length, 2);
  assert.deepEqual(await Promise.all([detach(home, '4242'), detach(home, '4242')]), [200, 200]);
  assert.equal(await detach(home, '4242'), 200);
  const [[left, ...others], recorded] = await look();
  assert.deepEqual([left?.last_four, left?.is_default, others, recorded], ['1881', true, [], ['detach_method']]);
  for (const { email } of [home.maya, home.noah]) {
    const { text } = await portal.post.to(email, 'was removed at Stripe');
    assert.match(String(text), /Visa ending in 4242/);
  }
  assert.ok(!stripe.asked.some(({ id }) => id === 'pm_4242'), 'Stripe knows it already');

  const mayas = await portal.signIn(home.maya.email);
  await press(mayas, `/${home.slug}/payment-methods/${left?.id}/remove`).expect(303);
  await portal.idle();
  assert.equal(stripe.asked.at(-1)?.id, 'pm_1881');
  assert.equal(await detach(home, '1881'), 200, 'what was removed here is no news');
  assert.deepEqual(await look(), [[], ['detach_method', 'remove_method']]);
});

// Stripe's published description, a file that the environment names: with it, requests of all tests are checked.
const skip = !isDescribed && 'STRIPE_SPEC names no description of Stripe’s API';
test(
  'every request is checked against Stripe’s description, and what it doesn’t know is refused',
  { skip },
  async () => {
    const { stripe: client } =
      (await findStripeAccount(access(), (await stripeHome(portal)).organization_id)) ?? assert.fail();
    const unknown = { nonsense: 'x' } as object;
    await assert.rejects(client.customers.create(unknown), /additional properties/);
    assert.equal(stripe.faults.splice(0).length, 1);
  },
);
