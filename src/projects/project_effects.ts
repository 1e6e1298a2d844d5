import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome } from '../acting/context.js';
import { Invalid } from '../errors.js';
import { id } from '../input/fields.js';
import { addParticipants } from '../subjects/participants.js';
import { validProject } from './project_fields.js';

type Result = Omit<Outcome, 'subject'>;

/** Changes a project's name, key and customer. @throws Invalid by field */
export async function changeProject(db: Knex.Transaction, { subject, input }: Act): Promise<Result> {
  const { organization_id, id: project_id } = subject;
  const fields = await validProject(db, organization_id, input, project_id);
  await db('projects').where({ organization_id, id: project_id }).update(fields);
  return { details: { name: fields.name } };
}

const Person = z.object({ person: id });

/** Adds a member of the staff or a contact of the customer, who from now on gets what is written. @throws Invalid */
export async function addPerson(db: Knex.Transaction, { subject, input }: Act): Promise<Result> {
  const { organization_id, partner_id } = subject;
  const { person: person_id } = Person.parse(input);
  const person: { name: string } | undefined = await db('people')
    .where({ organization_id, id: person_id, removed_at: null })
    .where((own) => own.whereNull('partner_id').orWhere({ partner_id }))
    .first('name');
  if (!person) throw new Invalid({ person: 'Choose a person.' });
  await addParticipants(db, subject, [person_id]);
  return { details: { name: person.name, person_id, person: undefined } };
}
