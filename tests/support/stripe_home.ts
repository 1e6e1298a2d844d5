import { saveStripeKeys } from '../../src/payments/gateways/stripe/keys/change_stripe_keys.js';
import { press } from './forms.js';
import { allowDebit } from './checkout.js';
import { harbor, type Harbor, sentInvoice } from './harbor.js';
import type { Portal } from './portal.js';
import { signedEvent, type StripeStandIn } from './stripe.js';

const SECRET_KEY = 'sk_test_51ParleyTests4242';
export const WEBHOOK_SECRET = 'whsec_parleyTests0001';

const known = { account: 'acct_1', livemode: false };

/** As an owner who typed a code just now. */
export const authority = ({ staff }: Pick<Harbor, 'staff'>) => ({
  actor: staff,
  proven: { code_typed_at: new Date() },
  browser: { remote_ip: '127.0.0.1', user_agent: 'a browser' },
});

/** An organization that is paid through Stripe. */
export async function stripeHome(portal: Portal): Promise<Harbor> {
  const home = await harbor(portal);
  const sealing = { secrets: [portal.services.secret], authority: authority(home) };
  await saveStripeKeys(portal.knex, sealing, { secret_key: SECRET_KEY, webhook_secret: WEBHOOK_SECRET }, known);
  await allowDebit(portal, home);
  return home;
}

/** An invoice of 108.00 that Maya began to pay, and what Stripe calls that. */
export async function beginPayment(portal: Portal, stripe: StripeStandIn, home: Harbor, method = 'card') {
  const invoice = await sentInvoice(portal, home);
  const mayas = await portal.open(await portal.post.to(home.maya.email, invoice.number));
  const { headers } = await press(mayas, `${invoice.url}/pay`, { part: 'whole', method }).expect(303);
  const { metadata = {} } = stripe.asked.at(-1)?.fields ?? {};
  const location = String(headers['location']);
  return { invoice, mayas, location, session: location.split('/').at(-1) ?? '', metadata: metadata as object };
}

/** The latest payment that was begun. */
export const paymentOf = (portal: Portal, { organization_id }: Pick<Harbor, 'organization_id'>) =>
  portal.look(organization_id, (db) => db('payments').orderBy('id', 'desc').first());

type Begun = Pick<Awaited<ReturnType<typeof beginPayment>>, 'session' | 'metadata'>;

/** Stripe's session of a payment, as its events have it. */
export const sessionOf = ({ session, metadata }: Begun, changed: object = {}) => ({
  ...{ id: session, object: 'checkout.session', mode: 'payment', status: 'complete', payment_status: 'paid' },
  ...{ amount_total: 10_800, currency: 'usd', metadata, payment_intent: `pi_${session}`, ...changed },
});

/** Its payment intent. */
export const intentOf = ({ session, metadata }: Begun, changed: object = {}) => ({
  ...{ id: `pi_${session}`, object: 'payment_intent', status: 'succeeded', amount: 10_800, currency: 'usd', metadata },
  ...changed,
});

/** Posts an event as Stripe does. Returns how it was answered. */
export async function postEvent(
  portal: Portal,
  { organization_id }: Pick<Harbor, 'organization_id'>,
  type: string,
  object: Record<string, unknown>,
  signing: Partial<Parameters<typeof signedEvent>[2]> = {},
): Promise<number> {
  const { payload, signature } = signedEvent(type, object, { secret: WEBHOOK_SECRET, ...signing });
  const answer = await portal
    .browser()
    .post(`/webhooks/stripe/${organization_id}`)
    .set('Stripe-Signature', signature)
    .set('Content-Type', 'application/json')
    .send(payload);
  return answer.status;
}
