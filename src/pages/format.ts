import { makeDates, memoized, type Dates } from './format_dates.js';
import { moneyIn, type MoneyFormat } from './format_money.js';
import { numberIn } from './format_number.js';

/** Whom to format for: a BCP 47 locale, with what it says of styles (input/locale_tag.ts), and IANA time zones. Unknown ones become en-US and UTC. */
export interface Reader {
  locale: string;
  /** Moments are shown in it. */
  time_zone: string;
  /** Says which day it is; left out: `time_zone` does. */
  organization_zone?: string | undefined;
}

/** Formatters for one reader. Money is in minor units; quantities, prices and rates are decimal strings. */
export interface Format extends Dates, MoneyFormat {
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
export function formatFor({ locale, time_zone, organization_zone = time_zone }: Reader): Format {
  const key = `${locale} ${time_zone} ${organization_zone}`;
  const format =
    cache.get(key) ?? createFormat(usableLocale(locale), usableZone(time_zone), usableZone(organization_zone));
  // Bounded, since locales and time zones come from people's settings.
  if (cache.size < 2000) cache.set(key, format);
  return format;
}

function createFormat(locale: string, timeZone: string, dayZone: string): Format {
  const number = numberIn(locale, { maximumFractionDigits: 6 });
  const percent = numberIn(locale, { style: 'percent', maximumFractionDigits: 4 });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const either = new Intl.ListFormat(locale, { type: 'disjunction' });
  return {
    ...moneyIn(locale),
    ...makeDates(locale, timeZone, dayZone),
    number: memoized((decimal: string) => number(decimal as `${number}`)),
    percent: memoized((decimal: string) => percent(Number(decimal) / 100)),
    list: (names) => list.format(names),
    either: (names) => either.format(names),
    bytes: bytesIn(locale),
  };
}

function bytesIn(locale: string): Format['bytes'] {
  const formats = UNITS.map((unit) => numberIn(locale, { style: 'unit', unit, maximumSignificantDigits: 3 }));
  return (size) => {
    const power = size < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
    return formats[power]?.(size / 1000 ** power) ?? String(size);
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
