import { isId } from '../db/ids.js';
import { isDay } from '../pages/typed.js';
import { type Counted, counted, type Line } from './content.js';
import { parseDecimal } from './decimals.js';

/** What the form of a draft says: its content, and the contacts who will get it (ids, yet to be checked). */
export interface Draft {
  content: Counted;
  recipient_ids: string[];
}

type Errors = Record<string, string>;
type Fields = Record<string, unknown>;

export const one = (fields: Fields, name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');
/** A field that comes any number of times; forms name it with brackets behind it. */
export const many = (fields: Fields, name: string): string[] =>
  [fields[name] ?? fields[`${name}[]`] ?? []].flat().map((value) => (typeof value === 'string' ? value.trim() : ''));

/**
 * Reads the form of a draft. Lines come as repeated fields (line_description, line_quantity, line_unit, line_price, line_discount, line_tax),
 * recipients as repeated `recipient`. Rows left wholly empty are dropped. Errors are by field; those of lines are named 'line_price.2' (row from 0).
 */
export function parseDraft(fields: Fields, locale: string, currency: string): { draft?: Draft; errors: Errors } {
  const errors: Errors = {};
  const lines = parseLines(fields, locale, errors);
  const issued_on = one(fields, 'issued_on');
  const due_on = one(fields, 'due_on');
  const texts = { title: one(fields, 'title'), terms: one(fields, 'terms'), note: one(fields, 'note') };
  if (!isDay(issued_on)) errors['issued_on'] = 'Give a date.';
  if (due_on && !isDay(due_on)) errors['due_on'] = 'Give a date.';
  if (isDay(issued_on) && isDay(due_on) && due_on < issued_on) errors['due_on'] = 'It can’t be due before its date.';
  if (texts.title.length > 200) errors['title'] = 'Use at most 200 characters.';
  for (const name of ['terms', 'note'] as const) if (texts[name].length > 5000) errors[name] = 'Use at most 5,000 characters.';
  if (Object.keys(errors).length) return { errors };
  const content = counted({
    ...texts,
    currency,
    issued_on,
    due_on: due_on || null,
    partial_payments: one(fields, 'partial_payments') !== '',
    lines,
  });
  if (![content.total, ...content.lines.map(({ amount }) => amount)].every(Number.isSafeInteger) || content.total < 0)
    return { errors: { form: 'The total must be a positive amount.' } };
  return { draft: { content, recipient_ids: many(fields, 'recipient').filter(isId) }, errors };
}

type Typed = Omit<Line, 'position' | 'amount'>;

function parseLines(fields: Fields, locale: string, errors: Errors): Typed[] {
  const columns = ['line_description', 'line_quantity', 'line_unit', 'line_price', 'line_discount', 'line_tax'].map((name) =>
    many(fields, name),
  );
  const rows = Math.min(500, Math.max(...columns.map((column) => column.length)));
  const lines: Typed[] = [];
  for (let row = 0; row < rows; row++) {
    const [description = '', quantity = '', unit = '', price = '', discount = '', tax = ''] = columns.map((column) => column[row] ?? '');
    if (![description, price].some(Boolean)) continue;
    // No more decimals than are kept: what is stored must count to the same amount.
    const decimal = (name: string, typed: string, fallback: string, [least, most, places]: [number, number, number]) => {
      const value = typed === '' ? fallback : parseDecimal(typed, locale);
      if (value === null) errors[`${name}.${row}`] = 'Give a number.';
      else if (Number(value) < least || Number(value) > most) errors[`${name}.${row}`] = 'This is too small or too large.';
      else if ((value.split('.')[1] ?? '').length > places) errors[`${name}.${row}`] = 'Use at most 4 decimals.';
      return value ?? '0';
    };
    if (!description) errors[`line_description.${row}`] = 'Say what it is.';
    if (description.length > 2000) errors[`line_description.${row}`] = 'Use at most 2,000 characters.';
    lines.push({
      description,
      unit: unit.slice(0, 40),
      quantity: decimal('line_quantity', quantity, '1', [-1e9, 1e9, 4]),
      unit_price: decimal('line_price', price, '0', [-1e11, 1e11, 6]),
      discount_percent: decimal('line_discount', discount, '0', [0, 100, 4]),
      tax_rate: decimal('line_tax', tax, '0', [0, 100, 4]),
    });
  }
  return lines;
}
