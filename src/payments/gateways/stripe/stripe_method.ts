/** What a bank debit is in each currency that has one: ACH for dollars, SEPA for euros. */
const DEBITS: Record<string, string> = { USD: 'us_bank_account', EUR: 'sepa_debit' };

/** Whether Stripe takes bank debits in a currency. */
export const hasBankDebit = (currency: string): boolean => Object.hasOwn(DEBITS, currency);

/** Our method, as Stripe calls it. */
export const stripeMethod = (method: string, currency: string): string =>
  method === 'card' ? 'card' : (DEBITS[currency] ?? 'card');
