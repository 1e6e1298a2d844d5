import { HttpError } from '../../errors.js';

/** A payment as a gateway gets it. Amounts in minor units. */
export interface GatewayPayment {
  organization_id: string;
  id: string;
  amount: number;
  currency: string;
  method: string;
  /** What is paid, for the payer's statement: "INV-0042, INV-0044". */
  about: string;
  /** What each document gets of it, for the gateway's page; left out: it is shown as one. */
  lines?: readonly { name: string; amount: number }[];
  /** The payer: one for each partner. */
  customer: GatewayCustomer;
  /** Where the gateway sends the payer's browser, whatever came of it. */
  return_url: string;
}

/** Whose methods are stored. */
export interface GatewayCustomer {
  partner_id: string;
  name: string;
  email: string;
}

/** A method that a payer stored at a gateway, of which we only know how to name it. */
export interface StoredMethod {
  /** Which of the gateway's accounts stored it; left out by a gateway without any. */
  account?: string;
  /** What the gateway calls it. */
  reference: string;
  method: string;
  /** "Visa", or the bank's name. */
  brand: string;
  last_four: string;
  /** "2028-08"; null: it doesn't expire. */
  expires: string | null;
}

/** What a gateway told, whatever it calls it. `id`: the gateway's, by which an event counts once. */
export type GatewayEvent = PaymentEvent | RefundEvent;

export const PAYMENT_EVENTS = [
  'payment.processing',
  'payment.succeeded',
  'payment.failed',
  'payment.cancelled',
  'payment.returned',
  'payment.disputed',
  'payment.dispute_won',
] as const;

interface Told {
  id: string;
  organization_id: string;
  /** Why something failed, or was taken back; else empty. */
  reason: string;
}

/**
 * What became of a payment. `cancelled`: the payer left it; `disputed`: its payer or their bank disputes it; in the end
 * that is won, or it is `returned`: its bank took it back after it had arrived.
 */
export interface PaymentEvent extends Told {
  type: (typeof PAYMENT_EVENTS)[number];
  payment_id: string;
  amount: number;
  currency: string;
  /** Of one that failed: without its payer, another try leads nowhere. */
  final?: boolean | undefined;
}

/** What became of a refund. */
export interface RefundEvent extends Told {
  type: 'refund.succeeded' | 'refund.failed';
  refund_id: string;
}

/** A refund as a gateway gets it. */
export interface GatewayRefund {
  organization_id: string;
  id: string;
  payment_id: string;
  /** What the gateway calls the payment. */
  payment_reference: string;
  amount: number;
  currency: string;
}

/** Where a gateway's page is, and what it calls what goes on there. */
export interface GatewayPage {
  url: string;
  reference: string;
}

/**
 * What takes payments for an organization. Each call may be made again with the same id, and then does nothing new.
 * What came of it is told by events. @throws GatewayUnavailable
 */
export interface Gateway {
  /** Opens its page for a payment. `store`: the payer wants to keep the method for later. */
  start(payment: GatewayPayment, store: boolean): Promise<GatewayPage>;
  /** Charges a stored method, without the payer. */
  charge(payment: GatewayPayment, stored: StoredMethod): Promise<string>;
  /** Opens its page on which a method (card or bank debit) is stored without a payment. `id`: this attempt. */
  store(
    id: string,
    organization_id: string,
    customer: GatewayCustomer,
    return_url: string,
    method: string,
  ): Promise<GatewayPage>;
  /** Forgets a stored method. */
  forget(stored: StoredMethod, organization_id: string): Promise<void>;
  /** Pays back. Returns what it calls that. */
  refund(refund: GatewayRefund): Promise<string>;
  /** Ends an attempt that was not completed, so that it can't be paid any more. @throws Conflict if it was completed */
  cancel(payment: Pick<GatewayPayment, 'organization_id' | 'id'>, reference: string): Promise<void>;
}

/** 503: the gateway can't be reached or refuses. `reason` is its own, for the log. */
export class GatewayUnavailable extends HttpError {
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(503, 'Online payment isn’t available right now. Nothing was charged. Try again in a minute.', {}, options);
  }
}
