import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { type Actor, commitLater, queryPrepared, systemActor, withActor } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';
import type { Notified } from '../document_types/shared/lifecycle.js';
import type { Activity } from './record.js';

export interface Reader {
  person_id: string;
  email: string;
}

/** Somebody who takes part in a subject and may be told of it. */
export interface Participant extends Reader {
  partner_id: string | null;
  /** It was forwarded to them. */
  guest: boolean;
}

// Contacts of other partners (vendors invited by a request) are notified of their own subject only. Whoever is away has
// a deputy, who is told as well.
const PARTICIPANTS = `select x.person_id, p.email, p.partner_id, p.guest from participants x
    join people p on p.organization_id = x.organization_id and p.id = x.person_id and p.removed_at is null
      and not p.pending
    join subjects s on s.organization_id = x.organization_id and s.id = x.subject_id
  where x.organization_id = $1 and x.subject_id = $2 and (p.partner_id is null or p.partner_id = s.partner_id)
  union
  select b.deputy_id, p.email, null::uuid, false from absences_today($1) b
    join participants x on x.organization_id = $1 and x.subject_id = $2 and x.person_id = b.person_id
    join people p on p.organization_id = $1 and p.id = b.deputy_id and p.removed_at is null and not p.pending
  order by person_id`;

export const findParticipants = (
  db: Knex.Transaction,
  { organization_id, subject_id }: Pick<Activity, 'organization_id' | 'subject_id'>,
): Promise<Participant[]> => queryPrepared(db, PARTICIPANTS, [organization_id, subject_id]);

/** Whom to notify of an activity, among its subject's participants as they are now. */
export const findReaders = async (
  db: Knex.Transaction,
  activity: Activity,
  notifies: Notified,
  receipt = false,
): Promise<Reader[]> => readersAmong(await findParticipants(db, activity), activity, notifies, receipt);

/** What guests are told of a subject: what is written about it, a new version of it, its end. */
const FOR_GUESTS = new Set(['comment', 'send', 'revise', 'void', 'cancel']);

/**
 * Whom to notify: the participants of the notified sides or named, as far as they may see the activity, except its
 * author (unless `receipt`). For a system activity there is no exception: the payer, too, gets the receipt. Guests are
 * told what they were given, not what follows from it.
 */
export function readersAmong(
  participants: readonly Participant[],
  { side, action, person_id: author, details, visible_to }: Activity,
  notifies: Notified,
  receipt = false,
): Reader[] {
  const spared = side === 'system' || receipt ? null : author;
  const named = details['person_id'];
  // Guests don't learn of each other.
  const byGuest = participants.some(({ person_id, guest }) => guest && person_id === author);
  const forGuests = FOR_GUESTS.has(action) && visible_to === 'both' && !byGuest;
  return participants.filter(({ person_id, partner_id, guest }) => {
    const sides = [partner_id ? 'partner' : 'staff', 'both'];
    if (!sides.includes(visible_to) || person_id === spared) return false;
    if (notifies === 'named' || (guest && !forGuests)) return person_id === named;
    return sides.includes(notifies);
  });
}

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
