import type { Knex } from 'knex';
import type { Difference } from '../../activity/difference.js';
import { addDays } from '../../pages/days.js';
import { billDifferences } from '../content/bill_differences.js';
import { readLines } from '../content/content_store.js';
import { type Document, requirePartner } from '../content/document.js';
import { remainingQuantities } from '../content/sums.js';

/** Where a bill differs from what was agreed: from its order as a whole, if it has one, and from the payment terms. */
export async function findDifferences(db: Knex.Transaction, bill: Document): Promise<Difference[]> {
  const { organization_id, origin_id, partner_id } = bill;
  const [lines, order, partner] = await Promise.all([
    readLines(db, bill),
    origin_id ? readOrder(db, bill, origin_id) : null,
    db('partners').where({ organization_id, id: partner_id }).first('tolerance_percent'),
  ]);
  const due_on = await agreedDueDate(db, bill);
  return billDifferences({ ...bill, lines }, order, { due_on, tolerance: String(partner.tolerance_percent) });
}

/** The order as it is now, with what of it other bills have left. */
async function readOrder(db: Knex.Transaction, { organization_id, id: bill }: Document, id: string) {
  const [order, lines] = await Promise.all([
    db('documents').where({ organization_id, id }).first<Document>(),
    readLines(db, { organization_id, id }),
  ]);
  return { ...order, lines, remaining: await remainingQuantities(db, order, lines, bill) };
}

/** When a bill is due by the partner's terms, whatever its own form says. It can't be dated back before its order. */
export async function agreedDueDate(db: Knex.Transaction, bill: Document): Promise<string> {
  const { organization_id, partner_id, issued_on, origin_id } = requirePartner(bill);
  const [{ terms_days }, order] = await Promise.all([
    db('partners').where({ organization_id, id: partner_id }).first('terms_days'),
    origin_id ? db('documents').where({ organization_id, id: origin_id }).first('issued_on') : null,
  ]);
  const from: string = order && order.issued_on > issued_on ? order.issued_on : issued_on;
  return addDays(from, terms_days);
}
