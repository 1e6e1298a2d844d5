import type { Knex } from 'knex';
import type { Difference } from '../../activity/difference.js';
import { readLines } from '../content/content_store.js';
import { billDifferences, taxDifference } from '../content/differences.js';
import type { Document } from '../content/document.js';
import { remainingQuantities } from '../content/sums.js';

/** Where a bill differs from what is not billed yet of its order. A bill without an order has no differences. */
export async function findDifferences(db: Knex.Transaction, bill: Document): Promise<Difference[]> {
  const { organization_id, origin_id, partner_id, currency } = bill;
  if (!origin_id) return [];
  const order = { organization_id, id: origin_id };
  const [billed, lines, { tolerance_percent }, { tax_included }] = await Promise.all([
    readLines(db, bill),
    readLines(db, order),
    db('partners').where({ organization_id, id: partner_id }).first('tolerance_percent'),
    db('documents').where(order).first('tax_included'),
  ]);
  const remaining = await remainingQuantities(db, order, lines, bill.id);
  return [
    ...taxDifference(billed, currency, tax_included, bill.tax_included),
    ...billDifferences(billed, { lines, remaining, currency, tolerance: String(tolerance_percent) }),
  ];
}
