import { Invalid } from '../../../errors.js';

/** A typed number and the name of its cell. */
export interface NumberCell {
  cell: string;
  typed: string;
}

/** How numbers are written: thousands and decimals as in 1,234.50 or as in 1.234,50. */
const FORMATS = {
  dot: { pattern: /^-?(\d{1,3}([,' ]\d{3})+|\d+)(\.\d+)?$/, groups: /[,' ]/g, mark: '.' },
  comma: { pattern: /^-?(\d{1,3}([.' ]\d{3})+|\d+)(,\d+)?$/, groups: /[.' ]/g, mark: ',' },
} as const;

type Format = keyof typeof FORMATS;

const BOTH: readonly Format[] = ['dot', 'comma'];

/** What the numbers of a column may be. */
interface NumberRules {
  min: number;
  max: number;
  /** After the point. */
  decimals: number;
  /** They may have a percent sign. */
  percent?: boolean;
  /** They are amounts in it, ISO 4217, and may say so. */
  currency?: string;
}

/** A minus may be its own sign, at either end, or brackets, as accountants write it. */
const bare = (typed: string, { percent, currency }: NumberRules) => {
  const plain = typed
    .replace(/[\u00a0\u202f\u2009]/g, ' ')
    .replaceAll('’', "'")
    .replaceAll('−', '-')
    .replace(/^\((.+)\)$/, '-$1')
    .replace(/^(.+?)-$/, '-$1')
    .trim();
  if (currency) return plain.replace(/^(-?)\s*(?:[A-Z]{3}\s|[$€£¥]\s?)/, '$1').replace(/\s?(?:[$€£¥]|[A-Z]{3})$/, '');
  return percent ? plain.replace(/\s?%$/, '') : plain;
};

/** Of which currencies a sign is, by the ends of their codes. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  $: /D$|^MXN$|^ARS$|^CLP$|^COP$/,
  '€': /^EUR$/,
  '£': /^GBP$/,
  '¥': /^JPY$|^CNY$/,
};

/** Whether it names another currency than the column's. */
function isForeign(typed: string, { currency }: NumberRules): boolean {
  if (!currency) return false;
  const [named] = /[A-Z]{3}|[$€£¥]/.exec(typed) ?? [];
  if (!named) return false;
  const sign = SIGNS[named];
  return sign ? !sign.test(currency) : named !== currency;
}

const readAs = (typed: string, format: Format): string | null => {
  const { pattern, groups, mark } = FORMATS[format];
  return pattern.test(typed) ? typed.replace(groups, '').replace(mark, '.') : null;
};

/**
 * The numbers of a column as decimal strings, all in the one way of writing that fits them.
 * @throws Invalid that names the cell that is no number, is written in another way than those above it, or might mean
 * two numbers
 */
export function readColumn(cells: readonly NumberCell[], rules: NumberRules): string[] {
  let left = BOTH;
  for (const { cell, typed } of cells) {
    const fitting = BOTH.filter((format) => readAs(bare(typed, rules), format) !== null);
    const values = { cell, typed: typed.slice(0, 40) };
    if (isForeign(typed, rules))
      throw new Invalid(
        { sheet: 'Cell {{cell}}: “{{typed}}” is not in {{currency}}, the currency of this budget.' },
        { ...values, currency: rules.currency ?? '' },
      );
    if (!fitting.length) throw new Invalid({ sheet: 'Cell {{cell}}: “{{typed}}” is not a number.' }, values);
    const still = left.filter((format) => fitting.includes(format));
    if (!still.length)
      throw new Invalid(
        { sheet: 'Cell {{cell}}: “{{typed}}” is written in another number format than the cells above it.' },
        values,
      );
    left = still;
  }
  refuseAmbiguous(cells, left, rules);
  const [format = 'dot'] = left;
  return cells.map(({ cell, typed }) => within(readAs(bare(typed, rules), format) ?? '', { cell, typed }, rules));
}

/** @throws Invalid unless it is within the limits of its column */
function within(decimal: string, { cell, typed }: NumberCell, { min, max, decimals }: NumberRules): string {
  const values = { cell, typed: typed.slice(0, 40) };
  if (Number(decimal) < min) throw new Invalid({ sheet: 'Cell {{cell}}: “{{typed}}” is too small.' }, values);
  if (Number(decimal) > max) throw new Invalid({ sheet: 'Cell {{cell}}: “{{typed}}” is too large.' }, values);
  if ((decimal.split('.')[1] ?? '').length > decimals)
    throw new Invalid({ sheet: 'Cell {{cell}}: “{{typed}}” has too many decimals.' }, values);
  return decimal;
}

/** @throws Invalid for the first that means another number in each format that is left */
function refuseAmbiguous(cells: readonly NumberCell[], left: readonly Format[], rules: NumberRules): void {
  if (left.length < 2) return;
  const read = (typed: string, format: Format) => readAs(bare(typed, rules), format);
  const wrong = cells.find(({ typed }) => read(typed, 'dot') !== read(typed, 'comma'));
  if (!wrong) return;
  const [one = '', other = ''] = BOTH.map((format) => read(wrong.typed, format) ?? '');
  const values = { cell: wrong.cell, typed: wrong.typed, one, other };
  throw new Invalid(
    { sheet: 'Cell {{cell}}: “{{typed}}” could be {{one}} or {{other}}. Write the column with two decimals.' },
    values,
  );
}
