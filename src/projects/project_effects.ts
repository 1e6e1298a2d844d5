import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome, Subject } from '../acting/context.js';
import { Invalid } from '../errors.js';
import { id } from '../input/fields.js';
import { addParticipants } from '../subjects/participants.js';
import { projectParts } from '../subjects/project/project_lifecycle.js';
import { endPart } from './end_part.js';
import { validProject } from './project_fields.js';
import { SHOWABLE, type Showable } from './project_head.js';

/** Changes a project's name, key and customer. @throws Invalid by field */
export async function changeProject(db: Knex.Transaction, { subject, input }: Act): Promise<Outcome> {
  const { organization_id, id: project_id, partner_id } = subject;
  const fields = await validProject(db, organization_id, input, project_id);
  if (fields.partner_id !== partner_id) await refuseIfShared(db, subject);
  await db('projects').where({ organization_id, id: project_id }).update(fields);
  if (fields.manager_id) await addParticipants(db, subject, [fields.manager_id]);
  const changed = { ...subject, number: fields.key, partner_id: fields.partner_id };
  return { subject: changed, details: { name: fields.name } };
}

/** Closes a project. */
export const closeProject = (db: Knex.Transaction, act: Act) => setState(db, act, 'closed');

/** Opens a closed one again. */
export const reopenProject = (db: Knex.Transaction, act: Act) => setState(db, act, 'open');

async function setState(db: Knex.Transaction, { subject }: Act, state: 'open' | 'closed'): Promise<Outcome> {
  const { organization_id, id } = subject;
  const closed_at = state === 'closed' ? db.raw('app_now()') : null;
  await db('projects').where({ organization_id, id }).update({ state, closed_at });
  return { subject: { ...subject, state } };
}

/** Sets which parts of the project its customer sees. The database hides the others. */
export async function shareProject(db: Knex.Transaction, { subject, input }: Act): Promise<Outcome> {
  const { organization_id, id } = subject;
  const parts: Partial<Record<Showable, boolean | undefined>> = projectParts.parse(input);
  const shown = SHOWABLE.filter((name) => parts[name]);
  await db('projects').where({ organization_id, id }).update({ shown });
  const unset = Object.fromEntries(SHOWABLE.map((name) => [name, undefined]));
  return { subject, details: { ...unset, shown } };
}

/** A new customer would read what was written to the old one. @throws Invalid */
async function refuseIfShared(db: Knex.Transaction, { organization_id, id, partner_id }: Subject): Promise<void> {
  const shared = db('activities').where({ organization_id, subject_id: id }).whereNot({ visible_to: 'staff' });
  // What was shown without being said.
  const logs = db('project_logs').where({ organization_id, project_id: id, shown: true, removed_at: null });
  const files = db('project_files').where({
    organization_id,
    project_id: id,
    audience: 'both',
    replaced_at: null,
    removed_at: null,
  });
  if (!(await shared.first('id')) && !(await logs.first('id')) && !(await files.first('id'))) return;
  const { name } = await db('partners').where({ organization_id, id: partner_id }).first('name');
  throw new Invalid(
    { partner: 'This project is shared with {{name}} already. Begin another one for another customer.' },
    { name },
  );
}

const Person = z.object({ person: id });

/** Adds a member of the staff or a contact of the customer, who from now on gets what is written. @throws Invalid */
export async function addPerson(db: Knex.Transaction, { subject, input }: Act): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id, id: subject_id, partner_id } = subject;
  const { person: person_id } = Person.parse(input);
  const person: { name: string; partner_id: string | null } | undefined = await db('people')
    .where({ organization_id, id: person_id, removed_at: null, pending: false })
    .where((own) => own.whereNull('partner_id').orWhere({ partner_id }))
    .first('name', 'partner_id');
  if (!person) throw new Invalid({ person: 'Choose a person.' });
  if (await db('participants').where({ organization_id, subject_id, person_id }).first('person_id'))
    throw new Invalid({ person: '{{name}} takes part already.' }, { name: person.name });
  await addParticipants(db, subject, [person_id]);
  const details = { name: person.name, person_id, person: undefined };
  // Which of the staff works on it is told where people are shown.
  return { details, ...(person.partner_id ? {} : { visible_to: 'staff' }) };
}

/** Ends somebody's part in a project: no more emails, and their links to it and its open pages end. @throws Invalid */
export async function removePerson(db: Knex.Transaction, { subject, input }: Act): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id } = subject;
  const { person: person_id } = Person.parse(input);
  if (!(await endPart(db, subject, person_id)))
    throw new Invalid({ form: 'This person takes no part in it any more.' });
  const { name } = await db('people').where({ organization_id, id: person_id }).first('name');
  return { details: { name, person_id, person: undefined } };
}
