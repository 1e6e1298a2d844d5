import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { systemActor, withActor } from '../../db/scope.js';
import type { LedgerDifference } from './ledger_differences.js';
import { staffInRoles, tell } from '../../people/invitations/tell.js';

/** How many days pass until staff are told of the same differences again. */
const DAYS_SILENT = 7;

/** Tells owners, admins and accountants on which documents ledger and state differ; of the same ones once a week. */
export async function tellDifferences(
  db: Knex,
  organization_id: string,
  differences: readonly LedgerDifference[],
): Promise<void> {
  const numbers = [...new Set(differences.flatMap(({ number }) => number ?? []))];
  if (!numbers.length) return;
  const system = systemActor(organization_id);
  await withActor(db, system, async (db) => {
    const details = { numbers: numbers.join(', '), first: numbers[0] };
    const told = await db('activities')
      .where({ organization_id, subject_id: null, action: 'find_differences' })
      .whereRaw(`created_at > app_now() - make_interval(days => ?) and details->>'numbers' = ?`, [
        DAYS_SILENT,
        details.numbers,
      ])
      .first('id');
    if (told) return;
    const activity = await record(db, system, { action: 'find_differences', details, visible_to: 'staff' });
    await tell(db, activity, await staffInRoles(db, organization_id, ['owner', 'admin', 'accountant']));
  });
}
