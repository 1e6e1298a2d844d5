import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { newId } from '../db/ids.js';
import { finds } from '../db/planner.js';
import { type Actor, type Query, withActor } from '../db/scope.js';
import { besideComments, type Conversation } from '../conversation/conversation.js';
import { requireMay } from '../subjects/may.js';
import { addParticipants } from '../subjects/participants.js';
import { validProject } from './project_fields.js';
import type { ProjectRow } from './project_subject.js';

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
 * Creates a project for a customer, and records it; its author takes part. Returns its id.
 * @throws Invalid by field, NotAllowed
 */
export function addProject(
  db: Knex,
  actor: Actor,
  input: { key: string; name: string; partner: string },
): Promise<string> {
  requireMay(actor, 'planning');
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

const SELECT = `select j.id, j.key, j.name, j.partner_id,
    coalesce((select p.name from partners p
      where p.organization_id = j.organization_id and p.id = j.partner_id), '') as partner
  from projects j where j.organization_id = $1`;

/**
 * SQL: narrows projects `j` to the newest of partner $2, or with a document of theirs: row security would ask of each.
 * Their documents' projects are found one after the other, each by its index, not by reading all documents. `before`:
 * the parameter of an id; `most`: how many are enough.
 */
const ofPartner = (before: string | null, most: number) => {
  const next = (than: string | null) => `select d.project_id as id from documents d
    where d.organization_id = $1 and d.partner_id = $2 and d.project_id ${than ? `< ${than}` : 'is not null'}
    order by d.project_id desc limit 1`;
  return `and j.id = any (array(
    (select p.id from projects p where p.organization_id = $1 and p.partner_id = $2 ${before ? `and p.id < ${before}` : ''}
      order by p.id desc limit ${most})
    union (
      with recursive theirs as (
        (${next(before)}) union all select d.id from theirs t cross join lateral (${next('t.id')}) d)
      select id from theirs limit ${most})
    order by id desc limit ${most}))`;
};

/**
 * The projects that the actor may see, newest first, from after the id `before`: `size` of them, and one more to tell
 * whether there is a next page.
 */
export function projectList(actor: Actor, before: string | null, size: number): Query<Project> {
  const { organization_id, partner_id } = actor;
  const values = [organization_id, ...(partner_id ? [partner_id] : []), ...(before ? [before] : [])];
  const last = before ? `$${values.length}` : null;
  return {
    name: `projects${partner_id ? '_of_partner' : ''}${before ? '_before' : ''}_${size}`,
    text: `${SELECT} ${partner_id ? ofPartner(last, size + 1) : ''} ${last ? `and j.id < ${last}` : ''}
      order by j.id desc limit ${size + 1}`,
    values,
  };
}

/** The newest projects, to choose from. */
export const projectChoices = ({ organization_id, partner_id }: Actor, size: number): Query<ProjectChoice> => ({
  name: `project_choices${partner_id ? '_of_partner' : ''}_${size}`,
  text: `select j.id, j.key, j.name from projects j where j.organization_id = $1 ${partner_id ? ofPartner(null, size) : ''}
    order by j.id desc limit ${size}`,
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
