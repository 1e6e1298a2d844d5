import { z } from 'zod';
import { CURRENCIES } from '../../input/fields.js';
import {
  DATE_STYLES,
  HOUR_CYCLES,
  type LocaleParts,
  NUMBER_STYLES,
  readLocale,
  WEEK_STARTS,
  writeLocale,
} from '../../input/locale_tag.js';
import { weekStart } from '../../pages/weeks.js';
import { line, required, timeZone } from '../form_values.js';
import type { OwnSettings } from './own_settings.js';

const PHONE = /^[+\d(][\d\s()./-]{4,}(?:\s?(?:x|ext\.?)\s?\d{1,6})?$/i;

/** The names are stored as one, with its last part, since people write theirs in more ways than two. */
export const ProfileForm = z
  .object({
    first_name: required(100),
    last_name: line(100),
    title: line(100),
    phone: line(40).refine((typed) => !typed || PHONE.test(typed), 'Enter a phone number.'),
  })
  .transform(({ first_name, ...fields }) => ({ ...fields, name: `${first_name} ${fields.last_name}`.trim() }));

/** The first name of a stored one: all but the last name, or if that isn't known, all but the last word. */
export function namesOf({ name, last_name }: Pick<OwnSettings, 'name' | 'last_name'>) {
  if (last_name && name.endsWith(` ${last_name}`))
    return { first_name: name.slice(0, -last_name.length).trim(), last_name };
  const [, first = name, last = ''] = /^(.*\S)\s+(\S+)$/.exec(name) ?? [];
  return { first_name: first, last_name: last };
}

const oneOf = <T extends string>(values: readonly T[], message: string) =>
  line(40).refine((typed): typed is T => values.some((value) => value === typed), message);

/** What the form of preferences sends; `languages`: those on offer. */
export const preferencesForm = (languages: readonly string[]) =>
  z.object({
    language: oneOf(languages, 'Choose a language.'),
    time_zone: timeZone,
    dates: oneOf(DATE_STYLES, 'Choose a date format.'),
    hours: oneOf(HOUR_CYCLES, 'Choose a time format.'),
    numbers: oneOf(NUMBER_STYLES, 'Choose a number format.'),
    week_start: oneOf(WEEK_STARTS, 'Choose the first day of the week.'),
    currency: line(3).refine((typed) => !typed || CURRENCIES.has(typed), 'Choose a currency.'),
    document_language: line(40).refine((typed) => !typed || languages.includes(typed), 'Choose a language.'),
  });

export type Styles = { [Part in Exclude<keyof LocaleParts, 'language'>]: NonNullable<LocaleParts[Part]> };

/** How a language writes things unless somebody chose otherwise. */
function usualStyles(language: string): Styles {
  const hours = new Intl.DateTimeFormat(language, { hour: 'numeric' }).resolvedOptions().hourCycle;
  const written = new Intl.NumberFormat(language).format(12_345.6);
  return {
    dates: 'long',
    hours: hours === 'h11' || hours === 'h12' ? 'h12' : 'h23',
    numbers: written.endsWith('.6') ? 'dot' : written.includes('.') ? 'comma' : 'space',
    week_start: weekStart(language),
  };
}

/** All styles of a locale, chosen or usual. */
export function stylesOf(locale: string): Styles {
  const { language, ...chosen } = readLocale(locale);
  const set = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== null));
  return { ...usualStyles(language), ...set };
}

/**
 * The locale that a form asks for. What is usual in the language isn't written out; nor is what was left as it was
 * shown, so that another language brings its own way of writing.
 */
export function localeFor(form: Styles & { language: string }, before: string): string {
  const [usual, shown, chosen] = [usualStyles(form.language), stylesOf(before), readLocale(before)];
  const keep = <Part extends keyof Styles>(part: Part): LocaleParts[Part] =>
    form[part] === usual[part] || (form[part] === shown[part] && chosen[part] === null) ? null : form[part];
  return writeLocale({
    language: form.language,
    dates: keep('dates'),
    hours: keep('hours'),
    numbers: keep('numbers'),
    week_start: keep('week_start'),
  });
}
