import type { Knex } from 'knex';
import type { z } from 'zod';
import { Invalid } from '../errors.js';
import { parseBy } from '../input/fields.js';
import { projectInput } from '../subjects/project/project_lifecycle.js';
import { partnerForNew } from '../people/partner.js';

/** The columns that its form sets. `partner_id` is its customer, `manager_id` of the staff. Days ISO 8601. */
interface ProjectFields {
  key: string;
  name: string;
  partner_id: string;
  manager_id: string | null;
  starts_on: string | null;
  ends_on: string | null;
  description: string;
}

type Input = z.output<typeof projectInput>;

/** A project's fields, checked; for a new project `project_id` is null. @throws Invalid by field */
export async function validProject(
  db: Knex.Transaction,
  organization_id: string,
  input: object,
  project_id: string | null,
): Promise<ProjectFields> {
  const { partner, manager, ...fields } = parseBy(projectInput, input);
  requireOrder(fields);
  const customer = project_id
    ? await db('partners').where({ organization_id, id: partner, is_customer: true }).first('id')
    : await partnerForNew(db, { organization_id, id: partner }, 'customer', 'partner');
  if (!customer) throw new Invalid({ partner: 'Choose a customer.' });
  if (manager) await requireStaff(db, organization_id, manager);
  // Of two at the same time, the second waits here, and then sees the key of the first.
  await db('organizations').where({ id: organization_id }).forUpdate().first('id');
  const same = db('projects').where({ organization_id, key: fields.key });
  if (await (project_id ? same.whereNot({ id: project_id }) : same).first('id'))
    throw new Invalid({ key: 'There is a project with this key already.' });
  return {
    ...{ key: fields.key, name: fields.name, partner_id: partner, manager_id: manager ?? null },
    ...{ starts_on: fields.starts_on ?? null, ends_on: fields.ends_on ?? null },
    description: fields.description ?? '',
  };
}

function requireOrder({ starts_on, ends_on }: Pick<Input, 'starts_on' | 'ends_on'>): void {
  if (starts_on && ends_on && ends_on < starts_on) throw new Invalid({ ends_on: 'This is before it starts.' });
}

async function requireStaff(db: Knex.Transaction, organization_id: string, id: string): Promise<void> {
  const staff = { organization_id, id, partner_id: null, removed_at: null, pending: false };
  if (!(await db('people').where(staff).first('id'))) throw new Invalid({ manager: 'Choose a person.' });
}
