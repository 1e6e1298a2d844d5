import { createHash } from 'node:crypto';
import Big from 'big.js';
import { newId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import { lineAmount, type Priced, type Totals, totalsOf } from './totals.js';

export interface Line extends Priced {
  id: string;
  position: number;
  /** The heading that it stands under; '' for none. */
  group_name: string;
  description: string;
  unit: string;
  delivery_on: string | null;
  /** The line of the document it was made from, if it answers one. */
  origin_line: string | null;
  amount: number;
}

/** What a document says, apart from its number and the parties: what a draft's form edits. Days are ISO 8601. */
export interface Content {
  title: string;
  currency: string;
  issued_on: string;
  due_on: string | null;
  delivery_on: string | null;
  reference: string;
  terms: string;
  note: string;
  partial_payments: boolean;
  reference_required: boolean;
  signature_required: boolean;
  tax_included: boolean;
  /** Percent, as a decimal string. */
  deposit_percent: string;
  lines: Line[];
}

/** The same content with its sums. */
export type ContentWithTotals = Content & Totals;

/** The columns of a document that its content is kept in, in the order in which they are hashed. */
export const CONTENT = [
  'title',
  'currency',
  'issued_on',
  'due_on',
  'delivery_on',
  'reference',
  'terms',
  'note',
  'partial_payments',
  'reference_required',
  'signature_required',
  'tax_included',
  'deposit_percent',
] as const;

/** The columns of a line, in the order in which they are hashed. */
export const LINE = [
  'id',
  'position',
  'group_name',
  'description',
  'quantity',
  'unit',
  'unit_price',
  'discount_percent',
  'tax_rate',
  'choice',
  'picked',
  'refused',
  'delivery_on',
  'origin_line',
  'amount',
] as const;

const DECIMALS = ['quantity', 'unit_price', 'discount_percent', 'tax_rate'] as const;
const plain = (decimal: string) => Big(decimal).toString();

/** A line as it is typed: an id only if it was there before. */
export type NewLine = Omit<Line, 'position' | 'amount' | 'id'> & { id?: string | null };

/** Lines numbered and counted anew, decimals in their shortest form, so that equal content is equal to the letter. */
export function withTotals(content: Omit<Content, 'lines'> & { lines: NewLine[] }): ContentWithTotals {
  const { title, currency, issued_on, due_on, delivery_on, reference, terms, note } = content;
  const { partial_payments, reference_required, signature_required, tax_included } = content;
  const seen = new Set<string>();
  const known = (id: string | null | undefined) => (id && !seen.has(id) && seen.add(id) ? id : newId());
  const lines = withOnePick(content.lines).map((line, index) =>
    countedLine({ ...line, id: known(line.id) }, index + 1, currency),
  );
  return {
    ...{ title, currency, issued_on, due_on, delivery_on, reference, terms, note },
    ...{ partial_payments, reference_required, signature_required, tax_included },
    deposit_percent: plain(content.deposit_percent),
    lines,
    ...totalsOf(lines, currency, tax_included),
  };
}

/** The same, @throws Invalid if it comes to more than can be counted exactly. */
export function validatedTotals(content: Parameters<typeof withTotals>[0]): ContentWithTotals {
  const sums = withTotals(content);
  if (![sums.total, ...sums.lines.map(({ amount }) => amount)].every(Number.isSafeInteger))
    throw new Invalid({ form: 'This comes to more than can be counted.' });
  return sums;
}

function countedLine(line: NewLine & { id: string }, position: number, currency: string): Line {
  const { group_name, description, unit, choice, picked, refused, delivery_on, origin_line } = line;
  const [quantity, unit_price, discount_percent, tax_rate] = DECIMALS.map((name) => plain(line[name])) as [
    string,
    string,
    string,
    string,
  ];
  const priced = { quantity, unit, unit_price, discount_percent, tax_rate, choice, picked, refused };
  const amount = lineAmount(priced, currency);
  return { id: line.id, position, group_name, description, ...priced, delivery_on, origin_line, amount };
}

/**
 * Of the alternatives of a group one is picked: the first that is, or else the first. What is no choice is always
 * picked.
 */
export function withOnePick<Row extends Pick<NewLine, 'choice' | 'picked' | 'group_name'>>(lines: Row[]): Row[] {
  const groups = new Map<string, Row>();
  for (const line of lines.filter(({ choice }) => choice === 'alternative')) {
    const known = groups.get(line.group_name);
    if (!known || (!known.picked && line.picked)) groups.set(line.group_name, line);
  }
  return lines.map((line) => ({
    ...line,
    picked: line.choice === '' || (line.choice === 'optional' ? line.picked : groups.get(line.group_name) === line),
  }));
}

/** SHA-256 (hex) over the JSON text of what was shown. Keys stand in the order in which they were made. */
export const hashOfContent = (json: string) => createHash('sha256').update(json).digest('hex');
