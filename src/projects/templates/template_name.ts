import type { Knex } from 'knex';
import { Invalid } from '../../errors.js';
import { MOST_TEMPLATES } from './project_templates.js';

/** Holds the organization's templates, and refuses a name that another has; `id`: its own, null for a new one. @throws Invalid */
export async function freeName(db: Knex.Transaction, organization_id: string, name: string, id: string | null) {
  // Of two at the same time, the second waits here, and then sees the name of the first.
  await db('organizations').where({ id: organization_id }).forUpdate().first('id');
  const others: { id: string; name: string }[] = await db('project_templates')
    .where({ organization_id })
    .limit(MOST_TEMPLATES + 1)
    .select('id', 'name');
  if (others.some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase()))
    throw new Invalid({ name: 'There is a template with this name already.' });
  if (!id && others.length >= MOST_TEMPLATES) throw new Invalid({ form: 'There are 200 templates. Delete one first.' });
}
