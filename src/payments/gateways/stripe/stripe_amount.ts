import { Conflict } from '../../../errors.js';
import { currencyDigits } from '../../../input/currency.js';

// As Stripe counts them, which is not always as ISO 4217 does; all others have two digits.
const NO_DIGITS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE_DIGITS = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

const factorOf = (currency: string): number => {
  const digits = NO_DIGITS.has(currency) ? 0 : THREE_DIGITS.has(currency) ? 3 : 2;
  return 10 ** (digits - currencyDigits(currency));
};

/** Our minor units as Stripe counts them. @throws Conflict where it takes no such amount */
export function toStripeAmount(amount: number, currency: string): number {
  const theirs = amount * factorOf(currency);
  // Of three digits, cards take two.
  if (!Number.isSafeInteger(theirs) || (THREE_DIGITS.has(currency) && theirs % 10 !== 0))
    throw new Conflict('Online, an amount in {{currency}} must end in 0. Choose another amount, or pay by transfer.', {
      currency,
    });
  return theirs;
}

/** What Stripe tells, in our minor units. It is no whole number if it is no amount of ours. */
export const fromStripeAmount = (amount: number, currency: string): number => amount / factorOf(currency);
