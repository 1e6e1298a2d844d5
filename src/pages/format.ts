import { makeDates, memoized, type Dates } from './format_dates.js';

/** Whom to format for: a BCP 47 locale and an IANA time zone. Unknown ones become en-US and UTC. */
export interface Reader {
  locale: string;
  time_zone: string;
}

/** Formatters for one reader. Money is in minor units; quantities, prices and rates are decimal strings. */
export interface Format extends Dates {
  /** "$10,951.20", "¥1,200", "KWD 1.250" */
  money(minor: number, currency: string): string;
  /** The same without the currency, for columns whose heading names it. */
  amount(minor: number, currency: string): string;
  /** A unit price in major units, with all of its decimals. */
  price(decimal: string, currency: string): string;
  number(decimal: string): string;
  /** "8.25" is "8.25%". */
  percent(decimal: string): string;
  /** "Olivia, Tom and Maya" */
  list(names: readonly string[]): string;
  /** "Olivia, Tom or Maya" */
  either(names: readonly string[]): string;
  bytes(size: number): string;
}

const cache = new Map<string, Format>();
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** The formatters of a locale and time zone. Cached, since creating Intl formatters takes milliseconds. */
export function formatFor({ locale, time_zone }: Reader): Format {
  const key = `${locale} ${time_zone}`;
  const format = cache.get(key) ?? createFormat(usableLocale(locale), usableZone(time_zone));
  // Bounded, since locales and time zones come from people's settings.
  if (cache.size < 2000) cache.set(key, format);
  return format;
}

function createFormat(locale: string, timeZone: string): Format {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 4 });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const either = new Intl.ListFormat(locale, { type: 'disjunction' });
  return {
    ...moneyIn(locale),
    ...makeDates(locale, timeZone),
    number: memoized((decimal: string) => number.format(Number(decimal))),
    percent: memoized((decimal: string) => percent.format(Number(decimal) / 100)),
    list: (names) => list.format(names),
    either: (names) => either.format(names),
    bytes: bytesIn(locale),
  };
}

function moneyIn(locale: string): Pick<Format, 'money' | 'amount' | 'price'> {
  const currencies = new Map<string, ReturnType<typeof currencyIn>>();
  const of = (currency: string) => {
    const formats = currencies.get(currency) ?? currencyIn(locale, currency);
    currencies.set(currency, formats);
    return formats;
  };
  return {
    money: (minor, currency) => of(currency).money.format(minor / of(currency).unit),
    amount: (minor, currency) => of(currency).plain.format(minor / of(currency).unit),
    price: (decimal, currency) => of(currency).price.format(Number(decimal)),
  };
}

function currencyIn(locale: string, currency: string) {
  const code = /^[A-Z]{3}$/.test(currency) ? currency : 'XXX';
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency: code });
  const digits = money.resolvedOptions().maximumFractionDigits ?? 2;
  const plain = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return {
    money,
    unit: 10 ** digits,
    plain: new Intl.NumberFormat(locale, plain),
    price: new Intl.NumberFormat(locale, { ...plain, maximumFractionDigits: 6 }),
  };
}

function bytesIn(locale: string): Format['bytes'] {
  const formats = UNITS.map(
    (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 3 }),
  );
  return (size) => {
    const power = size < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
    return formats[power]?.format(size / 1000 ** power) ?? String(size);
  };
}

function usableLocale(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? 'en-US';
  } catch {
    return 'en-US';
  }
}

function usableZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
