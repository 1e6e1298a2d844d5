import type { Knex } from 'knex';
import type { Actor, Limits } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { formatFor } from '../../pages/format.js';
import { lendLimits } from './absences.js';
import { changeMember, type Member, recordChange, refusal, requireToManage } from './member_change.js';

/**
 * Sets up to which totals a member may send and approve, and tells them. @throws NotAllowed for their own; Invalid for
 * an owner, or above the limits of who sets them
 */
export const changeLimits = (
  db: Knex,
  actor: Actor,
  person_id: string,
  { send, approve }: Pick<Limits, 'send' | 'approve'>,
): Promise<void> =>
  changeMember(db, actor, person_id, async (db, { organization_id, author, member }) => {
    if (member.id === author.id) throw refusal();
    requireToManage(author, member.role);
    if (member.role === 'owner') throw new Invalid({ form: 'Owners have no limits.' });
    const limits = { send_limit: send, approve_limit: approve };
    if (send === member.send_limit && approve === member.approve_limit) return;
    const organization = await db('organizations').where({ id: organization_id }).first('currency');
    if (!organization) throw new NotFound();
    refuseAbove(author, limits, actor, organization.currency);
    await db('people').where({ organization_id, id: member.id }).update(limits);
    await lendLimits(db, organization_id, member.id);
    const details = { person_id: member.id, name: member.name, ...limits, currency: organization.currency };
    await recordChange(db, actor, 'change_limits', details, member.pending ? [] : [member]);
  });

/** Nobody permits more than they may themselves. @throws Invalid by field */
function refuseAbove(author: Member, limits: Pick<Member, 'send_limit' | 'approve_limit'>, actor: Actor, code: string) {
  for (const name of ['send_limit', 'approve_limit'] as const) {
    const [own, given] = [author[name], limits[name]];
    if (own === null || (given !== null && given <= own)) continue;
    const limit = formatFor(actor).money(own, code);
    throw new Invalid({ [name]: 'Your own limit is {{limit}}.' }, { limit });
  }
}
