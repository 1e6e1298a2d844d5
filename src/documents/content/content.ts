import { createHash } from 'node:crypto';
import Big from 'big.js';
import { newId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import { lineAmount, type NamedRate, type Priced, type Totals, totalsOf, withOnePick } from './totals.js';

/** A tax of a line, as it was when it was chosen. */
export interface LineTax extends NamedRate {
  id: string;
  /** As EN 16931 has it. */
  category: string;
  /** What the document must say with it. */
  note: string;
}

export interface Line extends Priced {
  id: string;
  position: number;
  /** Its group's heading; '' for none. */
  group_name: string;
  description: string;
  unit: string;
  delivery_on: string | null;
  /** The line that it was made from, in the document's origin. */
  origin_line: string | null;
  amount: number;
  /** Old versions have none. */
  taxes?: LineTax[];
}

/** A document apart from its number and parties: what the form of a draft edits. Days are ISO 8601. */
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
  /** It can be paid by card or bank debit, as far as the organization takes that online. Left out: it can. */
  card_allowed?: boolean | undefined;
  bank_debit_allowed?: boolean | undefined;
  reference_required: boolean;
  signature_required: boolean;
  tax_included: boolean;
  /** Percent, as a decimal string. */
  deposit_percent: string;
  lines: Line[];
}

export type ContentWithTotals = Content & Totals;

/** The columns of `documents` with content, in the order in which they are hashed. */
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
  'card_allowed',
  'bank_debit_allowed',
  'reference_required',
  'signature_required',
  'tax_included',
  'deposit_percent',
] as const;

/** The columns of `lines`, in the order in which they are hashed. */
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
  'taxes',
] as const;

const DECIMALS = ['quantity', 'unit_price', 'discount_percent', 'tax_rate'] as const;
const plain = (decimal: string) => Big(decimal).toString();

/** A line before its position and amount are computed; without an id if it is new. */
export type NewLine = Omit<Line, 'position' | 'amount' | 'id'> & { id?: string | null | undefined };

/** Numbers the lines, computes amounts and totals, and normalizes decimals, so that equal content hashes equally. */
export function withTotals(content: Omit<Content, 'lines'> & { lines: NewLine[] }): ContentWithTotals {
  const { title, currency, issued_on, due_on, delivery_on, reference, terms, note } = content;
  const { partial_payments, card_allowed = true, bank_debit_allowed = true } = content;
  const { reference_required, signature_required, tax_included } = content;
  const used = new Set<string>();
  const uniqueId = (id: string | null | undefined) => (id && !used.has(id) && used.add(id) ? id : newId());
  const lines = withOnePick(content.lines).map((line, index) =>
    lineWithAmount({ ...line, id: uniqueId(line.id) }, index + 1, currency),
  );
  return {
    ...{ title, currency, issued_on, due_on, delivery_on, reference, terms, note },
    ...{ partial_payments, card_allowed, bank_debit_allowed },
    ...{ reference_required, signature_required, tax_included },
    deposit_percent: plain(content.deposit_percent),
    lines,
    ...totalsOf(lines, currency, tax_included),
  };
}

/** As `withTotals`. @throws Invalid if an amount is too large to be exact. */
export function validatedTotals(content: Parameters<typeof withTotals>[0]): ContentWithTotals {
  const result = withTotals(content);
  if (![result.total, ...result.lines.map(({ amount }) => amount)].every(Number.isSafeInteger))
    throw new Invalid({ form: 'This comes to more than can be counted.' });
  return result;
}

function lineWithAmount(line: NewLine & { id: string }, position: number, currency: string): Line {
  const { group_name, description, unit, choice, picked, refused, delivery_on, origin_line } = line;
  const [quantity, unit_price, discount_percent, tax_rate] = DECIMALS.map((name) => plain(line[name])) as [
    string,
    string,
    string,
    string,
  ];
  const priced = { quantity, unit, unit_price, discount_percent, tax_rate, choice, picked, refused };
  const amount = lineAmount(priced, currency);
  const taxes = (line.taxes ?? []).map(normalizedTax);
  return {
    ...{ id: line.id, position, group_name, description, ...priced, delivery_on, origin_line, amount },
    ...(taxes.length ? { taxes } : {}),
  };
}

/** With its keys in one order, whatever the database made of it. */
const normalizedTax = ({ id, name, rate, category, note }: LineTax): LineTax => ({
  ...{ id, name, rate: plain(rate), category, note },
});

/** SHA-256 (hex) over the JSON text of content or a snapshot; the order of its keys counts. */
export const hashOfContent = (json: string) => createHash('sha256').update(json).digest('hex');
