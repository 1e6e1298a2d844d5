import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { systemActor, withActor } from '../../db/scope.js';
import type { Invitation } from './find_invitation.js';
import { invite } from './invite.js';
import { tell } from './tell.js';
import { findGranters } from './who_grants.js';

/** What came of asking for a new invitation. `sent`: one is on its way; `asked`: somebody was told. */
export type Renewal = 'sent' | 'asked';

/**
 * Sends a new invitation in place of one that has expired, to the same address, at most one a minute; or tells those
 * who can send it, once a day, where the organization wants that. The old link stays expired.
 */
export function renewInvitation(db: Knex, secret: string, invitation: Invitation): Promise<Renewal> {
  const { organization_id, person_id, renews } = invitation;
  return withActor(db, systemActor(organization_id), async (db) => {
    // Two that ask at once: the second waits, and finds that one was sent.
    const person = await db('people').where({ organization_id, id: person_id }).forUpdate().first('partner_id', 'name');
    if (!renews) return askForInvitation(db, invitation, person);
    const recent = await db('invitations')
      .where({ organization_id, person_id })
      .where('sent_at', '>', db.raw(`app_now() - interval '1 minute'`))
      .first('id');
    if (!recent) await invite(db, secret, systemActor(organization_id), person_id, null);
    return 'sent';
  });
}

async function askForInvitation(
  db: Knex.Transaction,
  { organization_id, id, person_id }: Invitation,
  { partner_id, name }: { partner_id: string | null; name: string },
): Promise<Renewal> {
  const asked = await db('invitations')
    .where({ organization_id, id })
    .where((once) => void once.whereNull('asked_at').orWhere('asked_at', '<', db.raw(`app_now() - interval '1 day'`)))
    .update({ asked_at: db.raw('app_now()') });
  if (!asked) return 'asked';
  const details = { name, person_id };
  const visible_to = partner_id ? ('both' as const) : ('staff' as const);
  const activity = await record(db, systemActor(organization_id, person_id), {
    action: 'ask_invitation',
    partner_id,
    details,
    visible_to,
  });
  await tell(db, activity, await findGranters(db, organization_id, person_id, partner_id));
  return 'asked';
}
