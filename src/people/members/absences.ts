import type { Knex } from 'knex';
import { isId, newId } from '../../db/ids.js';
import { type Actor, systemActor, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import { changeMember, type Member, memberWith, recordChange, requireToManage } from './member_change.js';

interface AbsenceFields {
  /** Days of the organization (ISO 8601); the last is one of absence, too. */
  from_on: string;
  until_on: string;
  deputy_id: string;
  /** Whether the deputy may send and approve up to the member's limits. */
  with_limits: boolean;
}

/** What an absence's activity says of it. */
interface AbsenceDetails extends Pick<AbsenceFields, 'from_on' | 'until_on' | 'deputy_id'> {
  person_id: string;
  name: string;
  deputy: string;
}

/**
 * Sets when a member is away and who stands in for them, in place of what was set before; tells both. Meanwhile the
 * deputy gets the member's mail about what they take part in, and acts on it for them, with their own role.
 * @throws NotAllowed, NotFound, Invalid
 */
export const setAbsence = (db: Knex, actor: Actor, person_id: string, fields: AbsenceFields): Promise<void> =>
  changeMember(db, actor, person_id, async (db, { organization_id, author, member }) => {
    if (member.id !== author.id) requireToManage(author, member.role);
    if (member.pending) throw new NotFound();
    const { from_on, until_on, deputy_id, with_limits } = fields;
    const deputy = await deputyFor(db, organization_id, member, deputy_id);
    if (until_on < from_on) throw new Invalid({ until_on: 'The last day is before the first.' });
    if (until_on < today(actor)) throw new Invalid({ until_on: 'This day has passed.' });
    await endOpen(db, organization_id, member.id);
    const limits = { with_limits, send_limit: member.send_limit, approve_limit: member.approve_limit };
    const absence = { organization_id, id: newId(), person_id: member.id, deputy_id, from_on, until_on, ...limits };
    await db('absences').insert(absence);
    const about = { person_id: member.id, name: member.name, deputy_id, deputy: deputy.name };
    const readers = [deputy, member].filter(({ id }) => id !== author.id);
    await recordChange(db, actor, 'set_absence', { ...about, from_on, until_on, with_limits }, readers);
  });

/** @throws Invalid if they can't stand in for the member */
async function deputyFor(db: Knex.Transaction, organization_id: string, member: Member, id: string): Promise<Member> {
  const known =
    isId(id) && (await db('people').where({ organization_id, id, partner_id: null, removed_at: null }).first('id'));
  const found = known ? await memberWith(db, organization_id, id) : null;
  if (!found || found.pending || found.id === member.id) throw new Invalid({ deputy_id: 'Choose a deputy.' });
  return found;
}

/** Ends an absence before its time, or one to come; tells the deputy. @throws NotAllowed, NotFound */
export const cancelAbsence = (db: Knex, actor: Actor, person_id: string): Promise<void> =>
  changeMember(db, actor, person_id, async (db, { organization_id, author, member }) => {
    if (member.id !== author.id) requireToManage(author, member.role);
    const ended = await endOpen(db, organization_id, member.id);
    if (!ended) throw new NotFound();
    const deputy: Member = await db('people').where({ organization_id, id: ended.deputy_id }).first();
    const about = { person_id: member.id, name: member.name, deputy_id: deputy.id, deputy: deputy.name };
    await recordChange(db, actor, 'cancel_absence', about, deputy.id === author.id ? [] : [deputy]);
  });

async function endOpen(db: Knex.Transaction, organization_id: string, person_id: string) {
  const open = db('absences').where({ organization_id, person_id, ended_at: null });
  const [ended]: { deputy_id: string }[] = await open.update({ ended_at: db.raw('app_now()') }, ['deputy_id']);
  return ended;
}

/** The limits that an open absence lends are those that its member has now. */
export async function lendLimits(db: Knex.Transaction, organization_id: string, person_id: string): Promise<void> {
  const { send_limit, approve_limit } = await memberWith(db, organization_id, person_id);
  await db('absences').where({ organization_id, person_id, ended_at: null }).update({ send_limit, approve_limit });
}

/** Ends the absences whose last day is over in their organization, and tells who returns what was done for them. */
export async function endAbsences(db: Knex, now?: Date): Promise<void> {
  for (const id of await db('organizations').pluck('id'))
    await withActor(db, systemActor(id, null, now), (db) => endThoseOf(db, systemActor(id, null, now)));
}

async function endThoseOf(db: Knex.Transaction, actor: Actor): Promise<void> {
  const { organization_id } = actor;
  const over: (AbsenceDetails & { email: string })[] = await db('absences as b')
    .join('organizations as o', 'o.id', 'b.organization_id')
    .join('people as p', (on) => on.on('p.organization_id', 'b.organization_id').on('p.id', 'b.person_id'))
    .join('people as d', (on) => on.on('d.organization_id', 'b.organization_id').on('d.id', 'b.deputy_id'))
    .where({ 'b.organization_id': organization_id, 'b.ended_at': null })
    .whereRaw('b.until_on < (app_now() at time zone o.time_zone)::date')
    .forUpdate('b')
    .select('b.person_id', 'b.deputy_id', 'b.from_on', 'b.until_on', 'p.name', 'p.email', 'd.name as deputy');
  for (const { email, ...details } of over) {
    await endOpen(db, String(organization_id), details.person_id);
    await recordChange(db, actor, 'end_absence', { ...details }, [{ id: details.person_id, email }]);
  }
}
