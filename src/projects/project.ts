import type { Knex } from 'knex';
import { z } from 'zod';
import { record } from '../activity/record.js';
import { isId, newId } from '../db/ids.js';
import { type Actor, type Query, withActor } from '../db/scope.js';
import { Invalid, NotAllowed, NotFound } from '../errors.js';
import { readForm, required } from '../people/form_values.js';

/** `key` is its name in URLs: 'MAPLE-2'. `partner_id` is its customer. */
interface ProjectFields {
  key: string;
  name: string;
  partner_id: string;
}

export interface ProjectChoice {
  id: string;
  key: string;
  name: string;
}

export interface Project extends ProjectChoice {
  partner: string;
  partner_id: string;
}

/** Its fields as their form names them. 'NEW' would be the address of the form. */
const Form = z.object({
  key: z
    .string()
    .transform((typed) => typed.trim().toUpperCase())
    .refine(
      (key) => key !== 'NEW' && /^[A-Z0-9][A-Z0-9-]{0,19}$/.test(key),
      'Use up to 20 letters, digits and hyphens.',
    ),
  name: required(200),
  partner: z.string().refine(isId, 'Choose a customer.'),
});

/** Trimmed, the key in upper case. @throws Invalid by field. */
function validated({ partner_id, ...fields }: ProjectFields): ProjectFields {
  const { partner, ...form } = readForm(Form, { ...fields, partner: partner_id });
  return { ...form, partner_id: partner };
}

/** Creates a project for a customer, and records it. Returns its id. @throws Invalid by field, NotAllowed */
export function addProject(db: Knex, actor: Actor, fields: ProjectFields): Promise<string> {
  return saveProject(db, actor, 'begin_project', newId(), validated(fields));
}

/** Changes its key, name and customer. Returns its id. @throws Invalid by field, NotAllowed, NotFound */
export function changeProject(db: Knex, actor: Actor, id: string, fields: ProjectFields): Promise<string> {
  return saveProject(db, actor, 'change_project', id, validated(fields));
}

function saveProject(
  db: Knex,
  actor: Actor,
  action: 'begin_project' | 'change_project',
  id: string,
  fields: ProjectFields,
): Promise<string> {
  if (actor.side !== 'staff') throw new NotAllowed('This is not yours to do.');
  return withActor(db, actor, async (db) => {
    const { organization_id } = actor;
    if (!(await db('partners').where({ organization_id, id: fields.partner_id, is_customer: true }).first('id')))
      throw new Invalid({ partner: 'Choose a customer.' });
    // Of two at the same time, the second waits here, and then sees the key of the first.
    await db('organizations').where({ id: organization_id }).forUpdate().first('id');
    if (await db('projects').where({ organization_id, key: fields.key }).whereNot({ id }).first('id'))
      throw new Invalid({ key: 'There is a project with this key already.' });
    if (action === 'begin_project') await db('projects').insert({ ...fields, organization_id, id });
    else if (!(await db('projects').where({ organization_id, id }).update(fields))) throw new NotFound();
    const details = { name: fields.name, project: id };
    await record(db, actor, { action, partner_id: fields.partner_id, details, visible_to: 'staff' });
    return id;
  });
}

const SELECT = `select j.id, j.key, j.name, j.partner_id,
    coalesce((select p.name from partners p
      where p.organization_id = j.organization_id and p.id = j.partner_id), '') as partner
  from projects j where j.organization_id = $1`;

/** SQL: narrows projects `j` to those of partner $2, or with a document of theirs: row security would ask of each. */
const OF_PARTNER = `and j.id = any (array(
  select p.id from projects p where p.organization_id = $1 and p.partner_id = $2
  union select d.project_id from documents d
    where d.organization_id = $1 and d.partner_id = $2 and d.project_id is not null))`;

/**
 * The projects that the actor may see, newest first, from after the id `before`: `size` of them, and one more to tell
 * whether there is a next page.
 */
export function projectList(actor: Actor, before: string | null, size: number): Query<Project> {
  const { organization_id, partner_id } = actor;
  const values = [organization_id, ...(partner_id ? [partner_id] : []), ...(before ? [before] : [])];
  return {
    name: `projects${partner_id ? '_of_partner' : ''}${before ? '_before' : ''}`,
    text: `${SELECT} ${partner_id ? OF_PARTNER : ''} ${before ? `and j.id < $${values.length}` : ''}
      order by j.id desc limit ${size + 1}`,
    values,
  };
}

/** The newest projects, to choose from. */
export const projectChoices = ({ organization_id, partner_id }: Actor, size: number): Query<ProjectChoice> => ({
  name: `project_choices${partner_id ? '_of_partner' : ''}_${size}`,
  text: `select j.id, j.key, j.name from projects j where j.organization_id = $1 ${partner_id ? OF_PARTNER : ''}
    order by j.id desc limit ${size}`,
  values: partner_id ? [organization_id, partner_id] : [organization_id],
});

export const projectByKey = ({ organization_id }: Actor, key: string): Query<Project> => ({
  name: 'project',
  text: `${SELECT} and j.key = $2`,
  values: [organization_id, key],
});
