import { type LocaleParts, readLocale } from './locale_tag.js';

// The one reader of numbers that people type. Browsers run this very file (see pages/assets.ts).

/** How a locale writes numbers. */
interface Notation {
  /** Between whole and fraction, when we write. */
  mark: string;
  /** Its digits, from 0 to 9. */
  digits: string[];
  /** What is a number, with its `whole` and `fraction`. */
  patterns: RegExp[];
}

const notations = new Map<string, Notation>();

function notationOf(locale: string): Notation {
  const cached = notations.get(locale);
  if (cached) return cached;
  const notation = readNotation(locale);
  // Bounded, since locales come from people's settings.
  if (notations.size < 2000) notations.set(locale, notation);
  return notation;
}

/** What stands between thousands, and before the fraction, in the styles that a locale can name. */
const STYLES: Record<NonNullable<LocaleParts['numbers']>, { groups: string[]; mark: string }> = {
  dot: { groups: [' ', "'", ','], mark: '.' },
  comma: { groups: [' ', "'", '.'], mark: ',' },
  space: { groups: [' ', "'"], mark: ',' },
};

function readNotation(locale: string): Notation {
  const { numbers } = readLocale(locale);
  const { mark, groups, decimals } = numbers
    ? { ...STYLES[numbers], decimals: [STYLES[numbers].mark] }
    : marksOf(locale);
  const isIndian = Array.from(partsOf(locale, 'integer')[1] ?? '').length === 2;
  return {
    mark,
    digits: Array.from(new Intl.NumberFormat(locale, { useGrouping: false }).format(9_876_543_210)).toReversed(),
    patterns: patternsOf([...groups].join(''), decimals.join(''), isIndian),
  };
}

const partsOf = (locale: string, type: Intl.NumberFormatPartTypes, style: Intl.NumberFormatOptions = {}) =>
  new Intl.NumberFormat(locale, style)
    .formatToParts(12_345_678.9)
    .filter((part) => part.type === type)
    .map(({ value }) => tidy(value));

/** The marks of a locale without a style of its own. */
function marksOf(locale: string) {
  // Money may be written in another way than numbers: "1 234,5" but "€ 1.234,50" in Austria.
  const money = { style: 'currency', currency: 'EUR' } as const;
  const [mark = '.'] = partsOf(locale, 'decimal');
  const isOwn = mark !== '.' && mark !== ',';
  const groups = new Set([
    ' ',
    "'",
    ...partsOf(locale, 'group'),
    ...partsOf(locale, 'group', money),
    ...(isOwn ? [','] : []),
  ]);
  groups.delete(mark);
  const decimals = [mark, ...partsOf(locale, 'decimal', money), ...(isOwn ? ['.'] : [])].filter(
    (other) => !groups.has(other),
  );
  return { mark, groups, decimals };
}

/** A group of thousands never begins with 0 and has three digits; in India, those before the last have two. */
function patternsOf(groups: string, decimals: string, indian: boolean): RegExp[] {
  const fraction = `(?:[${decimals}](?<fraction>\\d+))?`;
  const wholes = [
    '\\d+',
    `[1-9]\\d{0,2}(?<mark>[${groups}])\\d{3}(?:\\k<mark>\\d{3})*`,
    ...(indian ? [`[1-9]\\d?(?<mark>[${groups}])(?:\\d{2}\\k<mark>)*\\d{3}`] : []),
  ];
  const patterns = wholes.map((whole) => new RegExp(`^(?<whole>-?${whole})${fraction}$`));
  // The point of a keypad: "12.50" in German can't be thousands. "0.500" might be, and is none: it is no number.
  return decimals.includes('.') ? patterns : [...patterns, /^(?<whole>-?\d+)\.(?<fraction>(?!\d{3}$)\d+)$/];
}

/** Spaces, apostrophes and minus signs come in several forms. */
const tidy = (typed: string) => typed.trim().replace(/\s/g, ' ').replaceAll('’', "'").replace(/^−/, '-');

const FULLWIDTH_ZERO = 0xff10;

/** The locale's own digits and those of a Japanese keyboard are as good as 0 to 9. */
function asciiDigit(character: string, digits: readonly string[]): string {
  const fullwidth = (character.codePointAt(0) ?? 0) - FULLWIDTH_ZERO;
  const digit = fullwidth >= 0 && fullwidth <= 9 ? fullwidth : digits.indexOf(character);
  return digit < 0 ? character : String(digit);
}

/**
 * A number typed in a person's locale as a decimal string with all its decimals: '1.234,50' in German is '1234.50'. Null
 * unless it is a number beyond doubt, with at most 12 digits before the point and 6 after it.
 */
export function readNumber(typed: string, locale: string): string | null {
  const { digits, patterns } = notationOf(locale);
  const text = Array.from(tidy(typed), (character) => asciiDigit(character, digits)).join('');
  const found = patterns.map((pattern) => pattern.exec(text)).find((match) => match !== null);
  if (!found) return null;
  const { whole = '', fraction } = found.groups ?? {};
  const decimal = whole.replace(/[^\d-]/g, '') + (fraction ? `.${fraction}` : '');
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(decimal) ? decimal : null;
}

/** What stands between whole and fraction in a locale: ',' in German. */
export const decimalMark = (locale: string): string => notationOf(locale).mark;
