import type { Knex } from 'knex';
import { typeNamed } from '../../document_types/index.js';
import type { EventEmail } from '../messages/event_email.js';
import { isOptional } from '../suppression/optional.js';

/**
 * Emails to one person about one document are looked at one after the other: what waits is told of once. In the
 * caller's transaction.
 */
export const lockThread = (db: Knex.Transaction, organization_id: string, email_id: string) =>
  db.raw(
    `select pg_advisory_xact_lock(hashtext(concat(person_id, document_id))) from emails where organization_id = ? and id = ? and state = 'queued'`,
    [organization_id, email_id],
  );

interface Waiting {
  id: string;
  action: string;
}

/** Emails that wait their turn and whose answers have the same readers; not those that carry something. */
async function waitingWith(
  db: Knex.Transaction,
  { organization, document, reader, activity, email }: EventEmail,
  which: '<' | '>',
) {
  const rows: Waiting[] = await db('emails as e')
    .join('activities as a', (on) => on.on('a.organization_id', 'e.organization_id').on('a.id', 'e.activity_id'))
    .where({
      'e.organization_id': organization.id,
      'e.person_id': reader.id,
      'e.document_id': document.id,
      'e.state': 'queued',
    })
    .where({ 'e.tries': 0, 'a.visible_to': activity.visible_to })
    .whereNotNull('e.postponed_at')
    .where('e.id', which, email.id)
    .orderBy('e.id', 'desc')
    .select('e.id', 'a.action');
  const { actions } = typeNamed(document.type);
  // Mail that must arrive is not told by one that may be left out.
  const own = isOptional(activity.action);
  const fits = (action: string) => (which === '<' ? !own || isOptional(action) : own || !isOptional(action));
  return rows.filter(({ action }) => !actions[action]?.attaches && fits(action)).map(({ id }) => id);
}

const TOGETHER = 'It is told together with what happened after it.';

/**
 * Leaves the telling of an email's event to a later one that waits. Returns the reason not to send it; null if there
 * is none.
 */
export async function mergeIntoLater(db: Knex.Transaction, eventEmail: EventEmail): Promise<string | null> {
  const [latest] = await waitingWith(db, eventEmail, '>');
  if (!latest) return null;
  await tellWith(db, eventEmail.organization.id, latest, [eventEmail.email.id]);
  return TOGETHER;
}

/**
 * Takes over what earlier emails about the same document still wait to tell: whoever could not be told of each thing
 * at once is told of all of them in one message. Returns whether there were any.
 */
export async function absorbEarlier(db: Knex.Transaction, eventEmail: EventEmail): Promise<boolean> {
  const ids = await waitingWith(db, eventEmail, '<');
  if (ids.length) await tellWith(db, eventEmail.organization.id, eventEmail.email.id, ids);
  return ids.length > 0;
}

/** What these tell, and what they had taken over, is told with another. */
async function tellWith(
  db: Knex.Transaction,
  organization_id: string,
  merged_into: string,
  ids: string[],
): Promise<void> {
  await db('emails').where({ organization_id }).whereIn('merged_into', ids).update({ merged_into });
  await db('emails')
    .where({ organization_id })
    .whereIn('id', ids)
    .update({ state: 'skipped', merged_into, detail: TOGETHER });
}

/** How many documents of theirs have mail that waits its turn before this one. */
export async function countWaitingBefore(
  db: Knex.Transaction,
  organization_id: string,
  person_id: string,
  email_id: string,
): Promise<number> {
  const [row] = await db('emails')
    .where({ organization_id, person_id, state: 'queued' })
    .whereNotNull('postponed_at')
    .where('id', '<', email_id)
    .countDistinct('document_id as documents');
  return Number(row?.['documents'] ?? 0);
}
