import type { Content } from './content.js';
import { parseDecimal, typedDecimal } from './decimals.js';
import { many, one } from './draft.js';
import { lineAmount, type Priced, type Totals, totalsOf } from './totals.js';

const COLUMNS = ['description', 'quantity', 'unit', 'price', 'discount', 'tax'] as const;

export type TypedRow = Record<(typeof COLUMNS)[number], string>;

/** The form of a draft as its fields are filled, right or wrong: numbers as a person of the writer's locale types them. */
export interface TypedDraft {
  values: {
    title: string;
    issued_on: string;
    due_on: string;
    currency: string;
    terms: string;
    note: string;
    partial_payments: string;
    message: string;
  };
  rows: TypedRow[];
  recipient_ids: string[];
}

type Fields = Record<string, unknown>;
const MOST_ROWS = 500;

/** What came back from the form, after the buttons that need no script: one more row, or one less. */
export function typedDraft(fields: Fields): TypedDraft {
  const text = (name: string) => one(fields, name);
  const columns = COLUMNS.map((name) => many(fields, `line_${name}`));
  const count = Math.min(MOST_ROWS, Math.max(0, ...columns.map((column) => column.length)));
  const rows = Array.from({ length: count }, (_, index) => rowOf(columns.map((column) => column[index] ?? '')));
  const removed = text('remove_line') === '' ? -1 : Number(text('remove_line'));
  const kept = rows.filter((_, index) => index !== removed);
  return {
    values: {
      title: text('title'),
      issued_on: text('issued_on'),
      due_on: text('due_on'),
      currency: text('currency'),
      terms: text('terms'),
      note: text('note'),
      partial_payments: text('partial_payments') && 'on',
      message: text('message'),
    },
    rows: text('add_line') ? [...kept, blankRow(kept.at(-1)?.tax)] : kept,
    recipient_ids: many(fields, 'recipient'),
  };
}

/** Whether a button was pressed that only changes the form's rows: nothing is to be saved then. */
export const changesRows = (fields: Fields) => one(fields, 'add_line') !== '' || one(fields, 'remove_line') !== '';

const rowOf = ([description = '', quantity = '', unit = '', price = '', discount = '', tax = '']: string[]): TypedRow => ({
  description,
  quantity,
  unit,
  price,
  discount,
  tax,
});

/** An empty row, with the tax rate that lines have here. */
export const blankRow = (tax = ''): TypedRow => ({ ...rowOf([]), tax });

/** A document's content as its form is filled, with an empty row at the end. */
export function typedOf(content: Content, recipient_ids: string[], locale: string): TypedDraft {
  const { title, issued_on, due_on, currency, terms, note, partial_payments } = content;
  const plain = (decimal: string) => typedDecimal(decimal, locale);
  const rows = content.lines.map(({ description, unit, quantity, unit_price, discount_percent, tax_rate }) => ({
    description,
    unit,
    quantity: plain(quantity),
    price: plain(unit_price),
    tax: plain(tax_rate),
    discount: Number(discount_percent) ? plain(discount_percent) : '',
  }));
  return {
    values: { title, issued_on, due_on: due_on ?? '', currency, terms, note, partial_payments: partial_payments ? 'on' : '', message: '' },
    rows: [...rows, blankRow(rows.at(-1)?.tax)],
    recipient_ids,
  };
}

/** A row's amount in minor units; null while it is empty, or what was typed is no number. */
export function rowAmount(row: TypedRow, locale: string, currency: string): number | null {
  const line = pricedRow(row, locale);
  return line && lineAmount(line, currency);
}

/** The sums over the rows that can be counted. */
export const typedTotals = (rows: TypedRow[], locale: string, currency: string): Totals =>
  totalsOf(
    rows.flatMap((row) => pricedRow(row, locale) ?? []),
    currency,
  );

function pricedRow({ description, quantity, price, discount, tax }: TypedRow, locale: string): Priced | null {
  if (!description && !price) return null;
  const [count, unit_price, discount_percent, tax_rate] = [quantity || '1', price || '0', discount || '0', tax || '0'].map((typed) =>
    parseDecimal(typed, locale),
  );
  if (!count || !unit_price || !discount_percent || !tax_rate) return null;
  return { quantity: count, unit_price, discount_percent, tax_rate };
}
