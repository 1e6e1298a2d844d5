import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Activity } from './record.js';

export interface Reader {
  person_id: string;
  email: string;
}

/**
 * Who must know: the document's people on the sides that are told and may see it, without the one who did it. A deed
 * of the clock is told to everybody, also to the one on whose behalf it was done: a receipt goes to the payer too.
 * `receipt`: the one who did it hears of it, too.
 */
export function readersOf(
  db: Knex.Transaction,
  activity: Activity,
  tells: 'staff' | 'partner' | 'both',
  receipt = false,
): Promise<Reader[]> {
  const sides = new Set([tells, activity.visible_to].filter((side) => side !== 'both'));
  if (sides.size > 1) return Promise.resolve([]);
  const readers = db('participants')
    .join('people', (on) =>
      on.on('people.organization_id', 'participants.organization_id').on('people.id', 'person_id'),
    )
    .join('documents', (on) =>
      on.on('documents.organization_id', 'participants.organization_id').on('documents.id', 'document_id'),
    )
    // A contact of anybody else than the document's own partner (a vendor who is asked for a proposal) is told of
    // their own document alone.
    .where((own) => own.whereNull('people.partner_id').orWhereRaw('people.partner_id = documents.partner_id'))
    .where({
      'participants.organization_id': activity.organization_id,
      document_id: activity.document_id,
      removed_at: null,
    })
    .orderBy('people.id')
    .select<Reader[]>('person_id', 'email');
  if (activity.side !== 'system' && activity.person_id && !receipt)
    void readers.whereNot({ person_id: activity.person_id });
  if (sides.has('staff')) void readers.whereNull('people.partner_id');
  if (sides.has('partner')) void readers.whereNotNull('people.partner_id');
  return readers;
}

/** One notification for each reader, for the bell. */
export async function notify(db: Knex.Transaction, activity: Activity, readers: Reader[]): Promise<void> {
  const { organization_id, document_id, id: activity_id } = activity;
  const rows = readers.map(({ person_id }) => ({ organization_id, id: newId(), activity_id, document_id, person_id }));
  if (rows.length) await db('notifications').insert(rows);
}
