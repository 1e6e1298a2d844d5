import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../config.js';

/** A part of a font that comes as a file of its own. `ranges` are first and last character, both included. */
interface Slice {
  family: string;
  file: string;
  range: string;
  ranges: readonly (readonly [number, number])[];
}

/** Which slices of a package are used, and under which family. */
interface Font {
  family: string;
  name: string;
  slices: RegExp;
}

const noto = (script: string, slices: RegExp): Font => ({
  family: `Noto ${script}`,
  name: `noto-sans-${script}`,
  slices,
});
const han = (script: string) => [noto(script, /^\[/)];

// Latin that is rare here; in two families, since titles are set in the serif. Then one after the other: each takes
// what is left.
const more = /^(vietnamese|cyrillic-ext|greek-ext)$/;
const letters: Font[][] = [
  [
    { family: 'Inter', name: 'inter', slices: more },
    { family: 'Parley Serif', name: 'source-serif-4', slices: more },
  ],
  ...['arabic', 'hebrew', 'devanagari', 'thai'].map((script) => [noto(script, new RegExp(`^${script}$`))]),
];

const known = new Map<string, Slice[]>();

/**
 * The stylesheet with just the fonts that a text needs: of its own @font-face rules those in whose ranges the text
 * has a character, and slices of the fonts for the scripts that they lack, as data: URIs, after them in --sans and
 * --serif. Emoji have no font.
 */
export function fontCss(css: string, text: string, locale: string): string {
  const wanted = charactersOf(text);
  const lacking = new Set(wanted);
  const fitted = css.replace(/@font-face \{[^}]*unicode-range:([^;}]*)[^}]*\}/g, (face, range: string) => {
    const found = foundIn(rangesOf(range), wanted);
    for (const character of found) lacking.delete(character);
    return found.length ? face : '';
  });
  return fitted + facesFor(lacking, [...letters, ...hanFirstFor(locale, text)]);
}

function facesFor(lacking: Set<number>, groups: Font[][]): string {
  const slices: Slice[] = [];
  for (const group of groups) {
    if (lacking.size === 0) break;
    const found = group.flatMap(slicesOf).map((slice) => ({ slice, characters: foundIn(slice.ranges, lacking) }));
    slices.push(...found.filter(({ characters }) => characters.length).map(({ slice }) => slice));
    for (const character of found.flatMap(({ characters }) => characters)) lacking.delete(character);
  }
  return slices.length ? slices.map(faceOf).join('') + stacksWith(slices) : '';
}

/**
 * Han characters are drawn as the reader's language does, or else as the text's own: where there are kana, it is
 * Japanese.
 */
function hanFirstFor(locale: string, text: string): Font[][] {
  const language =
    /^(ja|ko|zh)\b/i.exec(locale)?.[1]?.toLowerCase() ??
    (/[\p{scx=Hiragana}\p{scx=Katakana}]/u.test(text) ? 'ja' : 'zh');
  const order = { ja: ['jp', 'sc', 'kr'], ko: ['kr', 'sc', 'jp'], zh: ['sc', 'jp', 'kr'] }[language] ?? [];
  return order.map(han);
}

/** All characters that are drawn; not emoji, for which there is no font. */
function charactersOf(text: string): Set<number> {
  const seen = new Set<string>(text);
  const drawn = [...seen].filter(
    (one) => !/[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Emoji_Presentation}\p{Cc}]/u.test(one),
  );
  return new Set(drawn.map((one) => one.codePointAt(0) ?? 0));
}

function foundIn(ranges: Slice['ranges'], characters: Set<number>): number[] {
  const found: number[] = [];
  for (const [first, last] of ranges) {
    for (let character = first; character <= last; character++) if (characters.has(character)) found.push(character);
  }
  return found;
}

function slicesOf({ family, name, slices }: Font): Slice[] {
  const cached = known.get(name);
  if (cached) return cached;
  const folder = join(root, 'node_modules/@fontsource-variable', name);
  const listed = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  const made = Object.entries(listed)
    .filter(([slice]) => slices.test(slice))
    .map(([slice, range]) => {
      const file = join(folder, 'files', `${name}-${slice.replace(/[[\]]/g, '')}-wght-normal.woff2`);
      return { family, file, range, ranges: rangesOf(range) };
    });
  known.set(name, made);
  return made;
}

/** "U+A, U+20-7E" as numbers. */
function rangesOf(range: string): Slice['ranges'] {
  return [...range.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/gi)].map(([, first = '', last = first]) => [
    Number.parseInt(first, 16),
    Number.parseInt(last, 16),
  ]);
}

function faceOf({ family, file, range }: Slice): string {
  const data = readFileSync(file, 'base64');
  return `@font-face{font-family:'${family}';font-weight:100 900;src:url('data:font/woff2;base64,${data}') format('woff2');unicode-range:${range}}`;
}

/** Before the fallbacks, since these may be anything; outside all layers, and so before the stacks of tokens.css. */
function stacksWith(slices: Slice[]): string {
  const families = [...new Set(slices.map(({ family }) => family))].filter((family) => family.startsWith('Noto'));
  const names = families.map((family) => `'${family}',`).join('');
  return `:root{--sans:'Inter',${names}'Inter Fallback',sans-serif;--serif:'Parley Serif',${names}'Serif Fallback',serif}`;
}
