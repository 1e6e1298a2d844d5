import type { Content, Line } from '../../documents/content/content.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { type Fields, many, one } from './field_values.js';
import { SWITCHES } from './read_content.js';
import { COLUMNS, type TypedRow, typedRows } from './read_lines.js';
import { typedTotals } from './typed_prices.js';

export type { TypedRow } from './read_lines.js';

const FIELDS = [
  'title',
  'issued_on',
  'due_on',
  'delivery_on',
  'currency',
  'reference',
  'terms',
  'note',
  'deposit_percent',
  'project',
  'message',
] as const;

type Values = Record<(typeof FIELDS)[number] | (typeof SWITCHES)[number], string>;

/** A draft's form as it is filled in, valid or not: numbers as typed in the author's locale; switches 'on' or ''. */
export interface DraftForm {
  values: Values;
  rows: TypedRow[];
  recipient_ids: string[];
}

/** The form as it was sent, with the row that its buttons (which work without a script) add or remove. */
export function draftForm(fields: Fields): DraftForm {
  const removed = one(fields, 'remove_line') === '' ? -1 : Number(one(fields, 'remove_line'));
  const rows = typedRows(fields).filter((_, index) => index !== removed);
  const texts = FIELDS.map((name) => [name, one(fields, name)]);
  const switches = SWITCHES.map((name) => [name, one(fields, name) && 'on']);
  return {
    values: Object.fromEntries([...texts, ...switches]) as Values,
    rows: one(fields, 'add_line') ? [...rows, blankRow(rows.at(-1)?.tax)] : rows,
    recipient_ids: many(fields, 'recipient'),
  };
}

/** Whether the button that was clicked only adds or removes a row: then nothing is to be saved. */
export const changesRows = (fields: Fields) => one(fields, 'add_line') !== '' || one(fields, 'remove_line') !== '';

/** An empty row, but for the tax rate. */
export const blankRow = (tax = ''): TypedRow => ({
  ...(Object.fromEntries(COLUMNS.map((name) => [name, ''])) as TypedRow),
  tax,
});

/** The values of an empty form, but for those given. */
export const draftFormValues = (given: Partial<Values>): Values => ({
  ...(Object.fromEntries([...FIELDS, ...SWITCHES].map((name) => [name, ''])) as Values),
  ...given,
});

/** The form of a document's content, with an empty row at the end. */
export function toDraftForm(
  content: Content,
  recipient_ids: string[],
  project_id: string | null,
  locale: string,
): DraftForm {
  const { title, issued_on, due_on, delivery_on, currency, terms, note } = content;
  const rows = content.lines.map((line) => typedRow(line, locale));
  const switchValue = (name: (typeof SWITCHES)[number]) => (content[name] ? 'on' : '');
  return {
    values: draftFormValues({
      ...{ title, issued_on, due_on: due_on ?? '', delivery_on: delivery_on ?? '', currency, terms, note },
      reference: content.reference ?? '',
      deposit_percent: Number(content.deposit_percent ?? 0) ? formatDecimalInput(content.deposit_percent, locale) : '',
      project: project_id ?? '',
      ...Object.fromEntries(SWITCHES.map((name) => [name, switchValue(name)])),
    }),
    rows: [...rows, blankRow(rows.at(-1)?.tax)],
    recipient_ids,
  };
}

function typedRow(line: Line, locale: string): TypedRow {
  const plain = (decimal: string) => formatDecimalInput(decimal, locale);
  return {
    id: line.id ?? '',
    origin: line.origin_line ?? '',
    group: line.group_name ?? '',
    description: line.description,
    unit: line.unit,
    quantity: plain(line.quantity),
    price: plain(line.unit_price),
    tax: plain(line.tax_rate),
    discount: Number(line.discount_percent) ? plain(line.discount_percent) : '',
    choice: line.choice === 'optional' && !line.picked ? 'optional_off' : (line.choice ?? ''),
    delivery: line.delivery_on ?? '',
  };
}

/** The amount of each row in minor units (null: it has none), and the totals of those that have one. */
export const draftFormTotals = (
  { rows, values }: Pick<DraftForm, 'rows' | 'values'>,
  locale: string,
  currency: string,
) => typedTotals(rows, locale, currency, values.tax_included === 'on');
