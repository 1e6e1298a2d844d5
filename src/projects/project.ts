import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { newId } from '../db/ids.js';
import { finds } from '../db/planner.js';
import { type Actor, actingAs, type Query, systemActor, withActor } from '../db/scope.js';
import { besideComments, type Conversation } from '../conversation/conversation.js';
import { requireMay } from '../subjects/may.js';
import { addParticipants } from '../subjects/participants.js';
import { validProject } from './project_fields.js';
import { countFor } from './project_head.js';
import type { ProjectRow } from './project_subject.js';
import { useTemplate } from './templates/use_template.js';

type ProjectState = 'open' | 'closed';

export interface ProjectChoice {
  id: string;
  key: string;
  name: string;
}

export interface Project extends ProjectChoice {
  partner: string;
  partner_id: string;
}

/**
 * Creates a project for a customer, and records it; its author and its manager take part. `input`: by `projectInput`;
 * with a `template`, an id, the project begins with its tasks. Returns its id. @throws Invalid by field, NotAllowed
 */
export function addProject(
  db: Knex,
  actor: Actor,
  {
    template,
    ...input
  }: { key: string; name: string; partner: string; template?: string; starts_on?: string | undefined },
): Promise<string> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const organization_id = String(actor.organization_id);
    const fields = await validProject(db, organization_id, input, null);
    const id = newId();
    await db('projects').insert({ ...fields, organization_id, id });
    const people = [...new Set([actor.person_id, fields.manager_id])].filter((person) => person !== null);
    await addParticipants(db, { organization_id, id }, people);
    const created = { organization_id, id, starts_on: fields.starts_on, people };
    const author = systemActor(organization_id, actor.person_id, actor.now);
    if (template) {
      const last = await actingAs(db, author, () => useTemplate(db, template, created));
      if (!fields.ends_on) await db('projects').where({ organization_id, id }).update({ ends_on: last });
    }
    const { partner_id, name } = fields;
    const details = { name };
    await record(db, actor, { action: 'begin_project', subject_id: id, partner_id, details, visible_to: 'staff' });
    return id;
  });
}

/** A project in a list. Days ISO 8601; `done` of `tasks`: the progress that its reader sees, by estimate. */
export interface ListedProject extends Project {
  state: string;
  ends_on: string | null;
  tasks: number;
  done: number;
  /** When the next of its tasks is due, or was. */
  next_due_on: string | null;
}

const SELECT = `select d.id, d.key, d.name, d.partner_id, d.state, d.ends_on,
    ${countFor('task_weight', 'tasks')}, ${countFor('done_weight', 'done')},
    coalesce((select p.name from partners p
      where p.organization_id = d.organization_id and p.id = d.partner_id), '') as partner,
    (select t.due_on from tasks t where t.organization_id = d.organization_id and t.project_id = d.id
      and t.state in ('open', 'started') and t.kind <> 'phase' and t.due_on is not null
      order by t.due_on limit 1) as next_due_on
  from projects d where d.organization_id = $1`;

/**
 * SQL: narrows projects `d` to the newest of partner $2, or in which they have work: row security would ask of each.
 * `before`: the parameter of an id; `most`: how many are enough; `state`: only those.
 */
const ofPartner = (before: string | null, most: number, state: ProjectState | null = null) => {
  const newest = (from: string, id: string) => `(select ${id} as id from ${from}
    ${state ? `and x.state = '${state}'` : ''} ${before ? `and ${id} < ${before}` : ''} order by ${id} desc limit ${most})`;
  const seen = finds('projects p where p.organization_id = $1 and p.id = x.project_id');
  return `and d.id = any (array(
    ${newest('projects x where x.organization_id = $1 and x.partner_id = $2', 'x.id')} union
    ${newest(`project_work x where x.organization_id = $1 and x.partner_id = $2 and ${seen}`, 'x.project_id')}
    order by id desc limit ${most}))`;
};

/**
 * The projects that the actor may see, newest first, from after the id `before`: `size` of them, and one more to tell
 * whether there is a next page. `state`: only those in it.
 */
export function projectList(
  actor: Actor,
  before: string | null,
  size: number,
  state: ProjectState | null = null,
): Query<ListedProject> {
  const { organization_id, partner_id } = actor;
  const values = [organization_id, ...(partner_id ? [partner_id] : []), ...(before ? [before] : [])];
  const last = before ? `$${values.length}` : null;
  return {
    name: `projects${partner_id ? '_of_partner' : ''}${before ? '_before' : ''}_${state ?? 'all'}_${size}`,
    text: `${SELECT} ${state ? `and d.state = '${state}'` : ''}
      ${partner_id ? ofPartner(last, size + 1, state) : ''} ${last ? `and d.id < ${last}` : ''}
      order by d.id desc limit ${size + 1}`,
    values,
  };
}

/** The newest projects, to choose from. */
export const projectChoices = ({ organization_id, partner_id }: Actor, size: number): Query<ProjectChoice> => ({
  name: `project_choices${partner_id ? '_of_partner' : ''}_${size}`,
  text: `select d.id, d.key, d.name from projects d where d.organization_id = $1 ${partner_id ? ofPartner(null, size) : ''}
    order by d.id desc limit ${size}`,
  values: partner_id ? [organization_id, partner_id] : [organization_id],
});

/** A project's page, with what belongs to its conversation, as far as its reader may see them. */
export interface ProjectPage extends Project, ProjectRow, Omit<Conversation, 'comments'> {
  /** Of its customer. */
  currency: string;
  /** Whether its reader sees more of it than its name: its conversation. */
  shared: boolean;
}

const PAGE = `select d.organization_id, d.id, d.key, d.name, d.state, d.partner_id, coalesce(p.name, '') as partner,
  coalesce(p.currency, '') as currency, ${besideComments('0')},
  ${finds('subjects s where s.organization_id = d.organization_id and s.id = d.id')} as shared
  from projects d left join partners p on p.organization_id = d.organization_id and p.id = d.partner_id
  where d.organization_id = $1 and d.key = $2`;

/** The project of this key as what is acted on, with its currency, if its conversation is shared with the reader. */
export const projectFacts = ({ organization_id }: Actor, key: string): Query<ProjectRow & { currency: string }> => ({
  name: 'project_facts',
  text: `select d.organization_id, d.id, d.key, d.state, d.partner_id, coalesce(p.currency, '') as currency
    from projects d join subjects s on s.organization_id = d.organization_id and s.id = d.id
    left join partners p on p.organization_id = d.organization_id and p.id = d.partner_id
    where d.organization_id = $1 and d.key = $2`,
  values: [organization_id, key],
});

export const projectPage = ({ organization_id }: Actor, key: string): Query<ProjectPage> => ({
  name: 'project_page',
  text: PAGE,
  values: [organization_id, key],
});

/** The staff and the customer's contacts who don't take part in the project yet. */
export const peopleToAdd = ({ organization_id }: Actor, key: string): Query<{ id: string; name: string }> => ({
  name: 'project_people',
  text: `select p.id, p.name || coalesce(' · ' || n.name, '') as name
    from projects j join people p on p.organization_id = j.organization_id
      and (p.partner_id is null or p.partner_id = j.partner_id) and p.removed_at is null
      and not p.pending
    left join partners n on n.organization_id = p.organization_id and n.id = p.partner_id
    where j.organization_id = $1 and j.key = $2 and not exists (select from participants x
      where x.organization_id = j.organization_id and x.subject_id = j.id and x.person_id = p.id)
    order by p.partner_id nulls last, p.name limit 200`,
  values: [organization_id, key],
});
