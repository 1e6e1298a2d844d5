import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';

/** The document whose money moves. Amounts are minor units of its currency. */
export interface Account {
  organization_id: string;
  id: string;
  partner_id: string;
  currency: string;
  total: number;
}

type Kind =
  'charge' | 'payment' | 'void' | 'write_off' | 'refund' | 'bill' | 'credit' | 'apply' | 'reversal' | 'discount';

/** Appends an entry to the ledger; positive makes the partner owe more. An amount of zero adds none. */
export async function postEntry(
  db: Knex.Transaction,
  account: Account,
  kind: Kind,
  amount: number,
  options: { payment_id?: string; credit?: boolean; source_id?: string | null } = {},
) {
  if (amount === 0) return;
  const { organization_id, partner_id, currency, id } = account;
  const entry = {
    organization_id,
    id: newId(),
    partner_id,
    currency,
    kind,
    amount,
    payment_id: options.payment_id ?? null,
    source_id: options.source_id ?? null,
  };
  await db('ledger_entries').insert({ ...entry, document_id: options.credit ? null : id });
}

/** What is owed on a document: the sum of its entries. */
export async function openAmount(db: Knex.Transaction, { organization_id, id }: Account, kind?: Kind): Promise<number> {
  const entries = db('ledger_entries').where({ organization_id, document_id: id, ...(kind ? { kind } : {}) });
  return (await entries.first(db.raw('coalesce(sum(amount), 0)::bigint as open')))?.open ?? 0;
}

/** Charges the document's total; for a new version, the difference. Returns what is owed on it now. */
export async function postReceivable(db: Knex.Transaction, account: Account): Promise<number> {
  await postEntry(db, account, 'charge', account.total - (await openAmount(db, account, 'charge')));
  return openAmount(db, account);
}

/** Voids or writes off what is still owed. Returns how much that was. */
export async function reverseEntries(
  db: Knex.Transaction,
  account: Account,
  kind: 'void' | 'write_off',
): Promise<number> {
  const open = await openAmount(db, account);
  await postEntry(db, account, kind, -open);
  return open;
}

/** Owes the partner an approved bill's total. Returns what is owed to them on it. */
export async function postPayable(db: Knex.Transaction, account: Account): Promise<number> {
  await postEntry(db, account, 'bill', -account.total);
  return -(await openAmount(db, account));
}
