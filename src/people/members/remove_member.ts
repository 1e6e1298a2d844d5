import type { Knex } from 'knex';
import { notifyRemoved } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { revokeLinks } from '../../mail/links/issue_keys.js';
import { requireOtherOwner } from './change_role.js';
import { changeMember, recordChange, requireToManage } from './member_change.js';

/**
 * Ends a member's access at once, or one's own: sessions and links lead nowhere, open pages end, and what they reply is
 * held. What they take part in stays, and who they are: invited again, they are the same person.
 * @throws NotAllowed, NotFound; Invalid for the last owner
 */
export const removeMember = (db: Knex, actor: Actor, person_id: string): Promise<void> =>
  changeMember(db, actor, person_id, async (db, change) => {
    const { author, member } = change;
    if (member.pending) throw new NotFound();
    if (member.id !== author.id) requireToManage(author, member.role);
    if (member.role === 'owner') await requireOtherOwner(db, change);
    await endAccess(db, change.organization_id, member.id);
    await recordChange(db, actor, 'remove_member', { person_id: member.id, name: member.name }, [member]);
  });

/** Takes back an invitation that nobody has taken. @throws NotAllowed, NotFound */
export const withdrawInvitation = (db: Knex, actor: Actor, person_id: string): Promise<void> =>
  changeMember(db, actor, person_id, async (db, change) => {
    const { author, member } = change;
    requireToManage(author, member.role);
    if (!member.pending) throw new NotFound();
    await endAccess(db, change.organization_id, member.id);
    await recordChange(db, actor, 'withdraw_invitation', { person_id: member.id, name: member.name }, []);
  });

/** Ends what somebody could open: their invitations, deputies, links and open pages. */
export async function endAccess(db: Knex.Transaction, organization_id: string, id: string): Promise<void> {
  const now = db.raw('app_now()');
  await db('people').where({ organization_id, id }).update({ removed_at: now });
  await db('invitations')
    .where({ organization_id, person_id: id, accepted_at: null, revoked_at: null })
    .update({ revoked_at: now });
  await db('absences')
    .where({ organization_id, ended_at: null })
    .where((either) => either.where({ person_id: id }).orWhere({ deputy_id: id }))
    .update({ ended_at: now });
  await revokeLinks(db, { organization_id, person_id: id });
  await notifyRemoved(db, organization_id, id);
}
