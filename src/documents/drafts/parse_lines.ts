import { isId } from '../../db/ids.js';
import { isDay } from '../../pages/valid_input.js';
import type { NewLine } from '../content/content.js';
import { parseDecimal } from '../content/decimals.js';
import { type Errors, type Fields, many } from '../content/field_values.js';

/**
 * The columns of a draft's line form, as their fields are named: line_description and so on, one value for each row.
 */
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
export const MAX_ROWS = 500;

/** The rows of the form as they were typed. */
export function parseRows(fields: Fields): TypedRow[] {
  const columns = COLUMNS.map((name) => [name, many(fields, `line_${name}`)] as const);
  const count = Math.min(MAX_ROWS, Math.max(0, ...columns.map(([, column]) => column.length)));
  return Array.from(
    { length: count },
    (_, row) => Object.fromEntries(columns.map(([name, column]) => [name, column[row] ?? ''])) as TypedRow,
  );
}

/**
 * Quantity, price, discount, tax: least, most, and decimals. No more than are kept: what is stored must count to the
 * same amount.
 */
const LIMITS = { quantity: [0, 1e7, 4], price: [-1e11, 1e11, 6], discount: [0, 100, 4], tax: [0, 100, 4] } as const;
const CHOICES: Record<string, NewLine['choice']> = {
  optional: 'optional',
  optional_off: 'optional',
  alternative: 'alternative',
};

/**
 * Reads the lines of a draft's form. Rows left wholly empty are dropped; a row with only a group and words, but no
 * price, is a line at no cost. Puts what is wrong into `errors`, by field and row.
 */
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

/** What was typed as a decimal string, within its limits; says what is wrong with it, and is then '0'. */
export function parseNumber(
  typed: string,
  fallback: string,
  [least, most, places]: readonly [number, number, number],
  locale: string,
  wrong: (message: string) => void,
): string {
  const value = typed === '' ? fallback : parseDecimal(typed, locale);
  if (value === null) wrong('Give a number.');
  else if (Number(value) < least) wrong(least === 0 ? 'This can’t be below zero.' : 'This is too small.');
  else if (Number(value) > most) wrong('This is too large.');
  else if ((value.split('.')[1] ?? '').length > places) wrong(`Use at most ${places} decimals.`);
  return value ?? '0';
}
