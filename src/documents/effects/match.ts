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
  const { due_on } = await agreedTerms(db, bill);
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

/** What a vendor's terms give a bill. */
interface AgreedTerms {
  /** Whatever its own form says; it can't be dated back before its order. */
  due_on: string;
  discount_percent: string;
  /** The last day of an early-payment discount; null: there is none. */
  discount_until: string | null;
}

/** The terms that were agreed with a bill's vendor, for this bill. */
export async function agreedTerms(db: Knex.Transaction, bill: Document): Promise<AgreedTerms> {
  const { organization_id, partner_id, issued_on, origin_id } = requirePartner(bill);
  const [{ terms_days, discount_percent, discount_days }, order] = await Promise.all([
    db('partners').where({ organization_id, id: partner_id }).first('terms_days', 'discount_percent', 'discount_days'),
    origin_id ? db('documents').where({ organization_id, id: origin_id }).first('issued_on') : null,
  ]);
  const from: string = order && order.issued_on > issued_on ? order.issued_on : issued_on;
  const discount_until = Number(discount_percent) > 0 ? addDays(from, discount_days) : null;
  return { due_on: addDays(from, terms_days), discount_percent, discount_until };
}
