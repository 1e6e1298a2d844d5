import type { Choice } from '../../pages/views/components.js';
import { plainLocale } from '../../input/locale_tag.js';
import { CURRENCIES } from '../../input/fields.js';
import { COUNTRIES } from '../../people/banking/bank_number.js';
import { LOCALES } from '../../pages/languages.js';
import { TIME_ZONES } from '../../people/form_values.js';

const currencies = new Map<string, Choice[]>();

/** Every currency by its code and its name in the reader's language. */
export function currencyChoices(tag: string): Choice[] {
  const locale = plainLocale(tag);
  const cached = currencies.get(locale);
  if (cached) return cached;
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  const choices = [...CURRENCIES].map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
  // Locales come from people's settings, so the cache needs a bound.
  if (currencies.size < 100) currencies.set(locale, choices);
  return choices;
}

const countries = new Map<string, Choice[]>();

/** Every country by its name in the reader's language, in the order of that. */
export function countryChoices(locale: string): Choice[] {
  const cached = countries.get(locale);
  if (cached) return cached;
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const choices = [...COUNTRIES]
    .map((code) => ({ value: code, label: names.of(code) ?? code }))
    .toSorted((a, b) => a.label.localeCompare(b.label, locale));
  if (countries.size < 100) countries.set(locale, choices);
  return choices;
}

/** The languages we have translations for; a current one that is none of them stays selectable. */
export const localeChoices = (current: string): Choice[] =>
  withCurrent(LOCALES, current).map((value) => ({ value, label: localeName(value) }));

/** IANA time zones; a current one that this runtime does not list stays selectable. */
export const timeZoneChoices = (current: string): Choice[] =>
  withCurrent(TIME_ZONES, current).map((value) => ({ value, label: value.replaceAll('_', ' ') }));

const withCurrent = (values: readonly string[], current: string) =>
  !current || values.includes(current) ? values : [current, ...values];

/** A language by its own name: "Deutsch (Deutschland)". */
export function localeName(locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language', languageDisplay: 'standard' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}
