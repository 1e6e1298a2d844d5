import { CURRENCIES, LOCALES, TIME_ZONES } from '../../people/form_values.js';

export interface Choice {
  value: string;
  label: string;
}

const named = new Map<string, Choice[]>();

/** Every currency by its code and its name in the reader's language. */
export function currencyChoices(locale: string): Choice[] {
  const known = named.get(locale);
  if (known) return known;
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  const made = [...CURRENCIES].map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
  if (named.size < 100) named.set(locale, made);
  return made;
}

/** The languages there are words for; one that is set otherwise stays as it is. */
export const localeChoices = (current: string): Choice[] =>
  withCurrent(LOCALES, current).map((value) => ({ value, label: localeName(value) }));

export const timeZoneChoices = (current: string): Choice[] =>
  withCurrent(TIME_ZONES, current).map((value) => ({ value, label: value.replaceAll('_', ' ') }));

const withCurrent = (values: readonly string[], current: string) =>
  !current || values.includes(current) ? values : [current, ...values];

/** "Deutsch (Deutschland)": a language in its own words. */
export function localeName(locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language', languageDisplay: 'standard' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}
