import type Stripe from 'stripe';
import type { z } from 'zod';
import type { GatewayEvent, PaymentEvent } from '../gateway.js';
import type { StripeAccount } from './stripe_account.js';
import { fromStripeAmount } from './stripe_amount.js';
import { asking, requestOptions } from './stripe_client.js';
import { NO_ERROR } from './stripe_declines.js';
import { Charge, CheckoutSession, Dispute, PaymentIntent, Refund } from './stripe_objects.js';

/** An event that is read: whose, and what Stripe calls it. */
interface Source {
  account: StripeAccount;
  id: string;
}

type Read = (source: Source, object: unknown) => Promise<GatewayEvent[]> | GatewayEvent[];

const READERS: Record<string, Read> = {
  'checkout.session.completed': (source, object) => sessionEvent(source, object, null),
  'checkout.session.async_payment_succeeded': (source, object) => sessionEvent(source, object, 'payment.succeeded'),
  'checkout.session.async_payment_failed': (source, object) => sessionEvent(source, object, 'payment.failed'),
  'checkout.session.expired': (source, object) => sessionEvent(source, object, 'payment.cancelled'),
  'payment_intent.processing': (source, object) => intentEvent(source, PaymentIntent.parse(object)),
  'payment_intent.succeeded': (source, object) => intentEvent(source, PaymentIntent.parse(object)),
  'payment_intent.payment_failed': (source, object) => intentEvent(source, PaymentIntent.parse(object)),
  'charge.refunded': refundsOfCharge,
  'refund.created': refundEvent,
  'refund.updated': refundEvent,
  'refund.failed': refundEvent,
  'charge.refund.updated': refundEvent,
  'charge.dispute.created': (source, object) => disputeEvent(source, object, 'payment.disputed'),
  'charge.dispute.closed': (source, object) => disputeEvent(source, object, null),
};

/** The events that we act on: Stripe is to send these. The last is about a stored method, not a payment. */
export const STRIPE_EVENTS: readonly string[] = [...Object.keys(READERS), 'payment_method.detached'];

/** What an event means to us; most mean nothing. @throws GatewayUnavailable if Stripe has to be asked, and can't be */
export async function readStripeEvent(account: StripeAccount, event: Stripe.Event): Promise<GatewayEvent[]> {
  const read = Object.hasOwn(READERS, event.type) ? READERS[event.type] : undefined;
  return (await read?.({ account, id: event.id }, event.data.object)) ?? [];
}

interface Paid {
  metadata: { organization?: string | undefined; payment?: string | undefined };
  amount: number;
  currency: string;
}

/** Nothing, if it is another organization's that shares the account, or none of ours. */
function paymentEvent(
  { account: { organization_id }, id }: Source,
  type: PaymentEvent['type'],
  { metadata, amount, currency }: Paid,
  { reason, final } = NO_ERROR,
): GatewayEvent[] {
  const { organization, payment } = metadata;
  if (organization !== organization_id || !payment) return [];
  const ours = fromStripeAmount(amount, currency);
  return [
    { id, organization_id, type, payment_id: payment, amount: ours, currency, reason, ...(final ? { final } : {}) },
  ];
}

/** `type`: what its event says; null: that it is complete, and paid now or later. */
async function sessionEvent(source: Source, object: unknown, type: PaymentEvent['type'] | null) {
  const { mode, metadata, amount_total, currency, payment_status, payment_intent } = CheckoutSession.parse(object);
  if (mode !== 'payment' || !amount_total || !currency) return [];
  const intent = type === 'payment.failed' && payment_intent ? await askIntent(source.account, payment_intent) : null;
  const happened = type ?? (payment_status === 'paid' ? 'payment.succeeded' : 'payment.processing');
  return paymentEvent(source, happened, { metadata, amount: amount_total, currency }, intent?.last_payment_error);
}

/**
 * On Stripe's page a declined card is no failure yet: its payer tries another, and if they don't, the page expires. Only
 * what was charged without them has failed.
 */
export function intentEvent(source: Source, intent: z.output<typeof PaymentIntent>): GatewayEvent[] {
  const { status, metadata, last_payment_error } = intent;
  if (status === 'succeeded') return paymentEvent(source, 'payment.succeeded', intent);
  if (status === 'processing') return paymentEvent(source, 'payment.processing', intent);
  const failed = status === 'canceled' || status === 'requires_payment_method' || status === 'requires_action';
  if (metadata.via !== 'charge' || !failed) return [];
  return paymentEvent(source, 'payment.failed', intent, last_payment_error);
}

/** What became of a payment's page, asked later. */
export async function askSession(source: Source, reference: string): Promise<GatewayEvent[]> {
  const { stripe } = source.account;
  const found = await asking(() => stripe.checkout.sessions.retrieve(reference, {}, requestOptions()));
  const { status, payment_status, payment_intent } = CheckoutSession.parse(found);
  if (status === 'expired') return sessionEvent(source, found, 'payment.cancelled');
  if (payment_status === 'paid') return sessionEvent(source, found, 'payment.succeeded');
  if (status !== 'complete' || !payment_intent) return [];
  const intent = await askIntent(source.account, payment_intent);
  const failed = intent.status === 'requires_payment_method' || intent.status === 'canceled';
  return failed ? sessionEvent(source, found, 'payment.failed') : intentEvent(source, intent);
}

/** A payment, as Stripe has it now. */
export const askIntent = async ({ stripe }: StripeAccount, id: string): Promise<z.output<typeof PaymentIntent>> =>
  PaymentIntent.parse(await asking(() => stripe.paymentIntents.retrieve(id, {}, requestOptions())));

/** What became of a refund, asked later. */
export async function askRefund(source: Source, reference: string): Promise<GatewayEvent[]> {
  const { stripe } = source.account;
  return refundEvent(source, await asking(() => stripe.refunds.retrieve(reference, {}, requestOptions())));
}

function refundEvent({ account: { organization_id }, id }: Source, object: unknown): GatewayEvent[] {
  const { status, metadata, failure_reason } = Refund.parse(object);
  const { organization, refund: refund_id } = metadata;
  if (organization !== organization_id || !refund_id) return [];
  const about = { id, organization_id, refund_id };
  if (status === 'succeeded') return [{ ...about, type: 'refund.succeeded', reason: '' }];
  const failed = status === 'failed' || status === 'canceled';
  return failed ? [{ ...about, type: 'refund.failed', reason: failure_reason.replaceAll('_', ' ') }] : [];
}

async function refundsOfCharge(source: Source, object: unknown): Promise<GatewayEvent[]> {
  const { id: charge } = Charge.parse(object);
  const { stripe } = source.account;
  const { data } = await asking(() => stripe.refunds.list({ charge, limit: 100 }, requestOptions()));
  return data.flatMap((refund) => refundEvent(source, refund));
}

/** `type` null: the dispute has ended. One over a part that was lost has another amount than the payment. */
async function disputeEvent(source: Source, object: unknown, type: 'payment.disputed' | null) {
  const { status, amount, reason, payment_intent } = Dispute.parse(object);
  if (!payment_intent) return [];
  const intent = await askIntent(source.account, payment_intent);
  if (type) return paymentEvent(source, type, intent, { ...NO_ERROR, reason: reason.replaceAll('_', ' ') });
  if (status === 'lost')
    return paymentEvent(
      source,
      'payment.returned',
      { ...intent, amount },
      { ...NO_ERROR, reason: `Dispute lost: ${reason.replaceAll('_', ' ')}` },
    );
  return status === 'won' || status === 'warning_closed' ? paymentEvent(source, 'payment.dispute_won', intent) : [];
}
