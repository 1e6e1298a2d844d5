import { createHash } from 'node:crypto';
import Big from 'big.js';
import { lineAmount, type Priced, type Totals, totalsOf } from './totals.js';

export interface Line extends Priced {
  position: number;
  description: string;
  unit: string;
  amount: number;
}

/** What a document says, apart from its number and the parties: what a draft's form edits. Days are ISO 8601. */
export interface Content {
  title: string;
  currency: string;
  issued_on: string;
  due_on: string | null;
  terms: string;
  note: string;
  partial_payments: boolean;
  lines: Line[];
}

/** The same content with its sums. */
export type Counted = Content & Totals;

const plain = (decimal: string) => Big(decimal).toString();

/** Lines numbered and counted anew, decimals in their shortest form, so that equal content is equal to the letter. */
export function counted(content: Omit<Content, 'lines'> & { lines: Omit<Line, 'position' | 'amount'>[] }): Counted {
  const { title, currency, issued_on, due_on, terms, note, partial_payments } = content;
  const lines = content.lines.map(({ description, quantity, unit, unit_price, discount_percent, tax_rate }, index) => {
    const priced = {
      quantity: plain(quantity),
      unit_price: plain(unit_price),
      discount_percent: plain(discount_percent),
      tax_rate: plain(tax_rate),
    };
    return { position: index + 1, description, unit, ...priced, amount: lineAmount(priced, currency) };
  });
  return { title, currency, issued_on, due_on, terms, note, partial_payments, lines, ...totalsOf(lines, currency) };
}

/** SHA-256 (hex) over the JSON text of what was shown. Keys stand in the order in which they were made. */
export const hashOfContent = (json: string) => createHash('sha256').update(json).digest('hex');
