import type { Knex } from 'knex';
import { Invalid } from '../errors.js';
import { type Account, postEntry } from './ledger.js';

/**
 * Gives the partner credit from a document (a credit note, a paid retainer and its `payment_id`): a ledger entry with
 * that document as its source and without a document of its own. An overpayment's has no source, see `recordPayment`.
 */
export async function giveCredit(
  db: Knex.Transaction,
  account: Account,
  amount: number,
  payment_id?: string,
): Promise<number> {
  const payment = payment_id ? { payment_id } : {};
  await postEntry(db, account, 'credit', -amount, { credit: true, source_id: account.id, ...payment });
  return amount;
}

interface Available {
  source_id: string | null;
  available: number;
}

/** The partner's credit by source, oldest first; locked until the transaction ends, so that none is used twice. */
export async function lockCredit(
  db: Knex.Transaction,
  { organization_id, partner_id, currency }: Account,
): Promise<Available[]> {
  await db('partners').where({ organization_id, id: partner_id }).forUpdate().first('id');
  return db('ledger_entries')
    .where({ organization_id, partner_id, currency, document_id: null })
    .groupBy('source_id')
    .havingRaw('sum(amount) < 0')
    .orderByRaw('min(created_at), source_id')
    .select('source_id', db.raw('-sum(amount)::bigint as available'));
}

/**
 * Pays `amount` of an invoice from the partner's credit: from one source, or from all (null). Returns the sources used.
 * @throws Invalid if there is less credit than that.
 */
export async function applyCredit(
  db: Knex.Transaction,
  invoice: Account,
  amount: number,
  source: string | null,
): Promise<string[]> {
  const credits = await lockCredit(db, invoice);
  const used: string[] = [];
  let rest = amount;
  for (const { source_id, available } of credits.filter((credit) => source === null || credit.source_id === source)) {
    const part = Math.min(rest, available);
    if (part <= 0) break;
    await postEntry(db, invoice, 'apply', part, { credit: true, source_id });
    await postEntry(db, invoice, 'apply', -part, { source_id });
    rest -= part;
    if (source_id) used.push(source_id);
  }
  if (rest > 0) throw new Invalid({ amount: 'There is not as much credit.' });
  return used;
}

/** Records money paid back for a credit note. @throws Invalid if that is more than is left of it. */
export async function refundCredit(db: Knex.Transaction, note: Account, amount: number) {
  const left = await remainingCredit(db, note);
  if (amount > left) throw new Invalid({ amount: 'This is more than is left of it.' });
  await postEntry(db, note, 'refund', amount, { credit: true, source_id: note.id });
  return { open: left - amount, details: { amount } };
}

/** Takes back what is left of a credit note. Returns how much that was. */
export async function clearCredit(db: Knex.Transaction, note: Account): Promise<number> {
  const left = await remainingCredit(db, note);
  await postEntry(db, note, 'void', left, { credit: true, source_id: note.id });
  return left;
}

async function remainingCredit(db: Knex.Transaction, note: Account): Promise<number> {
  const found = (await lockCredit(db, note)).find(({ source_id }) => source_id === note.id);
  return found?.available ?? 0;
}
