import Big from 'big.js';

const digits = new Map<string, number>();

/** How many digits a currency (ISO 4217) has after the point: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  const known = digits.get(currency);
  if (known !== undefined) return known;
  const found =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digits.set(currency, found);
  return found;
}

/** Decimal amount -> integer minor units, halves away from zero. */
export const toMinor = (amount: Big, currency: string) =>
  amount
    .times(Big(10).pow(currencyDigits(currency)))
    .round(0, Big.roundHalfUp)
    .toNumber();

/** Integer minor units -> decimal string with the currency's digits, for a form's field. */
export const fromMinor = (minor: number, currency: string) =>
  Big(minor)
    .div(Big(10).pow(currencyDigits(currency)))
    .toFixed(currencyDigits(currency));

const marks = new Map<string, string>();

function decimalMark(locale: string): string {
  const known = marks.get(locale);
  if (known) return known;
  const mark = new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  marks.set(locale, mark);
  return mark;
}

/**
 * A decimal string as a person would type it in their locale, with all the digits it needs: '1234.5000' is '1234,5'
 * in German.
 */
export const formatDecimalInput = (decimal: string, locale: string) =>
  Big(decimal).toFixed().replace('.', decimalMark(locale));

/**
 * What a person typed as a number in their locale ('1.234,5' in German) -> a decimal string ('1234.5').
 * Null if it is no plain decimal number of at most 12 digits before the point and 6 after it.
 */
export function parseDecimal(typed: string, locale: string): string | null {
  const comma = decimalMark(locale) === ',';
  const bare = typed.trim().replace(/[\s\u00a0\u202f’']/g, '');
  const grouped = comma ? /^-?\d{1,3}(\.\d{3})+(,\d+)?$/ : /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
  const plain = grouped.test(bare) ? bare.replaceAll(comma ? '.' : ',', '') : bare;
  const normal = comma ? plain.replace(',', '.') : plain;
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(normal) ? Big(normal).toString() : null;
}
