import { isId } from '../../db/ids.js';
import { isDay } from '../../pages/valid_input.js';
import type { NewLine } from '../content/content.js';
import { parseDecimal } from '../content/decimals.js';
import { type Errors, type Fields, many } from '../content/field_values.js';

/** The columns of the form's lines. Their fields are named line_description and so on, with a value for each row. */
export const COLUMNS = [
  'id',
  'origin',
  'group',
  'description',
  'quantity',
  'unit',
  'price',
  'discount',
  'tax',
  'choice',
  'delivery',
] as const;

export type TypedRow = Record<(typeof COLUMNS)[number], string>;
const MAX_ROWS = 500;

/** The form's rows as they were typed. */
export function parseRows(fields: Fields): TypedRow[] {
  const columns = COLUMNS.map((name) => [name, many(fields, `line_${name}`)] as const);
  const count = Math.min(MAX_ROWS, Math.max(0, ...columns.map(([, column]) => column.length)));
  return Array.from(
    { length: count },
    (_, row) => Object.fromEntries(columns.map(([name, column]) => [name, column[row] ?? ''])) as TypedRow,
  );
}

/** Minimum, maximum and decimals; those that the database stores, so that the amount stays the same. */
const LIMITS = { quantity: [0, 1e7, 4], price: [-1e11, 1e11, 6], discount: [0, 100, 4], tax: [0, 100, 4] } as const;
const CHOICES: Record<string, NewLine['choice']> = {
  optional: 'optional',
  optional_off: 'optional',
  alternative: 'alternative',
};

/** Parses the form's lines, without empty rows; without a price, a line costs nothing. Adds to `errors` by field. */
export function parseLines(fields: Fields, locale: string, errors: Errors): NewLine[] {
  if (many(fields, 'line_description').length > MAX_ROWS) errors['lines'] = `Use at most ${MAX_ROWS} lines.`;
  return parseRows(fields).flatMap((row, index) => {
    if (!row.description && !row.price) return [];
    const wrong = (column: string, message: string) => (errors[`line_${column}.${index}`] = message);
    if (!row.description) wrong('description', 'Say what it is.');
    if (row.description.length > 2000) wrong('description', 'Use at most 2,000 characters.');
    if (row.delivery && !isDay(row.delivery)) wrong('delivery', 'Give a date.');
    const decimal = (column: keyof typeof LIMITS, fallback: string) =>
      parseNumber(row[column], fallback, LIMITS[column], locale, (message) => wrong(column, message));
    return {
      id: isId(row.id) ? row.id : null,
      origin_line: isId(row.origin) ? row.origin : null,
      group_name: row.group.slice(0, 200),
      description: row.description,
      unit: row.unit.slice(0, 40),
      quantity: decimal('quantity', '1'),
      unit_price: decimal('price', '0'),
      discount_percent: decimal('discount', '0'),
      tax_rate: decimal('tax', '0'),
      choice: CHOICES[row.choice] ?? '',
      picked: row.choice !== 'optional_off',
      refused: false,
      delivery_on: row.delivery || null,
    };
  });
}

/** A typed number as a decimal string. Calls `wrong` with a message if it is none, or beyond its limits. */
export function parseNumber(
  typed: string,
  fallback: string,
  [min, max, decimals]: readonly [number, number, number],
  locale: string,
  wrong: (message: string) => void,
): string {
  const value = typed === '' ? fallback : parseDecimal(typed, locale);
  if (value === null) wrong('Give a number.');
  else if (Number(value) < min) wrong(min === 0 ? 'This can’t be below zero.' : 'This is too small.');
  else if (Number(value) > max) wrong('This is too large.');
  else if ((value.split('.')[1] ?? '').length > decimals) wrong(`Use at most ${decimals} decimals.`);
  return value ?? '0';
}
