import { hasBankDebit } from './stripe/stripe_method.js';

const BOTH = ['card', 'bank_debit'];

/** What each gateway takes in a currency. */
const TAKEN: Record<string, (currency: string) => readonly string[]> = {
  sandbox: () => BOTH,
  stripe: (currency) => (hasBankDebit(currency) ? BOTH : ['card']),
};

/** Names of the methods (input/payment_methods.ts) that a gateway takes in a currency; none without a gateway. */
export const gatewayMethods = (gateway: string | null, currency: string): readonly string[] =>
  (gateway && Object.hasOwn(TAKEN, gateway) && TAKEN[gateway]?.(currency)) || [];
