import type { Knex } from 'knex';
import type { Reader } from '../../activity/notify.js';
import type { Activity } from '../../activity/record.js';
import { CONTACT_PERMISSIONS } from '../../subjects/permissions.js';
import { tell } from '../../people/invitations/tell.js';

const PAYERS = CONTACT_PERMISSIONS.find(({ name }) => name === 'paying')?.roles ?? [];

/** Who of a partner may pay. */
export const findPayers = (
  db: Knex.Transaction,
  organization_id: string,
  partner_id: string | null,
): Promise<Reader[]> =>
  db('people')
    .where({ organization_id, partner_id, removed_at: null, guest: false })
    .whereIn('role', PAYERS)
    .orderBy('id')
    .select('id as person_id', 'email');

/** Emails what happened to a stored method to all of its partner who may pay with it. As the system. */
export async function tellPayers(db: Knex.Transaction, activity: Activity): Promise<void> {
  const { organization_id, partner_id } = activity;
  await tell(db, activity, await findPayers(db, organization_id, partner_id));
}
