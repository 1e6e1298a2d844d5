import { z } from 'zod';
import { isFinal, NO_ERROR } from './stripe_declines.js';

// What we read of Stripe's objects, whatever its version has besides. A reference is an id, or the object itself.

export const reference = z
  .union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
  .nullish()
  .transform((id) => id ?? null);

const Metadata = z
  .object({
    organization: z.uuid().optional().catch(undefined),
    payment: z.uuid().optional().catch(undefined),
    refund: z.uuid().optional().catch(undefined),
    /** How the payment was begun: on Stripe's page, or by us with a stored method. */
    via: z.enum(['checkout', 'charge']).optional().catch(undefined),
    store: z.literal('yes').optional().catch(undefined),
  })
  .nullish()
  .transform((metadata) => metadata ?? {});

const amount = z.int().nonnegative();
const currency = z.string().transform((code) => code.toUpperCase());

export const CheckoutSession = z.object({
  id: z.string(),
  mode: z.string(),
  status: z.string().nullish(),
  payment_status: z.string().nullish(),
  amount_total: amount.nullish(),
  currency: currency.nullish(),
  url: z.string().nullish(),
  client_reference_id: z.string().nullish(),
  metadata: Metadata,
  customer: reference,
  payment_intent: reference,
  setup_intent: reference,
});

export const PaymentIntent = z.object({
  id: z.string(),
  status: z.string(),
  amount,
  currency,
  metadata: Metadata,
  payment_method: reference,
  last_payment_error: z
    .object({ message: z.string().default(''), code: z.string().nullish(), decline_code: z.string().nullish() })
    .nullish()
    .transform((error) => (error ? { reason: error.message, final: isFinal(error) } : NO_ERROR)),
});

/** The same with its charge, which knows what was paid back. */
export const PaymentIntentWithCharge = PaymentIntent.extend({
  latest_charge: z.object({ amount_refunded: amount }).nullish().catch(null),
});

export const Refund = z.object({
  status: z.string().nullish(),
  metadata: Metadata,
  failure_reason: z
    .string()
    .nullish()
    .transform((reason) => reason ?? ''),
});

export const Charge = z.object({ id: z.string() });

export const Dispute = z.object({
  status: z.string(),
  amount,
  reason: z.string().catch(''),
  payment_intent: reference,
});
