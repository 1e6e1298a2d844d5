import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../config.js';

/** A part of a font in a file of its own. `ranges` are pairs of first and last character, inclusive. */
interface Slice {
  family: string;
  file: string;
  range: string;
  ranges: readonly (readonly [number, number])[];
}

/** The slices of a package that are used, and the family they form. */
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
const hanFont = (script: string) => [noto(script, /^\[/)];

// Tried in order, each for the characters that are still missing. Rare Latin, Cyrillic and Greek come in two families,
// since titles are set in the serif.
const RARE = /^(vietnamese|cyrillic-ext|greek-ext)$/;
const ALPHABETS: Font[][] = [
  [
    { family: 'Inter', name: 'inter', slices: RARE },
    { family: 'Parley Serif', name: 'source-serif-4', slices: RARE },
  ],
  ...['arabic', 'hebrew', 'devanagari', 'thai'].map((script) => [noto(script, new RegExp(`^${script}$`))]),
];

const cache = new Map<string, Slice[]>();

/**
 * Reduces a stylesheet to the fonts that a text needs: its own @font-face rules whose ranges the text uses, and as
 * data: URIs, last in --sans and --serif, slices of fonts for scripts that those lack. Emoji have no font.
 */
export function fontCss(css: string, text: string, locale: string): string {
  const characters = charactersOf(text);
  const missing = new Set(characters);
  const reduced = css.replace(/@font-face \{[^}]*unicode-range:([^;}]*)[^}]*\}/g, (face, range: string) => {
    const found = foundIn(rangesOf(range), characters);
    for (const character of found) missing.delete(character);
    return found.length ? face : '';
  });
  return reduced + facesFor(missing, [...ALPHABETS, ...hanFonts(locale, text)]);
}

function facesFor(missing: Set<number>, groups: Font[][]): string {
  const slices: Slice[] = [];
  for (const group of groups) {
    if (missing.size === 0) break;
    const found = group.flatMap(slicesOf).map((slice) => ({ slice, characters: foundIn(slice.ranges, missing) }));
    slices.push(...found.filter(({ characters }) => characters.length).map(({ slice }) => slice));
    for (const character of found.flatMap(({ characters }) => characters)) missing.delete(character);
  }
  return slices.length ? slices.map(faceOf).join('') + stacksWith(slices) : '';
}

/** Fonts for Han characters, first the one for the reader's language or else the text's: with kana it is Japanese. */
function hanFonts(locale: string, text: string): Font[][] {
  const language =
    /^(ja|ko|zh)\b/i.exec(locale)?.[1]?.toLowerCase() ??
    (/[\p{scx=Hiragana}\p{scx=Katakana}]/u.test(text) ? 'ja' : 'zh');
  const order = { ja: ['jp', 'sc', 'kr'], ko: ['kr', 'sc', 'jp'], zh: ['sc', 'jp', 'kr'] }[language] ?? [];
  return order.map(hanFont);
}

/** All visible characters except emoji. */
function charactersOf(text: string): Set<number> {
  const seen = new Set<string>(text);
  const visible = [...seen].filter(
    (one) => !/[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Emoji_Presentation}\p{Cc}]/u.test(one),
  );
  return new Set(visible.map((one) => one.codePointAt(0) ?? 0));
}

function foundIn(ranges: Slice['ranges'], characters: Set<number>): number[] {
  const found: number[] = [];
  for (const [first, last] of ranges) {
    for (let character = first; character <= last; character++) if (characters.has(character)) found.push(character);
  }
  return found;
}

function slicesOf({ family, name, slices }: Font): Slice[] {
  const cached = cache.get(name);
  if (cached) return cached;
  const folder = join(root, 'node_modules/@fontsource-variable', name);
  const listed = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  const slicesOfFont = Object.entries(listed)
    .filter(([slice]) => slices.test(slice))
    .map(([slice, range]) => {
      const file = join(folder, 'files', `${name}-${slice.replace(/[[\]]/g, '')}-wght-normal.woff2`);
      return { family, file, range, ranges: rangesOf(range) };
    });
  cache.set(name, slicesOfFont);
  return slicesOfFont;
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
  const src = `url('data:font/woff2;base64,${data}') format('woff2')`;
  return `@font-face{font-family:'${family}';font-weight:100 900;src:${src};unicode-range:${range}}`;
}

/** The font stacks with these slices before the fallbacks. Outside all layers, to override those of tokens.css. */
function stacksWith(slices: Slice[]): string {
  const families = [...new Set(slices.map(({ family }) => family))].filter((family) => family.startsWith('Noto'));
  const names = families.map((family) => `'${family}',`).join('');
  const sans = `'Inter',${names}'Inter Fallback',sans-serif`;
  return `:root{--sans:${sans};--serif:'Parley Serif',${names}'Serif Fallback',serif}`;
}
