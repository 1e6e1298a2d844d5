import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { reconcileGateways } from '../../src/jobs/gateways/reconcile_gateways.js';
import type { Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openStripeStandIn, type StripeStandIn } from '../support/stripe.js';
import { beginPayment, intentOf, paymentOf, postEvent, sessionOf, stripeHome } from '../support/stripe_home.js';

// What goes back through Stripe, whether it tells of it or not.

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

/** An invoice of 108.00 that was paid on Stripe's page. */
async function paidInvoice(home: Harbor) {
  const begun = await beginPayment(portal, stripe, home);
  await postEvent(portal, home, 'checkout.session.completed', sessionOf(begun));
  stripe.answer('GET /v1/checkout/sessions/{session}', () => ({ body: sessionOf(begun) }));
  return { ...begun, payment: (await paymentOf(portal, home)).id as string };
}

test('a refund goes back through Stripe, and one that Stripe refuses is told', async () => {
  const home = await stripeHome(portal);
  const begun = await paidInvoice(home);
  const { payment } = begun;
  stripe.answer('POST /v1/refunds', () => ({
    status: 400,
    body: { error: { type: 'invalid_request_error', message: 'Your balance is too low.' } },
  }));
  const asked = { payment, amount: 800, reason: 'Scratched', reopen: false };
  await act(portal.knex, home.staff, begun.invoice.id, 'refund_payment', asked);
  await portal.post.to(home.olivia.email, 'did not go through');
  stripe.usual();
  stripe.answer('GET /v1/checkout/sessions/{session}', () => ({ body: sessionOf(begun) }));
  await act(portal.knex, home.staff, begun.invoice.id, 'refund_payment', asked);
  await portal.idle();
  const { fields } = stripe.asked.findLast(({ route }) => route === 'POST /v1/refunds') ?? assert.fail();
  assert.equal(fields['payment_intent'], `pi_${begun.session}`);
  const refund = { id: 're_1', object: 'refund', status: 'succeeded', metadata: fields['metadata'] };
  await postEvent(portal, home, 'refund.updated', refund);
  await postEvent(portal, home, 'refund.created', refund);
  await portal.post.to(home.maya.email, '$8.00');
  const refunded = await portal.look(home.organization_id, (db) => db('refunds').orderBy('id').pluck('state'));
  assert.deepEqual(refunded, ['failed', 'succeeded']);
  await postEvent(portal, home, 'refund.failed', {
    ...refund,
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
  });
  await portal.post.to(home.olivia.email, 'doesn’t match');
});

test('a refund whose webhook was lost is settled at night; what Stripe never got is sent again, but never twice', async () => {
  const home = await stripeHome(portal);
  const begun = await paidInvoice(home);
  const { payment } = begun;
  for (const amount of [800, 900, 1000])
    await act(portal.knex, home.staff, begun.invoice.id, 'refund_payment', { payment, amount, reason: 'Scratched' });
  await portal.idle();
  const sent = () => stripe.asked.filter(({ route }) => route === 'POST /v1/refunds');
  const refunds: { id: string; gateway_reference: string }[] = await portal.look(home.organization_id, async (db) => {
    const hours = (n: number) => db.raw(`now() - make_interval(hours => ?)`, [n]);
    await db('payments').update({ created_at: hours(3) });
    await db('stripe_keys').update({ connected_at: hours(24) });
    const refunds = await db('refunds')
      .update({ created_at: hours(2) })
      .returning(['id', 'gateway_reference']);
    const lost = refunds.slice(1).map(({ id }) => id);
    await db('refunds').whereIn('id', lost).update({ gateway_reference: '' });
    return refunds;
  });
  const [told, noted, never] = refunds.map(({ id, gateway_reference }) => ({
    ...{ id: gateway_reference, object: 'refund', status: 'succeeded' },
    metadata: { organization: home.organization_id, refund: id },
  }));
  const known = [told, noted];
  stripe.answer('GET /v1/refunds', () => ({ body: { object: 'list', data: known, has_more: false } }));
  stripe.answer('GET /v1/refunds/{refund}', ({ id }) => ({
    body: { ...[told, noted, never].find((one) => one?.id === id) },
  }));
  const before = sent().length;
  await reconcileGateways({ knex: portal.knex, secrets: [portal.services.secret], url: stripe.url });
  await reconcileGateways({ knex: portal.knex, secrets: [portal.services.secret], url: stripe.url });
  const again = sent()
    .slice(before)
    .map(({ key }) => key);
  assert.deepEqual(again, [`refund-${never?.metadata.refund}`]);
  const settled = await portal.look(home.organization_id, (db) => db('refunds').pluck('state'));
  assert.deepEqual(settled, ['succeeded', 'succeeded', 'succeeded']);
});

test('staff are told of a refund that Stripe has paid, and that could not be booked', async () => {
  const home = await stripeHome(portal);
  const begun = await paidInvoice(home);
  const { payment } = begun;
  const asked = { payment, amount: 800, reason: 'Scratched' };
  await act(portal.knex, home.staff, begun.invoice.id, 'refund_payment', asked);
  await portal.idle();
  const { fields } = stripe.asked.findLast(({ route }) => route === 'POST /v1/refunds') ?? assert.fail();
  stripe.answer('GET /v1/payment_intents/{intent}', () => ({ body: intentOf(begun) }));
  const dispute = { object: 'dispute', amount: 10_800, currency: 'usd', status: 'lost', payment_intent: 'pi_1' };
  await postEvent(portal, home, 'charge.dispute.closed', dispute);
  const refund = { id: 're_1', object: 'refund', status: 'succeeded', metadata: fields['metadata'] };
  assert.equal(await postEvent(portal, home, 'refund.updated', refund), 200);
  await portal.post.to(home.olivia.email, `doesn’t match ${begun.invoice.number}`);
});
