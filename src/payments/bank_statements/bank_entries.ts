import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { Conflict, NotFound } from '../../errors.js';
import type { KeyedEntry } from './bank_entry.js';

/** An entry of an imported statement, and what became of it. */
export interface StoredEntry {
  id: string;
  booked_on: string;
  amount: number;
  currency: string;
  reference: string;
  payer: string;
  state: 'open' | 'recorded' | 'ignored';
  payment_id: string | null;
}

/** Longer texts are cut: banks give 140 letters, some a few lines of them. */
const MOST_LETTERS = 500;
const BATCH = 500;

/** Stores the entries of a file, except those that an earlier one had. Returns how many are new. */
export async function importEntries(
  db: Knex.Transaction,
  actor: Actor,
  name: string,
  entries: readonly KeyedEntry[],
): Promise<number> {
  const { organization_id, person_id } = actor;
  const statement_id = newId();
  await db('bank_statements').insert({ organization_id, id: statement_id, name, person_id });
  const rows = entries.map(({ key, booked_on, amount, currency, reference, payer }) => ({
    ...{ organization_id, id: newId(), statement_id, key, booked_on, amount, currency },
    ...{ reference: reference.slice(0, MOST_LETTERS), payer: payer.slice(0, MOST_LETTERS) },
  }));
  let count = 0;
  for (let i = 0; i < rows.length; i += BATCH) count += await insertNew(db, rows.slice(i, i + BATCH));
  const details = { name, count, known: rows.length - count };
  await record(db, actor, { action: 'import_statement', details, visible_to: 'staff' });
  return count;
}

async function insertNew(db: Knex.Transaction, rows: readonly object[]): Promise<number> {
  const added = await db('bank_entries')
    .insert(rows)
    .onConflict(['organization_id', 'key'])
    .ignore()
    .returning<{ id: string }[]>('id');
  return added.length;
}

/** An entry, locked until the transaction ends. @throws NotFound; Conflict if it is in another state by now */
export async function lockEntry(
  db: Knex.Transaction,
  { organization_id }: Actor,
  id: string,
  state: StoredEntry['state'],
): Promise<StoredEntry> {
  const entry = await db('bank_entries').where({ organization_id, id }).forUpdate().first();
  if (!entry) throw new NotFound();
  if (entry.state !== state) throw new Conflict('Someone else has already handled this entry.');
  return entry;
}

/** Notes what became of an entry: the payment that was recorded for it, nothing, or that it is open again. */
export async function settleEntry(
  db: Knex.Transaction,
  actor: Actor,
  { id, amount, currency }: StoredEntry,
  state: StoredEntry['state'],
  payment_id: string | null = null,
): Promise<void> {
  const { organization_id, person_id } = actor;
  await db('bank_entries').where({ organization_id, id }).update({ state, payment_id, decided_by: person_id });
  // What was recorded or reversed stands with its document.
  if (state !== 'recorded')
    await record(db, actor, {
      action: `${state}_bank_entry`,
      details: { entry: id, amount, currency },
      visible_to: 'staff',
    });
}
