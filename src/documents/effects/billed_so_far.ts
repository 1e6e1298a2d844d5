import Big from 'big.js';
import type { Knex } from 'knex';
import { readLines } from '../content/content_store.js';
import type { Document } from '../content/document.js';
import { COUNTED, remainingQuantities } from '../content/sums.js';
import { isCounted, totalsOf } from '../content/totals.js';

/** How far an order is billed; amounts before tax, quantities as decimal strings. */
interface Billed {
  branch: 'none' | 'some' | 'all';
  /** What its bills or invoices come to. */
  billed: number;
  /** How much of its own amount they take, at its prices, without what is extra. */
  taken: number;
  /** By line. */
  quantities: Record<string, string>;
}

/** What the bills or invoices of an order take of it. */
export async function billedSoFar(db: Knex.Transaction, order: Document): Promise<Billed> {
  const lines = (await readLines(db, order)).filter(isCounted);
  const remaining = await remainingQuantities(db, order, lines);
  const billed = await billedAmount(db, order);
  const left = (id: string) => Big(remaining.get(id) ?? 0);
  const done = lines.map((line) => ({ ...line, billed: Big(line.quantity).minus(left(line.id)) }));
  const taken = done.map((line) => ({ ...line, quantity: lesser(line.billed, line.quantity) }));
  const none = !billed && done.every((line) => line.billed.eq(0));
  const all = done.every(({ id }) => left(id).lte(0));
  return {
    branch: none ? 'none' : all ? 'all' : 'some',
    billed,
    taken: totalsOf(taken, order.currency, order.tax_included).subtotal,
    quantities: Object.fromEntries(done.map((line) => [line.id, line.billed.toString()])),
  };
}

const lesser = (one: Big, other: string) => (one.lt(other) ? one.toString() : other);

async function billedAmount(db: Knex.Transaction, { organization_id, id }: Document): Promise<number> {
  const { rows } = await db.raw<{ rows: { billed: number }[] }>(
    `select coalesce(sum(m.subtotal), 0)::bigint as billed
     from documents d join documents m on ${COUNTED} where d.organization_id = ? and d.id = ?`,
    [organization_id, id],
  );
  return rows[0]?.billed ?? 0;
}
