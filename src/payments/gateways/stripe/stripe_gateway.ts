import type Stripe from 'stripe';
import { addJob } from '../../../db/jobs.js';
import { systemActor, withActor } from '../../../db/scope.js';
import { Conflict } from '../../../errors.js';
import type { Gateway, GatewayEvent, GatewayPayment, GatewayRefund, StoredMethod } from '../gateway.js';
import { openStripeAccount, type StripeAccess, type StripeAccount } from './stripe_account.js';
import { toStripeAmount } from './stripe_amount.js';
import { openPaymentPage, openStoringPage } from './stripe_checkout.js';
import { asking, isRefused, isUnknown, requestOptions } from './stripe_client.js';
import { stripeCustomer } from './stripe_customer.js';
import { stripeMethod } from './stripe_method.js';
import { isFinal } from './stripe_declines.js';
import { CheckoutSession, PaymentIntent } from './stripe_objects.js';

/** Stripe, by each organization's own account. Cards are typed on its pages: none touches ours. */
export function stripeGateway(access: StripeAccess): Gateway {
  const open = (organization_id: string) => openStripeAccount(access, organization_id);
  return {
    start: async (payment, store) => openPaymentPage(await open(payment.organization_id), payment, store),
    charge: async (payment, stored) => charge(await open(payment.organization_id), payment, stored),
    store: async (id, organization_id, customer, return_url, method) => {
      const currency = await currencyOf(access, organization_id, customer.partner_id);
      return openStoringPage(await open(organization_id), id, { ...customer, currency }, { method, return_url });
    },
    forget: async ({ reference }, organization_id) => forget(await open(organization_id), reference),
    refund: async (asked) => refund(await open(asked.organization_id), asked),
    cancel: async ({ organization_id }, reference) => expire(await open(organization_id), reference),
  };
}

const currencyOf = ({ knex }: StripeAccess, organization_id: string, id: string): Promise<string> =>
  withActor(knex, systemActor(organization_id), async (db) => {
    const partner = await db('partners').where({ organization_id, id }).first('currency');
    return partner?.currency ?? '';
  });

// The library's types are of a later version of the API, which calls this otherwise.
type IntentParams = Stripe.PaymentIntentCreateParams & { payment_method_types: string[] };

/** A refusal is an event like any other, so that it is told in the same way. */
async function charge(account: StripeAccount, payment: GatewayPayment, stored: StoredMethod): Promise<string> {
  const { organization_id, id, amount, currency, about } = payment;
  const params: IntentParams = {
    amount: toStripeAmount(amount, currency),
    currency: currency.toLowerCase(),
    customer: await stripeCustomer(account, payment.customer),
    payment_method: stored.reference,
    payment_method_types: [stripeMethod(stored.method, currency)],
    description: about.slice(0, 500),
    metadata: { organization: organization_id, payment: id, via: 'charge' },
    confirm: true,
    off_session: true,
  };
  const create = () => account.stripe.paymentIntents.create(params, requestOptions(`charge-${id}-${stored.reference}`));
  try {
    return PaymentIntent.parse(await create()).id;
  } catch (error) {
    if (!isRefused(error)) return asking(() => Promise.reject(error));
    const event = { id: `refused-${id}`, organization_id, payment_id: id, amount, currency, reason: error.message };
    await tell(account, { ...event, type: 'payment.failed', final: isFinal(error) });
    return '';
  }
}

async function refund(account: StripeAccount, asked: GatewayRefund): Promise<string> {
  const { organization_id, id, payment_reference, amount, currency } = asked;
  try {
    const payment_intent = await intentOf(account, payment_reference);
    const metadata = { organization: organization_id, refund: id };
    const params = { payment_intent, amount: toStripeAmount(amount, currency), metadata };
    // Stripe remembers a key for a day: what is sent again later would be paid back twice.
    const earlier = await account.stripe.refunds.list({ payment_intent, limit: 100 }, requestOptions());
    const sent = earlier.data.find(({ metadata }) => metadata?.['refund'] === id);
    return (sent ?? (await account.stripe.refunds.create(params, requestOptions(`refund-${id}`)))).id;
  } catch (error) {
    const reason = refusalOf(error, currency);
    if (reason === null) return asking(() => Promise.reject(error));
    await tell(account, { id: `refused-${id}`, organization_id, refund_id: id, reason, type: 'refund.failed' });
    return '';
  }
}

/** Why Stripe would never do it: it refuses it, takes no such amount, or doesn't know its payment; null: it may yet. */
function refusalOf(error: unknown, currency: string): string | null {
  if (error instanceof Conflict) return error.sentence.replace('{{currency}}', currency);
  return isRefused(error) || isUnknown(error) ? (error as Error).message : null;
}

/** What a payment that was begun on Stripe's page is called there once it is made. */
async function intentOf({ stripe }: StripeAccount, reference: string): Promise<string> {
  if (!reference.startsWith('cs_')) return reference;
  const session = await asking(() => stripe.checkout.sessions.retrieve(reference, {}, requestOptions()));
  return CheckoutSession.parse(session).payment_intent ?? '';
}

const tell = ({ knex, organization_id }: StripeAccount, event: GatewayEvent): Promise<void> =>
  withActor(knex, systemActor(organization_id), (db) => addJob(db, 'gateway_event', { event }));

/** A page of another account or mode has ended for us. @throws Conflict if it has been paid */
async function expire({ stripe }: StripeAccount, reference: string): Promise<void> {
  if (!reference.startsWith('cs_')) return;
  const status = await asking(() => stripe.checkout.sessions.retrieve(reference, {}, requestOptions()))
    .then((found) => CheckoutSession.parse(found).status)
    .catch((error: unknown) => {
      if (isUnknown(error)) return 'expired';
      throw error;
    });
  if (status === 'complete') throw new Conflict('Another payment is on its way.');
  if (status === 'open') await asking(() => stripe.checkout.sessions.expire(reference, {}, requestOptions()));
}

/** A method that Stripe doesn't know any more is forgotten already. */
async function forget({ stripe }: StripeAccount, reference: string): Promise<void> {
  try {
    await stripe.paymentMethods.detach(reference, {}, requestOptions());
  } catch (error) {
    if (!isRefused(error)) await asking(() => Promise.reject(error));
  }
}
