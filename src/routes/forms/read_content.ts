import { isId } from '../../db/ids.js';
import { decimalIn, type Fields, many, one } from './field_values.js';
import { isBlank, lineField, readItems, readLines, typedRows } from './read_lines.js';

const TEXTS = ['title', 'issued_on', 'reference', 'terms', 'note'] as const;
const DAYS = ['due_on', 'delivery_on'] as const;
export const SWITCHES = [
  ...(['partial_payments', 'card_allowed', 'bank_debit_allowed'] as const),
  ...(['reference_required', 'signature_required', 'tax_included'] as const),
] as const;

/** The content of a document from the form of a draft: what its schema then checks. */
export const readContent = (fields: Fields, locale: string): object => ({
  ...Object.fromEntries(TEXTS.map((name) => [name, one(fields, name)])),
  ...Object.fromEntries(DAYS.map((name) => [name, one(fields, name) || null])),
  ...Object.fromEntries(SWITCHES.map((name) => [name, one(fields, name) !== ''])),
  deposit_percent: decimalIn(one(fields, 'deposit_percent').replace(/\s*%$/, ''), locale),
  lines: readLines(fields, locale),
  ...(many(fields, 'line_item').length ? { items: readItems(fields) } : {}),
  recipients: many(fields, 'recipient').filter(isId),
  ...readPartnerTaxes(fields),
  ...readUntaxed(fields),
  project: isId(one(fields, 'project')) ? one(fields, 'project') : null,
});

/** What was answered, where the form asks. It may be saved without an answer, but not sent. */
function readPartnerTaxes(fields: Fields): { partner_taxes?: string[] | null } {
  const [first = '', ...more] = many(fields, 'partner_taxes');
  if (first === '') return fields['preview'] && fields['partner_taxes[]'] !== undefined ? { partner_taxes: null } : {};
  return { partner_taxes: [first, ...more].filter(isId) };
}

/** Why a vendor charges no tax. */
function readUntaxed(fields: Fields): { untaxed?: { category: string; note: string } } {
  const category = one(fields, 'untaxed');
  return category ? { untaxed: { category, note: one(fields, 'untaxed_note') } } : {};
}

/** The form's field for a path of the content's schema: 'lines.0.unit_price' is 'line_price.1' if row 0 is empty. */
export function contentField([name = 'form', index, column]: string[], fields: Fields): string {
  if (name === 'recipients') return 'recipient';
  if (name === 'untaxed' && index === 'note') return 'untaxed_note';
  if (name !== 'lines' || column === undefined) return name;
  const rows = typedRows(fields).flatMap((row, number) => (isBlank(row) ? [] : [number]));
  // Sent without its lines, it is shown as it is saved.
  return `${lineField(column)}.${rows[Number(index)] ?? index}`;
}
