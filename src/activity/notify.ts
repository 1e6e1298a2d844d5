import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { type Actor, commitLater, queryPrepared, systemActor, withActor } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';
import type { Notified } from '../document_types/shared/lifecycle.js';
import { onlySays } from '../subjects/lifecycles.js';
import { isAmong } from './named.js';
import { asks, isNamed, isOptional } from './notification_kinds.js';
import { type Activity, CHANNEL } from './record.js';

export interface Reader {
  person_id: string;
  email: string;
}

/** Somebody who takes part in a subject and may be told of it. */
export interface Participant extends Reader {
  partner_id: string | null;
  /** It was forwarded to them. */
  guest: boolean;
  /** They asked for fewer emails about it. */
  muted: boolean;
  /** They are told what is written about it: of a project, its customer has its conversation or not. */
  hears: boolean;
  /** Who of the participants is away, and they are the deputy of; null: nobody. */
  deputizes: readonly string[] | null;
}

// Contacts of other partners (vendors invited by a request) are notified of their own subject only. Whoever is away has
// a deputy, who is told as well.
const PARTICIPANTS = `select person_id, email, partner_id, guest, bool_and(muted) as muted, bool_or(hears) as hears,
    array_agg(for_id) filter (where for_id is not null) as deputizes
  from (
    select x.person_id, p.email, p.partner_id, p.guest, x.muted_at is not null as muted,
      p.partner_id is null or s.talks as hears, null::uuid as for_id
    from participants x
      join people p on p.organization_id = x.organization_id and p.id = x.person_id and p.removed_at is null
        and not p.pending
      join subjects s on s.organization_id = x.organization_id and s.id = x.subject_id
    where x.organization_id = $1 and x.subject_id = $2 and (p.partner_id is null or p.partner_id = s.partner_id)
      and (p.partner_id is null or may_be_told(x.organization_id, x.subject_id, x.person_id, null))
    union all
    select b.deputy_id, p.email, null::uuid, false, false, true, b.person_id from absences_today($1) b
      join participants x on x.organization_id = $1 and x.subject_id = $2 and x.person_id = b.person_id
      join people p on p.organization_id = $1 and p.id = b.deputy_id and p.removed_at is null and not p.pending) told
  group by person_id, email, partner_id, guest
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
): Promise<Participant[]> => readersAmong(await findParticipants(db, activity), activity, notifies, receipt);

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
): Participant[] {
  const spared = side === 'system' || receipt ? null : author;
  const says = onlySays(action) || action === 'notify';
  const named = ({ person_id, deputizes }: Participant) =>
    [person_id, ...(says ? (deputizes ?? []) : [])].some((id) => isAmong(details, id));
  const told = notifies === 'other' ? (side === 'staff' ? 'partner' : 'staff') : notifies;
  // Guests don't learn of each other.
  const byGuest = participants.some(({ person_id, guest }) => guest && person_id === author);
  const forGuests = FOR_GUESTS.has(action) && visible_to === 'both' && !byGuest;
  return participants.filter((one) => {
    const { person_id, partner_id, guest } = one;
    const sides = [partner_id ? 'partner' : 'staff', 'both'];
    if (!sides.includes(visible_to) || person_id === spared || (says && !one.hears)) return false;
    if (told === 'named' || (guest && !forGuests)) return named(one);
    if (told === 'listed') return isListed(details, person_id);
    return sides.includes(told);
  });
}

const isListed = ({ people }: Activity['details'], person_id: string): boolean =>
  Array.isArray(people) && people.includes(person_id);

/** Who was told of the same step of a payment already, with another of the documents that it pays: once is enough. */
export async function toldOfPayment(
  db: Knex.Transaction,
  { organization_id, action, details }: Activity,
): Promise<Set<string>> {
  const { rows } = await db.raw<{ rows: { person_id: string }[] }>(TOLD, {
    organization_id,
    action,
    payment_id: String(details['payment']),
  });
  return new Set(rows.map(({ person_id }) => person_id));
}

const TOLD = `select n.person_id
  from payment_parts x
    join activities a on a.organization_id = x.organization_id and a.subject_id = x.document_id
      and a.action = any (array[:action, 'receive', 'receive_late']) and a.details ->> 'payment' = :payment_id
      and a.created_at = app_now()
    join notifications n on n.organization_id = a.organization_id and n.activity_id = a.id
  where x.organization_id = :organization_id and x.payment_id = :payment_id::uuid`;

const NOTIFY = `with added as (
    insert into notifications (organization_id, activity_id, subject_id, id, person_id, asks, named, read_at)
    select ?, ?, ?, r.id, r.person_id, r.asks, r.named, case when r.muted then app_now() end
    from unnest(?::uuid[], ?::uuid[], ?::boolean[], ?::boolean[], ?::boolean[]) as r (id, person_id, asks, named, muted)
    returning organization_id, person_id)
  select pg_notify(?, json_build_object('organization_id', organization_id, 'notified', person_id)::text) from added`;

/**
 * Writes one notification for each reader, and tells their open pages once the transaction commits. `kind`: its
 * subject's. What is only said about a muted subject is listed, but counts as read.
 */
export async function notify(
  db: Knex.Transaction,
  activity: Activity,
  readers: readonly Pick<Participant, 'person_id' | 'partner_id' | 'muted'>[],
  kind: string | null,
): Promise<void> {
  if (!readers.length) return;
  const { organization_id, subject_id, id, action, details } = activity;
  const asked = readers.map(({ partner_id }) => kind !== null && asks(kind, action, partner_id ? 'partner' : 'staff'));
  const named = readers.map(({ person_id }) => kind !== null && isNamed(kind, action, details, person_id));
  const quiet = readers.map(({ muted }) => muted && isOptional(action));
  const people = readers.map(({ person_id }) => person_id);
  const values = [organization_id, id, subject_id, readers.map(newId), people, asked, named, quiet, CHANNEL];
  await send(db, db.raw(NOTIFY, values));
}

const readWhere = (which: string) => `with done as (
    update notifications set read_at = now()
    where organization_id = ? and person_id = ? and read_at is null and ${which} returning id)
  select pg_notify(?, ?) from (select from done limit 1) changed`;

/** Marks a subject's notifications as read by this reader, so that emails still queued for them aren't sent. */
export const markRead = (db: Knex, actor: Actor, subject_id: string): Promise<void> =>
  mark(db, actor, 'subject_id = ?', [subject_id]);

/** The same for one notification, and for earlier ones on the same subject. */
export const markReadUpTo = (db: Knex, actor: Actor, subject_id: string | null, id: string): Promise<void> =>
  subject_id === null
    ? mark(db, actor, 'id = ?', [id])
    : mark(db, actor, 'subject_id = ? and id <= ?', [subject_id, id]);

/** The same for all notifications up to one: what came since stays unread. */
export const markAllRead = (db: Knex, actor: Actor, upto: string): Promise<void> => mark(db, actor, 'id <= ?', [upto]);

async function mark(db: Knex, actor: Actor, which: string, values: readonly string[]): Promise<void> {
  const { organization_id, person_id } = actor;
  const notified = JSON.stringify({ organization_id, notified: person_id });
  await withActor(db, systemActor(organization_id, person_id), async (db) => {
    await commitLater(db);
    await send(db, db.raw(readWhere(which), [organization_id, person_id, ...values, CHANNEL, notified]));
  });
}
