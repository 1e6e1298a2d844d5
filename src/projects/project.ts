import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { newId } from '../db/ids.js';
import { type Actor, type Query, withActor } from '../db/scope.js';
import { requireMay } from '../subjects/may.js';
import { addParticipants } from '../subjects/participants.js';
import { validProject } from './project_fields.js';

export interface Project {
  id: string;
  key: string;
  name: string;
  partner: string;
  partner_id: string;
}

/**
 * Creates a project for a customer, and records it; its author takes part. Returns its id.
 * @throws Invalid by field, NotAllowed
 */
export function addProject(
  db: Knex,
  actor: Actor,
  input: { key: string; name: string; partner: string },
): Promise<string> {
  requireMay(actor, 'desk');
  return withActor(db, actor, async (db) => {
    const organization_id = String(actor.organization_id);
    const fields = await validProject(db, organization_id, input, null);
    const id = newId();
    await db('projects').insert({ ...fields, organization_id, id });
    if (actor.person_id) await addParticipants(db, { organization_id, id }, [actor.person_id]);
    const { partner_id, name } = fields;
    const details = { name };
    await record(db, actor, { action: 'begin_project', subject_id: id, partner_id, details, visible_to: 'staff' });
    return id;
  });
}

const SELECT = `select j.id, j.key, j.name, j.partner_id, coalesce(p.name, '') as partner
  from projects j left join partners p on p.organization_id = j.organization_id and p.id = j.partner_id
  where j.organization_id = $1`;

/**
 * The projects that the actor may see, newest first, from after the id `before`: `size` of them, and one more to tell
 * whether there is a next page.
 */
export const projectList = ({ organization_id }: Actor, before: string | null, size: number): Query<Project> => ({
  name: before ? 'projects_before' : 'projects',
  text: `${SELECT} ${before ? 'and j.id < $2' : ''} order by j.id desc limit ${size + 1}`,
  values: before ? [organization_id, before] : [organization_id],
});

export const projectByKey = ({ organization_id }: Actor, key: string): Query<Project> => ({
  name: 'project',
  text: `${SELECT} and j.key = $2`,
  values: [organization_id, key],
});
