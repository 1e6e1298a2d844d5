import Big from 'big.js';
import type { Knex } from 'knex';
import type { Line } from '../content/content.js';
import { readLines } from '../content/content_store.js';
import type { Difference, Document } from '../content/document.js';
import { remainingQuantities } from '../content/sums.js';
import { lineAmount } from '../content/totals.js';

/**
 * Where a bill differs from what is not billed yet of its order, by line. Quantities and prices within the vendor's
 * tolerance (in percent of those ordered) don't differ. A bill without an order has no differences.
 */
export async function findDifferences(db: Knex.Transaction, bill: Document): Promise<Difference[]> {
  const { organization_id, origin_id, partner_id } = bill;
  if (!origin_id) return [];
  const order = { organization_id, id: origin_id };
  const [lines, ordered] = [await readLines(db, bill), await readLines(db, order)];
  const remaining = await remainingQuantities(db, order, ordered, bill.id);
  const { tolerance_percent } = await db('partners')
    .where({ organization_id, id: partner_id })
    .first('tolerance_percent');
  const terms = { currency: bill.currency, tolerance: String(tolerance_percent) };
  const billed = new Map(lines.map((line) => [line.origin_line, line]));
  const missing = ordered.filter((line) => Number(remaining.get(line.id)) > 0 && !billed.has(line.id));
  return [
    ...lines.flatMap((line) =>
      lineDifferences(
        line,
        ordered.find(({ id }) => id === line.origin_line),
        remaining,
        terms,
      ),
    ),
    ...missing.map((line) => missingLine(line, remaining.get(line.id) ?? '0', terms.currency)),
  ];
}

interface Terms {
  currency: string;
  tolerance: string;
}

function lineDifferences(
  line: Line,
  order: Line | undefined,
  remaining: Map<string, string>,
  { currency, tolerance }: Terms,
): Difference[] {
  const key = { line: line.id, what: line.description };
  if (!order) return [{ ...key, why: 'added', before: '', after: line.quantity, amount: line.amount }];
  const expected = remaining.get(order.id) ?? '0';
  const differs = (was: string, is: string) => Big(is).minus(was).abs().gt(Big(was).abs().times(tolerance).div(100));
  const amountOf = (quantity: string) => lineAmount({ ...order, quantity }, currency);
  const found: Difference[] = [];
  const add = (why: Difference['why'], before: string, after: string, amount: number) =>
    found.push({ ...key, why, before, after, amount });
  if (differs(order.unit_price, line.unit_price) || !Big(order.discount_percent).eq(line.discount_percent))
    add('price', order.unit_price, line.unit_price, line.amount - amountOf(line.quantity));
  if (differs(expected, line.quantity))
    add('quantity', expected, line.quantity, amountOf(line.quantity) - amountOf(expected));
  if (!Big(order.tax_rate).eq(line.tax_rate)) add('tax', order.tax_rate, line.tax_rate, 0);
  if (order.description !== line.description) add('words', order.description, line.description, 0);
  return found;
}

const missingLine = (line: Line, quantity: string, currency: string): Difference => ({
  line: null,
  what: line.description,
  why: 'missing',
  before: quantity,
  after: '',
  amount: -lineAmount({ ...line, quantity }, currency),
});
