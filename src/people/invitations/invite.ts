import type { Knex } from 'knex';
import { type Activity, record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, setActor, systemActor } from '../../db/scope.js';
import { hashOf, linkToken } from '../../db/secrets.js';
import { NotFound } from '../../errors.js';
import { queueEmail } from '../../mail/outbox/queue.js';

/** For so many days after it was sent, an invitation's link activates. */
const INVITATION_DAYS = 7;

interface Invited {
  name: string;
  email: string;
  partner_id: string | null;
}

/**
 * Invites a person of the actor's organization by email, or sends their open invitation again, in the caller's
 * transaction; returns the activity. `message`: the inviter's own words; null leaves what they wrote before. The caller
 * has checked that the actor may. @throws NotFound if they are no member, or were removed
 */
export async function invite(
  db: Knex.Transaction,
  secret: string,
  actor: Actor,
  person_id: string,
  message: string | null,
): Promise<Activity> {
  const { organization_id } = actor;
  if (!organization_id) throw new NotFound();
  await setActor(db, systemActor(organization_id, actor.person_id, actor.now));
  const person = await markInvited(db, organization_id, person_id);
  const last = await openInvitation(db, organization_id, person_id);
  // One that has expired stays so: whoever comes upon its link later must not be let in by a new one.
  const id = last?.live ? last.id : newId();
  const sent = {
    token_hash: hashOf(linkToken(secret, id)),
    invited_by: actor.side === 'system' ? (last?.invited_by ?? null) : actor.person_id,
    message: message ?? last?.message ?? '',
    sent_at: db.raw('app_now()'),
    expires_at: db.raw(`app_now() + interval '${INVITATION_DAYS} days'`),
  };
  const { partner_id, name, email } = person;
  if (last?.live) await db('invitations').where({ organization_id, id }).update(sent);
  else await db('invitations').insert({ ...sent, organization_id, id, person_id, partner_id });
  const about = { organization_id, person_id, activity_id: null, subject_id: null, cause_id: id, to_address: email };
  await queueEmail(db, { ...about, kind: 'invitation' });
  const action = actor.side === 'system' ? 'renew_invitation' : 'invite';
  const details = { name, person_id };
  return record(db, actor, { action, partner_id, details, visible_to: partner_id ? 'both' : 'staff' });
}

async function markInvited(db: Knex.Transaction, organization_id: string, id: string): Promise<Invited> {
  const [person]: Invited[] = await db('people')
    .where({ organization_id, id, removed_at: null })
    .update({ invited_at: db.raw('coalesce(invited_at, app_now())') })
    .returning(['name', 'email', 'partner_id']);
  if (!person) throw new NotFound();
  return person;
}

interface OpenInvitation {
  id: string;
  message: string;
  invited_by: string | null;
  live: boolean;
}

/** The last invitation of a person that was neither taken nor withdrawn. */
const openInvitation = (
  db: Knex.Transaction,
  organization_id: string,
  person_id: string,
): Promise<OpenInvitation | undefined> =>
  db('invitations')
    .where({ organization_id, person_id, accepted_at: null, revoked_at: null })
    .orderBy('id', 'desc')
    .first('id', 'message', 'invited_by', db.raw('expires_at > app_now() as live'));
