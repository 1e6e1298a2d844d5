import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { fingerprintOf } from '../../db/secrets.js';
import { openNumbers, sealNumbers } from './sealed_numbers.js';

const BATCH = 200;

/** Seals the numbers of all bank accounts under the first of the keys. Returns how many none of them opens. */
export async function resealBankNumbers(db: Knex, keys: readonly string[]): Promise<number> {
  let lost = 0;
  for (const organization_id of await db('organizations').orderBy('id').pluck('id')) {
    let after: string | null = null;
    do {
      const batch: Batch = await resealBatch(db, keys, String(organization_id), after);
      lost += batch.lost;
      after = batch.last;
    } while (after);
  }
  return lost;
}

interface Batch {
  lost: number;
  /** The last account of the batch; null if there are no more. */
  last: string | null;
}

const resealBatch = (
  db: Knex,
  keys: readonly string[],
  organization_id: string,
  after: string | null,
): Promise<Batch> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const rows: { account_id: string; sealed: Buffer }[] = await db('bank_account_numbers')
      .where({ organization_id })
      .whereNot({ key_fingerprint: fingerprintOf(keys[0] ?? '') })
      .where((row) => (after ? row.where('account_id', '>', after) : row))
      .orderBy('account_id')
      .limit(BATCH)
      .forUpdate()
      .select('account_id', 'sealed');
    let lost = 0;
    for (const { account_id, sealed } of rows) {
      const place = { organization_id, account_id };
      const numbers = openNumbers(keys, place, sealed);
      if (numbers)
        await db('bank_account_numbers')
          .where(place)
          .update(sealNumbers(keys, place, numbers));
      else lost++;
    }
    return { lost, last: rows.length === BATCH ? (rows.at(-1)?.account_id ?? null) : null };
  });
