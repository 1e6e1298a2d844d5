import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor, Side } from '../db/scope.js';

/** What happened, kept for good. `details` are what was asked and what came of it; amounts in it are minor units of the document's currency. */
export interface Activity {
  organization_id: string;
  id: string;
  document_id: string | null;
  partner_id: string | null;
  person_id: string | null;
  side: Side;
  action: string;
  details: Record<string, unknown>;
  version: number;
  visible_to: 'both' | 'staff' | 'partner';
}

type Event = Pick<Activity, 'action'> & Partial<Pick<Activity, 'id' | 'document_id' | 'partner_id' | 'details' | 'version' | 'visible_to'>>;

/** The channel on which open pages hear that something changed (LISTEN); the payload names the organization, the document and who may know. */
export const CHANNEL = 'parley_activity';

/** Writes the one line of what happened, in the caller's transaction, and wakes the open pages once it is kept. */
export async function record(db: Knex.Transaction, actor: Actor, event: Event): Promise<Activity> {
  if (!actor.organization_id) throw new Error('An activity belongs to an organization.');
  const activity: Activity = {
    id: newId(),
    document_id: null,
    partner_id: null,
    details: {},
    version: 0,
    visible_to: 'both',
    ...event,
    organization_id: actor.organization_id,
    person_id: actor.person_id,
    side: actor.side,
  };
  const { organization_id, document_id, visible_to } = activity;
  await Promise.all([
    db('activities').insert({ ...activity, details: JSON.stringify(activity.details) }),
    db.raw('select pg_notify(?, ?)', [CHANNEL, JSON.stringify({ organization_id, document_id, visible_to })]),
  ]);
  return activity;
}
