import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { type Actor, systemActor, withActor } from '../db/scope.js';
import { commitLater, send } from '../db/writing/transaction.js';
import type { Notified } from '../document_types/shared/lifecycle.js';
import type { Activity } from './record.js';

export interface Reader {
  person_id: string;
  email: string;
}

/**
 * Whom to notify: the subject's participants, of the notified sides or named, as far as they may see the activity, except its
 * author (unless `receipt`). For a system activity there is no exception: the payer, too, gets the receipt.
 */
export function findReaders(
  db: Knex.Transaction,
  activity: Activity,
  notifies: Notified,
  receipt = false,
): Promise<Reader[]> {
  const sides = new Set([notifies, activity.visible_to].filter((side) => side === 'staff' || side === 'partner'));
  if (sides.size > 1) return Promise.resolve([]);
  const readers = subjectReaders(db, activity);
  if (activity.side !== 'system' && activity.person_id && !receipt)
    void readers.whereNot({ person_id: activity.person_id });
  if (notifies === 'named') void readers.where({ person_id: activity.details['person_id'] });
  if (sides.has('staff')) void readers.whereNull('people.partner_id');
  if (sides.has('partner')) void readers.whereNotNull('people.partner_id');
  return readers;
}

const subjectReaders = (db: Knex.Transaction, { organization_id, subject_id }: Activity) =>
  db('participants')
    .join('people', (on) =>
      on.on('people.organization_id', 'participants.organization_id').on('people.id', 'person_id'),
    )
    .join('subjects', (on) =>
      on.on('subjects.organization_id', 'participants.organization_id').on('subjects.id', 'subject_id'),
    )
    // Contacts of other partners (vendors invited by a request) are notified of their own subject only.
    .where((own) => own.whereNull('people.partner_id').orWhereRaw('people.partner_id = subjects.partner_id'))
    .where({ 'participants.organization_id': organization_id, subject_id, removed_at: null })
    .orderBy('people.id')
    .select<Reader[]>('person_id', 'email');

/** Writes one notification for each reader. */
export async function notify(db: Knex.Transaction, activity: Activity, readers: Reader[]): Promise<void> {
  const { organization_id, subject_id, id: activity_id } = activity;
  const rows = readers.map(({ person_id }) => ({ organization_id, id: newId(), activity_id, subject_id, person_id }));
  if (rows.length) await send(db, db('notifications').insert(rows));
}

/** Marks a subject's notifications as read by this reader, so that emails still queued for them aren't sent. */
export async function markRead(db: Knex, actor: Actor, subject_id: string): Promise<void> {
  const { organization_id, person_id } = actor;
  await withActor(db, systemActor(organization_id, person_id), async (db) => {
    await commitLater(db);
    const unread = db('notifications').where({ organization_id, subject_id, person_id, read_at: null });
    await send(db, unread.update({ read_at: db.fn.now() }));
  });
}
