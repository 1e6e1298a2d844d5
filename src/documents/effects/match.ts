import Big from 'big.js';
import type { Knex } from 'knex';
import type { Line } from '../content/content.js';
import { readLines } from '../content/content_store.js';
import type { Difference, Document } from '../content/document.js';
import { remainingQuantities } from '../content/sums.js';
import { lineAmount } from '../content/totals.js';

/**
 * Where a bill differs from what is left of its order: line by line, with the reason. Within the vendor's tolerance
 * (percent of the line's expected amount, or of its price) nothing differs. A bill without an order has nothing to
 * differ from.
 */
export async function findDifferences(db: Knex.Transaction, bill: Document): Promise<Difference[]> {
  const { organization_id, origin_id, partner_id } = bill;
  if (!origin_id) return [];
  const order = { organization_id, id: origin_id };
  const [lines, ordered] = [await readLines(db, bill), await readLines(db, order)];
  const left = await remainingQuantities(db, order, ordered, bill.id);
  const { tolerance_percent } = await db('partners')
    .where({ organization_id, id: partner_id })
    .first('tolerance_percent');
  const terms = { currency: bill.currency, tolerance: String(tolerance_percent) };
  const billed = new Map(lines.map((line) => [line.origin_line, line]));
  const missing = ordered.filter((line) => Number(left.get(line.id)) > 0 && !billed.has(line.id));
  return [
    ...lines.flatMap((line) =>
      compare(
        line,
        ordered.find(({ id }) => id === line.origin_line),
        left,
        terms,
      ),
    ),
    ...missing.map((line) => gone(line, left.get(line.id) ?? '0', terms.currency)),
  ];
}

interface Terms {
  currency: string;
  tolerance: string;
}

function compare(
  line: Line,
  order: Line | undefined,
  left: Map<string, string>,
  { currency, tolerance }: Terms,
): Difference[] {
  const of = { line: line.id, what: line.description };
  if (!order) return [{ ...of, why: 'added', before: '', after: line.quantity, amount: line.amount }];
  const expected = left.get(order.id) ?? '0';
  const within = (was: string, is: string) => Big(is).minus(was).abs().lte(Big(was).abs().times(tolerance).div(100));
  const amountAt = (change: Partial<Line>) => lineAmount({ ...order, quantity: expected, ...change }, currency);
  const found: Difference[] = [];
  if (!within(order.unit_price, line.unit_price) || !Big(order.discount_percent).eq(line.discount_percent))
    found.push({
      ...of,
      why: 'price',
      before: order.unit_price,
      after: line.unit_price,
      amount: line.amount - amountAt({ quantity: line.quantity }),
    });
  if (!within(expected, line.quantity))
    found.push({
      ...of,
      why: 'quantity',
      before: expected,
      after: line.quantity,
      amount: amountAt({ quantity: line.quantity }) - amountAt({}),
    });
  if (!Big(order.tax_rate).eq(line.tax_rate))
    found.push({ ...of, why: 'tax', before: order.tax_rate, after: line.tax_rate, amount: 0 });
  if (order.description !== line.description)
    found.push({ ...of, why: 'words', before: order.description, after: line.description, amount: 0 });
  return found;
}

const gone = (line: Line, quantity: string, currency: string): Difference => ({
  line: null,
  what: line.description,
  why: 'missing',
  before: quantity,
  after: '',
  amount: -lineAmount({ ...line, quantity }, currency),
});
