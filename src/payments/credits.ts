import type { Knex } from 'knex';
import { Invalid } from '../errors.js';
import { type Account, postEntry } from './ledger.js';

/**
 * Credit comes from somewhere (a credit note, a paid retainer: its `source`; an overpayment has none) and stands in
 * the ledger without a document.
 */
export async function giveCredit(db: Knex.Transaction, account: Account, amount: number): Promise<number> {
  await postEntry(db, account, 'credit', -amount, { credit: true, source_id: account.id });
  return amount;
}

interface Available {
  source_id: string | null;
  available: number;
}

/** The partner's credit by source, the oldest first; held until the transaction ends, so that none is used twice. */
async function availableTo(
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
 * Pays so much of an invoice out of credit: out of all there is, or of one source alone. Returns the sources that
 * were used.
 * @throws Invalid if there is not as much.
 */
export async function applyCredit(
  db: Knex.Transaction,
  invoice: Account,
  amount: number,
  source: string | null,
): Promise<string[]> {
  const all = await availableTo(db, invoice);
  const used: string[] = [];
  let rest = amount;
  for (const { source_id, available } of all.filter((one) => source === null || one.source_id === source)) {
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

/** Money went back for a credit note. @throws Invalid if that is more than is left of it. */
export async function refundCredit(db: Knex.Transaction, note: Account, answers: Record<string, string | number>) {
  const amount = Number(answers['amount']);
  const left = await leftOf(db, note);
  if (amount > left) throw new Invalid({ amount: 'This is more than is left of it.' });
  await postEntry(db, note, 'refund', amount, { credit: true, source_id: note.id });
  return { open: left - amount, details: { amount } };
}

/** What is left of a credit note is credit no more. Returns how much that was. */
export async function clearCredit(db: Knex.Transaction, note: Account): Promise<number> {
  const left = await leftOf(db, note);
  await postEntry(db, note, 'void', left, { credit: true, source_id: note.id });
  return left;
}

async function leftOf(db: Knex.Transaction, note: Account): Promise<number> {
  const found = (await availableTo(db, note)).find(({ source_id }) => source_id === note.id);
  return found?.available ?? 0;
}
