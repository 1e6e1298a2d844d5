import Big from 'big.js';
import { currencyDigits } from '../../input/currency.js';
import { decimalMark, readNumber } from '../../input/read_number.js';

export { currencyDigits, fromMinor } from '../../input/currency.js';

/** A decimal amount in integer minor units, halves rounded away from zero. */
export const toMinor = (amount: Big, currency: string) =>
  amount
    .times(Big(10).pow(currencyDigits(currency)))
    .round(0, Big.roundHalfUp)
    .toNumber();

/** A decimal string as a person types it in their locale, without trailing zeros: '1234.5000' is '1234,5' in German. */
export const formatDecimalInput = (decimal: string, locale: string) =>
  Big(decimal).toFixed().replace('.', decimalMark(locale));

/** A number typed in a person's locale ('1.234,50' in German) as a decimal string ('1234.5'); null if it is none. */
export function parseDecimal(typed: string, locale: string): string | null {
  const decimal = readNumber(typed, locale);
  return decimal === null ? null : Big(decimal).toFixed();
}
