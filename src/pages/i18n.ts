import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance } from 'i18next';
import { z } from 'zod';
import { root } from '../config.js';

/**
 * The sentence in the reader's language, with {{names}} filled in. The values are not escaped: the page or the email
 * does that.
 */
export type Translate = (sentence: string, values?: Record<string, string | number>) => string;

const Words = z.record(z.string(), z.string());
const known = new Map<string, Translate>();

/**
 * The words for a locale such as "de-AT". English sentences are the keys; views/words/{language}.json holds other
 * languages.
 */
export function translatorFor(locale: string): Translate {
  const language = /^[a-z]{2,3}/i.exec(locale)?.[0].toLowerCase() ?? 'en';
  const words = known.get(language) ?? load(language);
  known.set(language, words);
  return words;
}

function load(language: string): Translate {
  const file = join(root, 'views/words', `${language}.json`);
  const words = existsSync(file) ? Words.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const i18n = createInstance();
  void i18n.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    resources: { [language]: { translation: words } },
    keySeparator: false,
    nsSeparator: false,
    returnEmptyString: false,
    interpolation: { escapeValue: false },
  });
  // Looked up once, then filled in here: the library takes each sentence apart anew, and reads "$t(…)" in a person's
  // message as a command.
  const sentences = new Map<string, string[]>();
  return (sentence, values) => {
    if (values && 'count' in values)
      return i18n.t(sentence, { count: Number(values['count']), replace: values, nest: false });
    const parts = sentences.get(sentence) ?? i18n.t(sentence, { skipInterpolation: true, nest: false }).split(MARK);
    if (sentences.size < 2000) sentences.set(sentence, parts);
    return parts.length === 1
      ? (parts[0] ?? '')
      : parts.map((part, index) => (index % 2 ? (values?.[part] ?? '') : part)).join('');
  };
}

/** A sentence split by it is text, name, text, name, text. */
const MARK = /\{\{(\w+)\}\}/;
