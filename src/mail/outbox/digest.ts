import type { Knex } from 'knex';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import type { EventEmail } from '../messages/event_email.js';
import { queryPrepared } from '../../db/scope.js';
import { isOptional } from '../../activity/notification_kinds.js';
import { QUEUED } from './queue.js';

// Reminders to one person are told in one email, whatever their threads.
const LOCK_THREADS = `select pg_advisory_xact_lock(key) from (
  select distinct hashtext(concat(e.person_id, thread)) as key
  from emails e
    left join lateral (
      select a.action from activities a where a.organization_id = $1 and a.id = e.activity_id limit 1) a on true
    cross join lateral unnest(array[e.subject_id::text, case when a.action in ('remind', 'charge_late') then 'remind' end]) as thread
  where e.organization_id = $1 and e.id = any($2::uuid[])
  order by key) threads`;

/**
 * Locks the threads of queued emails (those to one person about one subject) until the caller's transaction ends, so
 * that each email is merged only once. Always in the same order.
 */
export const lockThreads = (db: Knex.Transaction, organization_id: string, email_ids: readonly string[]) =>
  queryPrepared(db, LOCK_THREADS, [organization_id, email_ids]);

/** Postponed emails that can be merged with this one: same thread and audience, without an attachment. */
async function mergeable(
  db: Knex.Transaction,
  { organization, subject, reader, activity, email }: EventEmail,
  which: '<' | '>',
): Promise<string[]> {
  const rows: { id: string; action: string }[] = await db('emails as e')
    .join('activities as a', (on) => on.on('a.organization_id', 'e.organization_id').on('a.id', 'e.activity_id'))
    .where({ 'e.organization_id': organization.id, 'e.person_id': reader.id, 'e.subject_id': subject.id })
    .where({ 'e.state': 'queued', 'e.tries': 0, 'a.visible_to': activity.visible_to })
    .whereNotNull('e.postponed_at')
    .where('e.id', which, email.id)
    .orderBy('e.id', 'desc')
    .select('e.id', 'a.action');
  const { actions } = lifecycleOf(subject.type);
  // Required mail is never merged into optional mail, which could be suppressed.
  const optional = isOptional(activity.action);
  const fits = (action: string) => (which === '<' ? !optional || isOptional(action) : optional || !isOptional(action));
  return rows.filter(({ action }) => !actions[action]?.attaches && fits(action)).map(({ id }) => id);
}

const MERGED = 'It is told together with what happened after it.';

/** Merges an email into the latest postponed one. Returns the reason to skip it; null if there is no such email. */
export async function mergeIntoLater(db: Knex.Transaction, eventEmail: EventEmail): Promise<string | null> {
  const [latest] = await mergeable(db, eventEmail, '>');
  if (!latest) return null;
  await mergeEmails(db, eventEmail.organization.id, latest, [eventEmail.email.id]);
  return MERGED;
}

/** Merges earlier postponed emails about the same subject into this one. Returns whether there were any. */
export async function absorbEarlier(db: Knex.Transaction, eventEmail: EventEmail): Promise<boolean> {
  const ids = await mergeable(db, eventEmail, '<');
  if (ids.length) await mergeEmails(db, eventEmail.organization.id, eventEmail.email.id, ids);
  return ids.length > 0;
}

/** Marks emails, and those already merged into them, as merged into another. */
async function mergeEmails(
  db: Knex.Transaction,
  organization_id: string,
  merged_into: string,
  ids: string[],
): Promise<void> {
  await db('emails').where({ organization_id }).whereIn('merged_into', ids).update({ merged_into });
  await db('emails')
    .where({ organization_id })
    .whereIn('id', ids)
    .update({ state: 'skipped', merged_into, detail: MERGED });
}

/** The number of subjects with a postponed email to this person that is older than this one. */
export async function countWaitingBefore(
  db: Knex.Transaction,
  organization_id: string,
  person_id: string,
  email_id: string,
): Promise<number> {
  const [row] = await db('emails')
    .where({ organization_id, person_id })
    .whereRaw(QUEUED)
    .whereNotNull('postponed_at')
    .where('id', '<', email_id)
    .countDistinct('subject_id as subjects');
  return Number(row?.['subjects'] ?? 0);
}
