import type { Knex } from 'knex';
import { notify, type Reader } from '../../activity/notify.js';
import type { Activity } from '../../activity/record.js';
import type { Role } from '../../db/scope.js';
import { queueEmail } from '../../mail/outbox/queue.js';

/** Members of the staff in these roles, to tell them. */
export const staffInRoles = (
  db: Knex.Transaction,
  organization_id: string,
  roles: readonly Role[],
): Promise<Reader[]> =>
  db('people')
    .where({ organization_id, partner_id: null, removed_at: null, pending: false })
    .whereIn('role', roles)
    .orderBy('id')
    .select('id as person_id', 'email');

/** Tells people of an activity that belongs to no subject: a notification, and an email about it. */
export async function tell(db: Knex.Transaction, activity: Activity, readers: Reader[]): Promise<void> {
  const participants = readers.map((reader) => ({ ...reader, partner_id: null, guest: false, muted: false }));
  await notify(db, activity, participants, null);
  const { organization_id, id: activity_id } = activity;
  for (const { person_id, email: to_address } of readers) {
    const email = { organization_id, person_id, activity_id, subject_id: null, cause_id: null, to_address };
    await queueEmail(db, { ...email, kind: 'notice' });
  }
}
