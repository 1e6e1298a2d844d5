import { join } from 'node:path';
import { root } from '../../config.js';
import { slicesFor } from './font_slices.js';
import { charactersIn } from './woff2.js';

const INTER = 'node_modules/@fontsource-variable/inter/files/inter';

/** The fonts of every page: what they lack is looked for elsewhere. */
const USUAL = [
  'public/fonts/inter-latin.woff2',
  ...['latin-ext', 'cyrillic', 'greek'].map((script) => `${INTER}-${script}-wght-normal.woff2`),
].map((file) => join(root, file));

/** The characters of a text that show something. */
export function charactersOf(text: string): Set<number> {
  const visible = [...new Set<string>(text)].filter(
    (one) => !/[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}]/u.test(one),
  );
  return new Set(visible.map((one) => one.codePointAt(0) ?? 0));
}

/** The characters that the fonts of every page lack. */
export const withoutUsual = (characters: Set<number>): Set<number> =>
  new Set([...characters].filter((character) => !USUAL.some((file) => charactersIn(file).has(character))));

/** What is known of a character: that no font draws it. */
const known = new Map<number, boolean>();

/** The characters of a text that no font of ours draws: a document would be printed with boxes in their places. */
export function undrawable(text: string): string[] {
  const unknown = withoutUsual(new Set([...charactersOf(text)].filter((character) => !known.has(character))));
  const asked = [...unknown];
  slicesFor(unknown, '', text);
  for (const character of asked) known.set(character, unknown.has(character));
  return [...charactersOf(text)].filter((one) => known.get(one)).map((one) => String.fromCodePoint(one));
}

/** "U+13080" */
export const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** A page whose undrawable characters are written as their numbers. */
export function spelled(html: string): string {
  const missing = new Set(undrawable(html));
  return missing.size ? html.replace(/\P{ASCII}/gu, (one) => (missing.has(one) ? `[${codePoint(one)}]` : one)) : html;
}
