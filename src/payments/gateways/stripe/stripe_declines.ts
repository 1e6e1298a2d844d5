/** How Stripe names why it refuses: https://docs.stripe.com/declines/codes */
interface Refusal {
  code?: string | null | undefined;
  decline_code?: string | null | undefined;
}

/** Its payer has to do something: confirm it, or give another card or account. */
const FINAL = new Set([
  ...['authentication_required', 'authentication_not_handled', 'payment_intent_authentication_failure'],
  ...['expired_card', 'lost_card', 'stolen_card', 'pickup_card', 'restricted_card', 'incorrect_number'],
  ...['stop_payment_order', 'revocation_of_authorization', 'revocation_of_all_authorizations'],
  ...['account_closed', 'no_account', 'debit_not_authorized', 'resource_missing'],
]);

/** Whether another try without the payer leads nowhere. */
export const isFinal = ({ code, decline_code }: Refusal): boolean =>
  [code, decline_code].some((name) => Boolean(name && FINAL.has(name)));

/** Why a payment failed, where nothing is said of it. */
export const NO_ERROR = { reason: '', final: false };
