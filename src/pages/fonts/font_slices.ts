import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../config.js';
import { charactersIn } from './woff2.js';

/** A part of a font in a file of its own. `ranges` are pairs of first and last character, inclusive. */
export interface Slice {
  family: string;
  file: string;
  range: string;
  ranges: Ranges;
}

type Ranges = readonly (readonly [number, number])[];

/** The slices of a package that are used, and the family they form. */
interface Font {
  family: string;
  name: string;
  slices: RegExp;
  /** It comes in one weight. */
  fixed?: boolean;
}

const noto = (script: string, slices = new RegExp(`^${script}$`)): Font => ({
  family: `Noto ${script}`,
  name: `noto-sans-${script}`,
  slices,
});
const NUMBERED = /^\[/;

// Rare Latin, Cyrillic and Greek come in two families, since titles are set in the serif.
const RARE = /^(vietnamese|cyrillic-ext|greek-ext)$/;
const INDIAN = 'devanagari bengali tamil telugu gujarati kannada malayalam gurmukhi oriya sinhala'.split(' ');
const OTHERS = 'arabic hebrew thai ethiopic khmer lao'.split(' ');

/** Tried in order, each for the characters that are still missing. */
const ALPHABETS: Font[][] = [
  [
    { family: 'Inter', name: 'inter', slices: RARE },
    { family: 'Parley Serif', name: 'source-serif-4', slices: RARE },
  ],
  ...[...OTHERS, ...INDIAN].map((script) => [noto(script)]),
  [{ ...noto('myanmar'), fixed: true }],
  // In outlines: a document is printed in one ink.
  [{ family: 'Noto emoji', name: 'noto-emoji', slices: NUMBERED }],
];

/** Fonts for Han characters, first the one for the reader's language or else the text's: with kana it is Japanese. */
function hanFonts(locale: string, text: string): Font[][] {
  const language =
    /^(ja|ko|zh)\b/i.exec(locale)?.[1]?.toLowerCase() ??
    (/[\p{scx=Hiragana}\p{scx=Katakana}]/u.test(text) ? 'ja' : 'zh');
  const order = { ja: ['jp', 'sc', 'kr'], ko: ['kr', 'sc', 'jp'], zh: ['sc', 'jp', 'kr'] }[language] ?? [];
  return order.map((script) => [noto(script, NUMBERED)]);
}

/** The slices that draw these characters; those that no font draws stay in the set. */
export function slicesFor(missing: Set<number>, locale: string, text: string): Slice[] {
  const slices: Slice[] = [];
  for (const group of [...ALPHABETS, ...hanFonts(locale, text)]) {
    if (missing.size === 0) break;
    const found = group.flatMap(slicesOf).map((slice) => ({ slice, characters: drawnBy(slice, missing) }));
    slices.push(...found.filter(({ characters }) => characters.length).map(({ slice }) => slice));
    for (const character of found.flatMap(({ characters }) => characters)) missing.delete(character);
  }
  return slices;
}

function drawnBy({ file, ranges }: Slice, characters: Set<number>): number[] {
  const claimed = foundIn(ranges, characters);
  return claimed.length ? claimed.filter((character) => charactersIn(file).has(character)) : [];
}

export function foundIn(ranges: Ranges, characters: Set<number>): number[] {
  const found: number[] = [];
  for (const [first, last] of ranges) {
    for (let character = first; character <= last; character++) if (characters.has(character)) found.push(character);
  }
  return found;
}

const cache = new Map<string, Slice[]>();

function slicesOf({ family, name, slices, fixed = false }: Font): Slice[] {
  const cached = cache.get(name);
  if (cached) return cached;
  const folder = join(root, 'node_modules', fixed ? '@fontsource' : '@fontsource-variable', name);
  const listed = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  const slicesOfFont = Object.entries(listed)
    .filter(([slice]) => slices.test(slice))
    .map(([slice, range]) => {
      const weight = fixed ? '400' : 'wght';
      const file = join(folder, 'files', `${name}-${slice.replace(/[[\]]/g, '')}-${weight}-normal.woff2`);
      return { family, file, range, ranges: rangesOf(range) };
    });
  cache.set(name, slicesOfFont);
  return slicesOfFont;
}

/** "U+A, U+20-7E" as numbers. */
export function rangesOf(range: string): Ranges {
  return [...range.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/gi)].map(([, first = '', last = first]) => [
    Number.parseInt(first, 16),
    Number.parseInt(last, 16),
  ]);
}
