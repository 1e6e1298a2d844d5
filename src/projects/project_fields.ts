import type { Knex } from 'knex';
import { z } from 'zod';
import { Invalid } from '../errors.js';
import { chosen, parseBy, shortText } from '../input/fields.js';
import { projectKey } from '../subjects/project/project_lifecycle.js';

const Fields = z.object({ key: projectKey, name: shortText, partner: chosen('Choose a customer.') });

/** `partner_id` is its customer. */
interface ProjectFields {
  key: string;
  name: string;
  partner_id: string;
}

/** A project's fields, checked; for a new project `project_id` is null. @throws Invalid by field */
export async function validProject(
  db: Knex.Transaction,
  organization_id: string,
  input: object,
  project_id: string | null,
): Promise<ProjectFields> {
  const { partner: partner_id, ...fields } = parseBy(Fields, input);
  if (!(await db('partners').where({ organization_id, id: partner_id, is_customer: true }).first('id')))
    throw new Invalid({ partner: 'Choose a customer.' });
  // Of two at the same time, the second waits here, and then sees the key of the first.
  await db('organizations').where({ id: organization_id }).forUpdate().first('id');
  const same = db('projects').where({ organization_id, key: fields.key });
  if (await (project_id ? same.whereNot({ id: project_id }) : same).first('id'))
    throw new Invalid({ key: 'There is a project with this key already.' });
  return { ...fields, partner_id };
}
