import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance } from 'i18next';
import { z } from 'zod';
import { root } from '../config.js';
import { joined } from './contractions.js';
import { languageOf } from './languages.js';

/** Translates a sentence and fills in its {{placeholders}}. Values aren't escaped; pages and emails do that. */
export type Translate = (sentence: string, values?: Record<string, string | number>) => string;

const Sentences = z.record(z.string(), z.string());
const cache = new Map<string, Translate>();

/**
 * The translations for a locale such as "de-AT". English sentences are the keys of views/words/{language}.json, with a
 * suffix of i18next (_one, _many, _other) where the number `count` decides on the words.
 */
export function translatorFor(locale: string): Translate {
  const language = languageOf(locale);
  const translate = cache.get(language) ?? load(language);
  cache.set(language, translate);
  return translate;
}

function load(language: string): Translate {
  const i18n = i18nFor(language);
  // Looked up once and filled in here: i18next parses the sentence on each call, and would interpret "$t(…)" in values.
  const sentences = new Map<string, string[]>();
  const partsOf = (sentence: string, count: number | undefined) =>
    i18n
      .t(sentence, { ...(count !== undefined && { count }), skipInterpolation: true, nest: false })
      .split(PLACEHOLDER);
  return (sentence, values) => {
    if (values && 'count' in values) return filled(language, partsOf(sentence, Number(values['count'])), values);
    const parts = sentences.get(sentence) ?? partsOf(sentence, undefined);
    if (sentences.size < 2000) sentences.set(sentence, parts);
    return filled(language, parts, values);
  };
}

/** Splits a sentence into text, name, text, name, text. */
const PLACEHOLDER = /\{\{(\w+)\}\}/;

const filled = (language: string, parts: string[], values: Record<string, string | number> = {}): string =>
  parts.reduce(
    (text, part, index) => (index % 2 ? joined(language, text, String(values[part] ?? '')) : text + part),
    '',
  );

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
