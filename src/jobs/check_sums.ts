import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { ledgerDifferences } from '../payments/ledger/ledger_differences.js';
import { tellDifferences } from '../payments/ledger/tell_differences.js';

/** A sum that differs from what it is a sum of: null where there is none. Minor units. */
interface WrongSum {
  /** Whose sum it is, and of what. */
  sum: string;
  kept: number | null;
  counted: number | null;
}

/** SQL: the rows of a table of sums whose amounts differ from those of the view that counts them. */
const differing = (table: string, view: string, key: string, amount = 'amount') => `
  select concat_ws(' ', '${table}', ${key}) as sum, k.${amount} as kept, c.${amount} as counted
  from (select * from ${table} where organization_id = :id) k
    full join (select * from ${view} where organization_id = :id) c using (${key})
  where coalesce(k.${amount}, 0) <> coalesce(c.${amount}, 0)`;

const WRONG = [
  differing('balances', 'ledger_balances', 'partner_id, currency'),
  differing('credits', 'ledger_credits', 'partner_id, currency'),
  differing('open_items', 'ledger_open_items', 'document_id, partner_id, currency, issued_on, due_on'),
  differing('credit_kinds', 'ledger_credit_kinds', 'partner_id, kind, currency'),
  differing('outstanding', 'ledger_outstanding', 'partner_id, kind, currency'),
  differing('outstanding', 'ledger_outstanding', 'partner_id, kind, currency', 'items'),
  differing('receivables', 'open_item_sums', 'account_id, basis, day, currency'),
].join(' union all ');

/** An organization's sums that are not what its ledger adds up to. As one statement, it sees one moment. */
export async function wrongSums(db: Knex, id: string): Promise<WrongSum[]> {
  const { rows } = await withActor(db, systemActor(id), (db) =>
    db.raw<{ rows: WrongSum[] }>(`${WRONG} limit 20`, { id }),
  );
  return rows;
}

/**
 * Compares each organization's sums with its ledger, and the ledger with its documents and payments; of these it tells
 * staff. @throws Error that names what differs: the log shows it.
 */
export async function checkSums(db: Knex): Promise<void> {
  const wrong: string[] = [];
  for (const id of await db('organizations').pluck('id')) {
    for (const { sum, kept, counted } of await wrongSums(db, id))
      wrong.push(`${id} ${sum}: ${kept} instead of ${counted}`);
    const differences = await ledgerDifferences(db, id);
    if (differences.length) await tellDifferences(db, id, differences);
    for (const { number, about, state, booked } of differences)
      wrong.push(`${id} ${number}: ${about} ${state}, with ${booked} in the ledger`);
  }
  if (wrong.length) throw new Error(`Sums differ from the ledger. ${wrong.join('; ')}`);
}
