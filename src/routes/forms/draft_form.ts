import type { Content, Line } from '../../documents/content/content.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { isSaid } from '../../documents/taxes/said_taxes.js';
import { type Fields, many, one } from './field_values.js';
import { SWITCHES } from './read_content.js';
import { COLUMNS, type TypedRow, typedRows } from './read_lines.js';
import { type TypedTaxes, typedTotals } from './typed_prices.js';

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
  'untaxed',
  'untaxed_note',
  'project',
  'message',
] as const;

type Values = Record<(typeof FIELDS)[number] | (typeof SWITCHES)[number], string>;

/** A draft's form as it is filled in, valid or not: numbers as typed in the author's locale; switches 'on' or ''. */
export interface DraftForm {
  values: Values;
  rows: TypedRow[];
  recipient_ids: string[];
  /** What was answered on the taxes that the partner pays. */
  partner_taxes: string[];
}

/** The form as it was sent, with the row that its buttons (which work without a script) add or remove. */
export function draftForm(fields: Fields): DraftForm {
  const removed = one(fields, 'remove_line') === '' ? -1 : Number(one(fields, 'remove_line'));
  const rows = typedRows(fields).filter((_, index) => index !== removed);
  const texts = FIELDS.map((name) => [name, one(fields, name)]);
  const switches = SWITCHES.map((name) => [name, one(fields, name) && 'on']);
  return {
    values: Object.fromEntries([...texts, ...switches]) as Values,
    rows: one(fields, 'add_line') ? [...rows, blankRow(rows.at(-1))] : rows,
    recipient_ids: many(fields, 'recipient'),
    partner_taxes: many(fields, 'partner_taxes'),
  };
}

/** Whether the button that was clicked only adds or removes a row: then nothing is to be saved. */
export const changesRows = (fields: Fields) => one(fields, 'add_line') !== '' || one(fields, 'remove_line') !== '';

/** An empty row, but for the taxes. */
export const blankRow = ({ tax = '', tax_2 = '', tax_3 = '' }: Partial<TypedRow> = {}): TypedRow => ({
  ...(Object.fromEntries(COLUMNS.map((name) => [name, ''])) as TypedRow),
  ...{ tax, tax_2, tax_3 },
});

/** The values of an empty form, but for those given. */
export const draftFormValues = (given: Partial<Values>): Values => ({
  ...(Object.fromEntries([...FIELDS, ...SWITCHES].map((name) => [name, ''])) as Values),
  ...given,
});

interface FormContext {
  recipient_ids: string[];
  project_id: string | null;
  /** The items of its lines, by their ids. */
  items?: Readonly<Record<string, string>>;
}

/** The form of a document's content, with an empty row at the end; taxes by their ids if they are `named`. */
export function toDraftForm(
  content: Content,
  named: boolean,
  locale: string,
  { recipient_ids, project_id, items = {} }: FormContext,
): DraftForm {
  const { title, issued_on, due_on, delivery_on, currency, terms, note } = content;
  const rows = content.lines.map((line) => ({ ...typedRow(line, named, locale), item: items[line.id] ?? '' }));
  const said = content.lines.flatMap(({ taxes = [] }) => taxes).find(isSaid);
  const switchValue = (name: (typeof SWITCHES)[number]) => (content[name] ? 'on' : '');
  return {
    values: draftFormValues({
      ...{ title, issued_on, due_on: due_on ?? '', delivery_on: delivery_on ?? '', currency, terms, note },
      reference: content.reference ?? '',
      deposit_percent: Number(content.deposit_percent ?? 0) ? formatDecimalInput(content.deposit_percent, locale) : '',
      project: project_id ?? '',
      ...(said ? { untaxed: said.category, untaxed_note: said.note } : {}),
      ...Object.fromEntries(SWITCHES.map((name) => [name, switchValue(name)])),
    }),
    rows: [...rows, blankRow(rows.at(-1))],
    recipient_ids,
    partner_taxes: [],
  };
}

function typedRow(line: Line, named: boolean, locale: string): Omit<TypedRow, 'item'> {
  const plain = (decimal: string) => formatDecimalInput(decimal, locale);
  const [tax = plain(line.tax_rate), tax_2 = '', tax_3 = ''] = named ? (line.taxes ?? []).map(({ id }) => id) : [];
  return {
    id: line.id ?? '',
    origin: line.origin_line ?? '',
    group: line.group_name ?? '',
    description: line.description,
    unit: line.unit,
    quantity: plain(line.quantity),
    price: plain(line.unit_price),
    ...{ tax, tax_2, tax_3 },
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
  taxes?: TypedTaxes,
) => typedTotals(rows, locale, currency, values.tax_included === 'on', taxes);
