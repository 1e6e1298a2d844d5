import type Stripe from 'stripe';
import { GatewayUnavailable, type GatewayCustomer, type GatewayPage, type GatewayPayment } from '../gateway.js';
import type { StripeAccount } from './stripe_account.js';
import { toStripeAmount } from './stripe_amount.js';
import { asking, requestOptions } from './stripe_client.js';
import { stripeCustomer } from './stripe_customer.js';
import { stripeMethod } from './stripe_method.js';
import { CheckoutSession } from './stripe_objects.js';

/** Where Stripe's pages are. */
export const CHECKOUT_HOST = 'checkout.stripe.com';

// The library's types are of a later version of the API, which calls this otherwise.
type SessionParams = Stripe.Checkout.SessionCreateParams & { payment_method_types: string[] };

/** Opens Stripe's page for a payment. */
export async function openPaymentPage(
  account: StripeAccount,
  payment: GatewayPayment,
  store: boolean,
): Promise<GatewayPage> {
  const { organization_id, id, currency, method, about, return_url } = payment;
  const customer = await stripeCustomer(account, payment.customer);
  const metadata = { organization: organization_id, payment: id, via: 'checkout', ...(store ? { store: 'yes' } : {}) };
  const params: SessionParams = {
    mode: 'payment',
    client_reference_id: id,
    customer,
    payment_method_types: [stripeMethod(method, currency)],
    line_items: lineItems(payment),
    metadata,
    payment_intent_data: {
      metadata,
      description: about.slice(0, 500),
      ...(store ? { setup_future_usage: 'off_session' } : {}),
    },
    success_url: `${return_url}?returned`,
    cancel_url: return_url,
  };
  // Another customer (of another account), or the wish to keep the method, is another page.
  return openPage(account, params, `start-${id}-${customer}${store ? '-store' : ''}`);
}

function lineItems({ lines, about, amount, currency }: GatewayPayment) {
  const items = lines?.length ? lines : [{ name: about || '–', amount }];
  return items.map(({ name, amount }) => ({
    quantity: 1,
    price_data: {
      currency: currency.toLowerCase(),
      unit_amount: toStripeAmount(amount, currency),
      product_data: { name: name.slice(0, 250) },
    },
  }));
}

/** Opens Stripe's page on which a method of this kind is stored without a payment. `id`: this attempt. */
export async function openStoringPage(
  account: StripeAccount,
  id: string,
  customer: GatewayCustomer & { currency: string },
  { method, return_url }: { method: string; return_url: string },
): Promise<GatewayPage> {
  const { organization_id } = account;
  const reference = await stripeCustomer(account, customer);
  const metadata = { organization: organization_id, partner: customer.partner_id, store: 'yes' };
  const params: SessionParams = {
    mode: 'setup',
    client_reference_id: id,
    customer: reference,
    payment_method_types: [stripeMethod(method, customer.currency)],
    metadata,
    setup_intent_data: { metadata },
    // Stripe leads back before it has told us what was stored.
    success_url: `${return_url}?done=storing`,
    cancel_url: return_url,
  };
  return openPage(account, params, `store-${id}-${reference}`);
}

/** @throws GatewayUnavailable, also if it names no page of Stripe's */
async function openPage({ stripe }: StripeAccount, params: SessionParams, key: string): Promise<GatewayPage> {
  const answer = CheckoutSession.safeParse(
    await asking(() => stripe.checkout.sessions.create(params, requestOptions(key))),
  );
  const { id = '', url = '' } = answer.data ?? {};
  if (!id || !url || !isCheckout(url)) throw new GatewayUnavailable('an answer without a page at Stripe');
  return { url, reference: id };
}

const isCheckout = (url: string) => URL.canParse(url) && new URL(url).origin === `https://${CHECKOUT_HOST}`;
