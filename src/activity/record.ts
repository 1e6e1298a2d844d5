import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor, Side } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';

/** What happened, append-only. `details`: input and results; amounts in minor units of the document's currency. */
export interface Activity {
  organization_id: string;
  id: string;
  subject_id: string | null;
  partner_id: string | null;
  person_id: string | null;
  side: Side;
  action: string;
  details: Record<string, unknown>;
  version: number;
  visible_to: 'both' | 'staff' | 'partner';
}

type Event = Pick<Activity, 'action'> &
  Partial<Pick<Activity, 'id' | 'subject_id' | 'partner_id' | 'details' | 'version' | 'visible_to'>>;

/** The LISTEN channel that tells open pages of a change. The payload is a `Change`, see listen.ts. */
export const CHANNEL = 'parley_activity';

/** Writes an activity, in the caller's transaction; open pages are notified once that commits. */
export async function record(db: Knex.Transaction, actor: Actor, event: Event): Promise<Activity> {
  const activity = createActivity(actor, event);
  await send(db, db('activities').insert({ ...activity, details: JSON.stringify(activity.details) }));
  await notifyListeners(db, activity);
  return activity;
}

/**
 * The activities of one action on a subject. `view` is written out, or the planner couldn't know that the index of views
 * is enough, and would read all that was ever done.
 */
export const doneBefore = (
  db: Knex.Transaction,
  where: { organization_id: string; subject_id: string | null; version?: number; person_id?: string | null },
  action: string,
) => {
  const done = db('activities').where(where);
  return action === 'view' ? done.whereRaw(`action = 'view'`) : done.where({ action });
};

/** As `record`, unless the subject's last activity is the same, by the same person, within the hour: returns that. */
export async function recordOnce(db: Knex.Transaction, actor: Actor, event: Event): Promise<Activity> {
  const activity = createActivity(actor, event);
  const { organization_id, subject_id, person_id, action } = activity;
  const last: Activity | undefined = await db('activities')
    .where({ organization_id, subject_id })
    .where('created_at', '>', db.raw(`app_now() - interval '1 hour'`))
    .orderBy('id', 'desc')
    .first();
  if (last?.action !== action || last.person_id !== person_id) return record(db, actor, event);
  await notifyListeners(db, last);
  return last;
}

function createActivity(actor: Actor, event: Event): Activity {
  if (!actor.organization_id) throw new Error('An activity belongs to an organization.');
  const { organization_id, person_id, side } = actor;
  const defaults = {
    id: newId(),
    subject_id: null,
    partner_id: null,
    details: {},
    version: 0,
    visible_to: 'both' as const,
  };
  return { ...defaults, ...event, organization_id, person_id, side };
}

/** In the place of a person: all contacts of an organization. */
export const EVERY_CONTACT = 'contacts';

/** Ends the live pages of who may see no more of what they saw, once the transaction commits: a `Removal`, see listen.ts. */
export const notifyRemoved = (db: Knex.Transaction, organization_id: string, person_id: string): Promise<void> =>
  send(db, db.raw('select pg_notify(?, ?)', [CHANNEL, JSON.stringify({ organization_id, removed: person_id })]));

/** Ends the live pages of a session that has ended, once the transaction commits. */
export const notifySignedOut = (db: Knex.Transaction, session_hash: string): Promise<void> =>
  send(db, db.raw('select pg_notify(?, ?)', [CHANNEL, JSON.stringify({ organization_id: '', removed: session_hash })]));

const notifyListeners = (db: Knex.Transaction, { organization_id, subject_id, visible_to }: Activity) =>
  send(db, db.raw('select pg_notify(?, ?)', [CHANNEL, JSON.stringify({ organization_id, subject_id, visible_to })]));
