import type { Knex } from 'knex';
import { notifyRemoved } from '../../activity/record.js';
import type { Actor, Role } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { lostPermissions } from '../../subjects/permissions.js';
import { lendLimits } from './absences.js';
import {
  changeMember,
  type Member,
  type MemberChange,
  recordChange,
  refusal,
  requireToManage,
} from './member_change.js';

/**
 * Gives a member another role, and tells them; who makes somebody else owner is told, too. Owners have no limits.
 * @throws NotAllowed for a role that their own doesn't reach, or a higher one of their own; Invalid for the last owner
 */
export const changeRole = (db: Knex, actor: Actor, person_id: string, role: Role): Promise<void> =>
  changeMember(db, actor, person_id, async (db, change) => {
    const { organization_id, author, member } = change;
    if (member.role === role) return;
    const self = member.id === author.id;
    if (self && lostPermissions(role, member.role).length) throw refusal();
    requireToManage(author, member.role, role);
    if (role === 'owner' && member.pending)
      throw new Invalid({ role: 'They can be made owner once they have joined.' });
    if (member.role === 'owner') await requireOtherOwner(db, change);
    const limits = role === 'owner' ? { send_limit: null, approve_limit: null } : {};
    await db('people')
      .where({ organization_id, id: member.id })
      .update({ role, ...limits });
    await lendLimits(db, organization_id, member.id);
    // Their open pages were made for what they may do no more.
    if (lostPermissions(member.role, role).length) await notifyRemoved(db, organization_id, member.id);
    const details = { person_id: member.id, name: member.name, role, before: member.role };
    await recordChange(db, actor, 'change_role', details, readersOf(change, role));
  });

function readersOf({ author, member }: MemberChange, role: Role): Member[] {
  const told = member.pending ? [] : [member];
  return role === 'owner' ? [...told, author] : told;
}

/** @throws Invalid for the last owner, who can neither leave nor be lowered */
export async function requireOtherOwner(db: Knex.Transaction, { organization_id, member }: MemberChange) {
  const owners = db('people').where({ organization_id, partner_id: null, role: 'owner', removed_at: null });
  const other = await owners.where({ pending: false }).whereNot({ id: member.id }).first('id');
  if (!other)
    throw new Invalid({ role: 'Make somebody else owner first: {{name}} is the only one.' }, { name: member.name });
}
