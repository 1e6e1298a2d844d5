import Big from 'big.js';

const digitsByCurrency = new Map<string, number>();

/** How many digits a currency (ISO 4217) has after the point: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  const cached = digitsByCurrency.get(currency);
  if (cached !== undefined) return cached;
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}

/** A decimal amount in integer minor units, halves rounded away from zero. */
export const toMinor = (amount: Big, currency: string) =>
  amount
    .times(Big(10).pow(currencyDigits(currency)))
    .round(0, Big.roundHalfUp)
    .toNumber();

/** Integer minor units as a decimal string with the currency's digits. */
export const fromMinor = (minor: number, currency: string) =>
  Big(minor)
    .div(Big(10).pow(currencyDigits(currency)))
    .toFixed(currencyDigits(currency));

const marksByLocale = new Map<string, string>();

function decimalMark(locale: string): string {
  const cached = marksByLocale.get(locale);
  if (cached) return cached;
  const mark = new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  marksByLocale.set(locale, mark);
  return mark;
}

/** A decimal string as a person types it in their locale, without trailing zeros: '1234.5000' is '1234,5' in German. */
export const formatDecimalInput = (decimal: string, locale: string) =>
  Big(decimal).toFixed().replace('.', decimalMark(locale));

/**
 * A number typed in a person's locale ('1.234,5' in German) as a decimal string ('1234.5'); null unless it is a plain
 * decimal number with at most 12 digits before the point and 6 after it.
 */
export function parseDecimal(typed: string, locale: string): string | null {
  const comma = decimalMark(locale) === ',';
  const bare = typed.trim().replace(/[\s\u00a0\u202f’']/g, '');
  const grouped = comma ? /^-?\d{1,3}(\.\d{3})+(,\d+)?$/ : /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
  const plain = grouped.test(bare) ? bare.replaceAll(comma ? '.' : ',', '') : bare;
  const decimal = comma ? plain.replace(',', '.') : plain;
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(decimal) ? Big(decimal).toString() : null;
}
