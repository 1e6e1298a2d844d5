import type { Knex } from 'knex';
import type { Letter } from './letter.js';

/**
 * Leaves the telling to a later email about the same document that waits, too, and has the same readers of its answers: whoever could not be told
 * of each thing at once is told of all of them in one message. Null if there is none that still can.
 */
export async function leaveToLater(db: Knex.Transaction, { organization, document, reader, activity, email }: Letter): Promise<boolean> {
  const organization_id = organization.id;
  // Held until this is kept: its own job then finds what it has to tell. One that is under way has been tried, and is left alone.
  const later = await db('emails as e')
    .join('activities as a', (on) => on.on('a.organization_id', 'e.organization_id').on('a.id', 'e.activity_id'))
    .where({ 'e.organization_id': organization_id, 'e.person_id': reader.id, 'e.document_id': document.id, 'e.state': 'queued' })
    .where({ 'e.tries': 0, 'a.visible_to': activity.visible_to })
    .whereNotNull('e.put_off_at')
    .where('e.id', '>', email.id)
    .orderBy('e.id', 'desc')
    .forUpdate('e')
    .first('e.id');
  if (!later) return false;
  await db('emails').where({ organization_id, told_with: email.id }).update({ told_with: later.id });
  await db('emails')
    .where({ organization_id, id: email.id })
    .update({ state: 'skipped', told_with: later.id, detail: 'It is told together with what happened after it.' });
  return true;
}

/** How many documents of theirs have mail that waits its turn before this one. */
export async function waitingBefore(db: Knex.Transaction, organization_id: string, person_id: string, email_id: string): Promise<number> {
  const [row] = await db('emails')
    .where({ organization_id, person_id, state: 'queued' })
    .whereNotNull('put_off_at')
    .where('id', '<', email_id)
    .countDistinct('document_id as documents');
  return Number(row?.['documents'] ?? 0);
}
