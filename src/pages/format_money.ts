import { currencyDigits, fromMinor } from '../input/currency.js';
import { decimalMark } from '../input/read_number.js';
import { numberIn } from './format_number.js';

// How amounts are written. Browsers run this very file (see pages/assets.ts).

/** Amounts are in minor units, prices are decimal strings. */
export interface MoneyFormat {
  /** "$10,951.20", "¥1,200", "KWD 1.250" */
  money(minor: number, currency: string): string;
  /** The same without the currency, for columns whose heading names it. */
  amount(minor: number, currency: string): string;
  /** As it is typed into a form: "10951.20". */
  moneyInput(minor: number, currency: string): string;
  /** A unit price in major units, with all of its decimals. */
  price(decimal: string, currency: string): string;
}

type Decimal = `${number}`;

export function moneyIn(locale: string): MoneyFormat {
  const currencies = new Map<string, ReturnType<typeof currencyIn>>();
  const of = (currency: string) => {
    const formats = currencies.get(currency) ?? currencyIn(locale, currency);
    currencies.set(currency, formats);
    return formats;
  };
  // As text, which Intl formats exactly.
  const major = (minor: number, currency: string) => fromMinor(minor, currency) as Decimal;
  return {
    money: (minor, currency) => of(currency).money(major(minor, currency)),
    amount: (minor, currency) => of(currency).plain(major(minor, currency)),
    moneyInput: (minor, currency) => major(minor, currency).replace('.', decimalMark(locale)),
    price: (decimal, currency) => of(currency).price(decimal as Decimal),
  };
}

function currencyIn(locale: string, currency: string) {
  const code = /^[A-Z]{3}$/.test(currency) ? currency : 'XXX';
  const digits = currencyDigits(currency);
  const plain = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return {
    money: numberIn(locale, { style: 'currency', currency: code, ...plain }),
    plain: numberIn(locale, plain),
    price: numberIn(locale, { ...plain, maximumFractionDigits: 6 }),
  };
}
