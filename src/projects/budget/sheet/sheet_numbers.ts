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

/** Without currency, percent sign and odd spaces. */
const bare = (typed: string) =>
  typed
    .replace(/[\u00a0\u202f\u2009]/g, ' ')
    .replaceAll('’', "'")
    .replace('−', '-')
    .replace(/^(-?)\s*(?:[A-Z]{3}\s|[$€£¥]\s?)/, '$1')
    .replace(/\s?(?:[$€£¥%]|[A-Z]{3})$/, '')
    .trim();

const readAs = (typed: string, format: Format): string | null => {
  const { pattern, groups, mark } = FORMATS[format];
  return pattern.test(typed) ? typed.replace(groups, '').replace(mark, '.') : null;
};

/**
 * The numbers of a column as decimal strings, all in the one way of writing that fits them.
 * @throws Invalid that names the cell that is no number, is written in another way than those above it, or might mean
 * two numbers
 */
export function readColumn(cells: readonly NumberCell[]): string[] {
  let left = BOTH;
  for (const { cell, typed } of cells) {
    const fitting = BOTH.filter((format) => readAs(bare(typed), format) !== null);
    const values = { cell, typed: typed.slice(0, 40) };
    if (!fitting.length) throw new Invalid({ sheet: 'Cell {{cell}}: “{{typed}}” is not a number.' }, values);
    const still = left.filter((format) => fitting.includes(format));
    if (!still.length)
      throw new Invalid(
        { sheet: 'Cell {{cell}}: “{{typed}}” is written in another number format than the cells above it.' },
        values,
      );
    left = still;
  }
  refuseAmbiguous(cells, left);
  const [format = 'dot'] = left;
  return cells.map(({ typed }) => readAs(bare(typed), format) ?? '');
}

/** @throws Invalid for the first that means another number in each format that is left */
function refuseAmbiguous(cells: readonly NumberCell[], left: readonly Format[]): void {
  if (left.length < 2) return;
  const wrong = cells.find(({ typed }) => readAs(bare(typed), 'dot') !== readAs(bare(typed), 'comma'));
  if (!wrong) return;
  const [one = '', other = ''] = BOTH.map((format) => readAs(bare(wrong.typed), format) ?? '');
  const values = { cell: wrong.cell, typed: wrong.typed, one, other };
  throw new Invalid(
    { sheet: 'Cell {{cell}}: “{{typed}}” could be {{one}} or {{other}}. Write the column with two decimals.' },
    values,
  );
}
