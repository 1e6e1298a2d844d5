/**
 * Currencies (ISO 4217) that don't have two digits after the point. Ours, as amounts are stored in these units: neither
 * another version of Node nor a browser may count them differently. The database has the same (migrations/005).
 */
const DIGITS: ReadonlyMap<number, string> = new Map([
  [
    0,
    'AFN ALL BIF CLP COP DJF GNF HUF IDR IQD IRR ISK JPY KMF KPW KRW LAK LBP MGA MMK PKR PYG RWF SLL SOS SYP UGX VND VUV XAF XOF XPF YER',
  ],
  [3, 'BHD JOD KWD LYD OMR TND'],
]);

const digitsByCurrency = new Map(
  [...DIGITS].flatMap(([digits, currencies]) => currencies.split(' ').map((currency) => [currency, digits] as const)),
);

/** How many digits a currency has after the point: 2 for USD, 0 for JPY, 3 for KWD. */
export const currencyDigits = (currency: string): number => digitsByCurrency.get(currency) ?? 2;

/** Integer minor units as a decimal string with the currency's digits. */
export function fromMinor(minor: number, currency: string): string {
  const digits = currencyDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${minor < 0 ? '-' : ''}${whole}${digits ? '.' : ''}${text.slice(text.length - digits)}`;
}
