import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Activity } from './record.js';

export interface Reader {
  person_id: string;
  email: string;
}

/**
 * Who must know: the document's people on the sides that are told and may see it, without the one who did it. A deed of the clock
 * is told to everybody, also to the one on whose behalf it was done: a receipt goes to the payer too.
 */
export function readersOf(db: Knex.Transaction, activity: Activity, tells: 'staff' | 'partner' | 'both'): Promise<Reader[]> {
  const sides = new Set([tells, activity.visible_to].filter((side) => side !== 'both'));
  if (sides.size > 1) return Promise.resolve([]);
  const readers = db('participants')
    .join('people', (on) => on.on('people.organization_id', 'participants.organization_id').on('people.id', 'person_id'))
    .where({ 'participants.organization_id': activity.organization_id, document_id: activity.document_id, removed_at: null })
    .orderBy('people.id')
    .select<Reader[]>('person_id', 'email');
  if (activity.side !== 'clock' && activity.person_id) void readers.whereNot({ person_id: activity.person_id });
  if (sides.has('staff')) void readers.whereNull('partner_id');
  if (sides.has('partner')) void readers.whereNotNull('partner_id');
  return readers;
}

/** One notification for each reader, for the bell. */
export async function notify(db: Knex.Transaction, activity: Activity, readers: Reader[]): Promise<void> {
  const { organization_id, document_id, id: activity_id } = activity;
  const rows = readers.map(({ person_id }) => ({ organization_id, id: newId(), activity_id, document_id, person_id }));
  if (rows.length) await db('notifications').insert(rows);
}
