import { readFileSync } from 'node:fs';
import { charactersOf, withoutUsual } from './drawable.js';
import { foundIn, rangesOf, type Slice, slicesFor } from './font_slices.js';

/**
 * Reduces a stylesheet to the fonts that a text needs: its own @font-face rules whose ranges the text uses, and as
 * data: URIs slices of fonts for scripts that those lack, last in --sans and --serif.
 */
export function fontCss(css: string, text: string, locale: string): string {
  const characters = charactersOf(text);
  const reduced = css.replace(/@font-face \{[^}]*unicode-range:([^;}]*)[^}]*\}/g, (face, range: string) =>
    foundIn(rangesOf(range), characters).length ? face : '',
  );
  const slices = slicesFor(withoutUsual(characters), locale, text);
  return reduced + slices.map(faceOf).join('') + stacksWith(slices);
}

function faceOf({ family, file, range }: Slice): string {
  const data = readFileSync(file, 'base64');
  const src = `url('data:font/woff2;base64,${data}') format('woff2')`;
  return `@font-face{font-family:'${family}';font-weight:100 900;src:${src};unicode-range:${range}}`;
}

/**
 * The font stacks with these slices before the fallbacks; what the serif lacks, the sans may have. Outside all layers,
 * to override those of tokens.css.
 */
function stacksWith(slices: Slice[]): string {
  const families = [...new Set(slices.map(({ family }) => family))].filter((family) => family.startsWith('Noto'));
  const names = families.map((family) => `'${family}',`).join('');
  const sans = `'Inter',${names}'Inter Fallback',sans-serif`;
  return `:root{--sans:${sans};--serif:'Parley Serif','Inter',${names}'Serif Fallback',serif}`;
}
