import { isId } from '../../db/ids.js';
import { decimalIn, type Fields, many } from './field_values.js';

/** The columns of a form's lines. Their fields are named line_description and so on, with a value for each row. */
export const COLUMNS = [
  'id',
  'origin',
  'item',
  'group',
  'description',
  'quantity',
  'unit',
  'price',
  'discount',
  'tax',
  'tax_2',
  'tax_3',
  'choice',
  'delivery',
] as const;

export type TypedRow = Record<(typeof COLUMNS)[number], string>;

/** The form's rows as they were typed. */
export function typedRows(fields: Fields): TypedRow[] {
  const columns = COLUMNS.map((name) => [name, many(fields, `line_${name}`)] as const);
  const count = Math.max(0, ...columns.map(([, column]) => column.length));
  return Array.from(
    { length: count },
    (_, row) => Object.fromEntries(columns.map(([name, column]) => [name, column[row] ?? ''])) as TypedRow,
  );
}

/** An option that is not selected at first is typed as one value. */
const CHOICES: Record<string, string> = { optional: 'optional', optional_off: 'optional', alternative: 'alternative' };

export const isBlank = ({ description, price }: TypedRow) => !description && !price;

/** The lines of a form's rows, without empty ones: what a schema then checks. */
export function readLines(fields: Fields, locale: string): object[] {
  const answer = many(fields, 'partner_taxes').filter(isId);
  return typedRows(fields)
    .filter((row) => !isBlank(row))
    .map((row) => ({
      ...(isId(row.id) ? { id: row.id } : {}),
      origin_line: isId(row.origin) ? row.origin : null,
      group_name: row.group,
      description: row.description,
      unit: row.unit,
      quantity: decimalIn(row.quantity, locale),
      unit_price: decimalIn(row.price, locale),
      discount_percent: decimalIn(row.discount, locale),
      ...readTax(row, locale, answer),
      choice: CHOICES[row.choice] ?? '',
      picked: row.choice !== 'optional_off',
      delivery_on: row.delivery || null,
    }));
}

/** The items that the lines are of, in their order. */
export const readItems = (fields: Fields): (string | null)[] =>
  typedRows(fields)
    .filter((row) => !isBlank(row))
    .map(({ item }) => (isId(item) ? item : null));

/** A percentage, what the partner pays (by the answer of the same form), or the ids of one or several taxes. */
function readTax({ tax, tax_2, tax_3 }: TypedRow, locale: string, answer: readonly string[]): object {
  const more = [tax_2, tax_3].filter(isId);
  if (tax === 'partner') return { taxes: more.length ? [...answer, ...more] : tax };
  const ids = [tax, ...more].filter(isId);
  return ids.length ? { taxes: ids } : { tax_rate: decimalIn(tax, locale) };
}

/** The columns of the schema whose fields have another name in the form. */
const FIELD_NAMES: Record<string, string> = {
  unit_price: 'price',
  discount_percent: 'discount',
  tax_rate: 'tax',
  taxes: 'tax',
  group_name: 'group',
  delivery_on: 'delivery',
};

/** A line's field in the form, by its name in the schema: 'line_price'. */
export const lineField = (name: string) => `line_${FIELD_NAMES[name] ?? name}`;
