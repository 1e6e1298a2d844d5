/** The languages of pages, emails and PDFs, each with the locales that people choose from. */
const LANGUAGES: Record<string, [string, ...string[]]> = {
  en: ['en-US', 'en-GB'],
  de: ['de-DE'],
  fr: ['fr-FR'],
  es: ['es-ES'],
};

export const languages = Object.keys(LANGUAGES);

/** BCP 47 */
export const LOCALES: readonly string[] = Object.values(LANGUAGES).flat();

/** The language that a person with this locale reads: "de" for "de-AT"; English for those we don't have. */
export function languageOf(locale: string): string {
  const language = /^[a-z]{2,3}/i.exec(locale)?.[0].toLowerCase() ?? '';
  return languages.includes(language) ? language : 'en';
}

/** The locale that is meant by a language alone: "fr-FR" by "fr". */
export const localeOf = (language: string): string => LANGUAGES[languageOf(language)]?.[0] ?? 'en-US';
