import Stripe from 'stripe';
import { GatewayUnavailable } from '../gateway.js';

/** The version of Stripe's API that we speak. Tests check our requests by its published description. */
const API_VERSION = '2023-08-16';

const TIMEOUT_MS = 20_000;

/** Asks Stripe as the account of this key. `url`: of a stand-in. */
export const openStripe = (secret_key: string, url: string | undefined): Stripe =>
  new Stripe(secret_key, { timeout: TIMEOUT_MS, maxNetworkRetries: 2, telemetry: false, ...(url ? hostOf(url) : {}) });

function hostOf(url: string) {
  const { hostname: host, port, protocol } = new URL(url);
  return { host, port, protocol: protocol === 'http:' ? ('http' as const) : ('https' as const) };
}

/** What goes with each request. `key`: of what is done once, however often it is asked for. */
export const requestOptions = (key?: string): Stripe.RequestOptions => ({
  apiVersion: API_VERSION,
  ...(key ? { idempotencyKey: key } : {}),
});

/** Stripe can't be reached, or refuses. @throws GatewayUnavailable instead of Stripe's own */
export async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Stripe.errors.StripeError ? new GatewayUnavailable(error.message, { cause: error }) : error;
  }
}

/** Whether Stripe refused what was asked, and would again. */
export const isRefused = (
  error: unknown,
): error is Stripe.errors.StripeCardError | Stripe.errors.StripeInvalidRequestError =>
  error instanceof Stripe.errors.StripeCardError || error instanceof Stripe.errors.StripeInvalidRequestError;

/** Whether Stripe doesn't know what it was asked for, such as something of the other mode. */
export const isUnknown = (error: unknown): boolean =>
  error instanceof GatewayUnavailable &&
  error.cause instanceof Stripe.errors.StripeError &&
  error.cause.code === 'resource_missing';
