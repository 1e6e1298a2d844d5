import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance } from 'i18next';
import { z } from 'zod';
import { root } from '../config.js';

/** Translates a sentence and fills in its {{placeholders}}. Values aren't escaped; pages and emails do that. */
export type Translate = (sentence: string, values?: Record<string, string | number>) => string;

const Sentences = z.record(z.string(), z.string());
const cache = new Map<string, Translate>();

/** The translations for a locale such as "de-AT". English sentences are the keys of views/words/{language}.json. */
export function translatorFor(locale: string): Translate {
  const language = /^[a-z]{2,3}/i.exec(locale)?.[0].toLowerCase() ?? 'en';
  const translate = cache.get(language) ?? load(language);
  cache.set(language, translate);
  return translate;
}

function load(language: string): Translate {
  const i18n = i18nFor(language);
  // Looked up once and filled in here: i18next parses the sentence on each call, and would interpret "$t(…)" in values.
  const sentences = new Map<string, string[]>();
  return (sentence, values) => {
    if (values && 'count' in values)
      return i18n.t(sentence, { count: Number(values['count']), replace: values, nest: false });
    const parts =
      sentences.get(sentence) ?? i18n.t(sentence, { skipInterpolation: true, nest: false }).split(PLACEHOLDER);
    if (sentences.size < 2000) sentences.set(sentence, parts);
    return parts.length === 1
      ? (parts[0] ?? '')
      : parts.map((part, index) => (index % 2 ? (values?.[part] ?? '') : part)).join('');
  };
}

/** Splits a sentence into text, name, text, name, text. */
const PLACEHOLDER = /\{\{(\w+)\}\}/;

function i18nFor(language: string) {
  const file = join(root, 'views/words', `${language}.json`);
  const translation = existsSync(file) ? Sentences.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const i18n = createInstance();
  void i18n.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    resources: { [language]: { translation } },
    keySeparator: false,
    nsSeparator: false,
    returnEmptyString: false,
    interpolation: { escapeValue: false },
  });
  return i18n;
}
