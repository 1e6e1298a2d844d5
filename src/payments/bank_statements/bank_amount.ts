import Big from 'big.js';
import { currencyDigits } from '../../input/currency.js';

const PLAIN = /^[+-]?\d{1,15}(\.\d+)?$/;

/** Reads "1234.50" of a currency into minor units; null if it is no amount, or has more decimals than the currency. */
export function bankAmount(text: string, currency: string): number | null {
  if (!PLAIN.test(text) || !/^[A-Z]{3}$/.test(currency)) return null;
  const minor = Big(text).times(10 ** currencyDigits(currency));
  return minor.eq(minor.round()) && minor.abs().lte(Number.MAX_SAFE_INTEGER) ? minor.toNumber() : null;
}

/** "1.234,50", "1'234.50" and "1234.5" as "1234.50": the last mark before as many digits as the currency has, or fewer, is the decimal one. */
export function plainAmount(typed: string, currency: string): string {
  const text = typed.replaceAll(/[\s'’\u00a0\u202f]/g, '').replace('−', '-');
  const most = Math.max(2, currencyDigits(currency));
  const decimals = new RegExp(`[.,](\\d{1,${most}})$`).exec(text);
  const whole = decimals ? text.slice(0, decimals.index) : text;
  return `${whole.replaceAll(/[.,]/g, '')}${decimals ? `.${decimals[1] ?? ''}` : ''}`;
}
