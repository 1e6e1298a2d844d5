import type { Knex } from 'knex';
import { newId } from '../db/ids.js';

/** The document whose money moves. Amounts are minor units of its currency. */
export interface Account {
  organization_id: string;
  id: string;
  partner_id: string;
  currency: string;
  total: number;
}

type Kind = 'charge' | 'payment' | 'void' | 'write_off' | 'refund' | 'bill' | 'credit' | 'apply';

/**
 * One line of the ledger; positive makes the partner owe more. An amount of zero moves nothing. Entries are never
 * changed.
 */
export async function postEntry(
  db: Knex.Transaction,
  account: Account,
  kind: Kind,
  amount: number,
  rest: { payment_id?: string; credit?: boolean; source_id?: string | null } = {},
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
    payment_id: rest.payment_id ?? null,
    source_id: rest.source_id ?? null,
  };
  await db('ledger_entries').insert({ ...entry, document_id: rest.credit ? null : id });
}

/** What is owed on a document: the sum of its entries. */
export async function openAmount(db: Knex.Transaction, { organization_id, id }: Account, kind?: Kind): Promise<number> {
  const entries = db('ledger_entries').where({ organization_id, document_id: id, ...(kind ? { kind } : {}) });
  return (await entries.first(db.raw('coalesce(sum(amount), 0)::bigint as open')))?.open ?? 0;
}

/** Charges the document's total; a new version charges the difference. Returns what is owed then. */
export async function postReceivable(db: Knex.Transaction, account: Account): Promise<number> {
  await postEntry(db, account, 'charge', account.total - (await openAmount(db, account, 'charge')));
  return openAmount(db, account);
}

/** Gives up what is still owed. Returns how much that was. */
export async function reverseEntries(
  db: Knex.Transaction,
  account: Account,
  kind: 'void' | 'write_off',
): Promise<number> {
  const open = await openAmount(db, account);
  await postEntry(db, account, kind, -open);
  return open;
}

/** A bill is approved: the partner is owed its total. Returns what is owed to them on it. */
export async function postPayable(db: Knex.Transaction, account: Account): Promise<number> {
  await postEntry(db, account, 'bill', -account.total);
  return -(await openAmount(db, account));
}
