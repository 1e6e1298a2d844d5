import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance } from 'i18next';
import { z } from 'zod';
import { root } from '../config.js';

/** The sentence in the reader's language, with {{names}} filled in. The values are not escaped: the page or the email does that. */
export type Translate = (sentence: string, values?: Record<string, string | number>) => string;

const Words = z.record(z.string(), z.string());
const known = new Map<string, Translate>();

/** The words for a locale such as "de-AT". English sentences are the keys; views/words/{language}.json holds other languages. */
export function wordsFor(locale: string): Translate {
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
  const plain = new Map<string, string>();
  // nest: false, or "$t(…)" in a person's message would be read as a command.
  const say: Translate = (sentence, values) => i18n.t(sentence, { replace: values ?? {}, nest: false });
  return (sentence, values) => {
    if (values) return say(sentence, values);
    const known = plain.get(sentence) ?? say(sentence);
    if (plain.size < 2000) plain.set(sentence, known);
    return known;
  };
}
