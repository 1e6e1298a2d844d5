import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome } from '../../acting/context.js';
import { id } from '../../input/fields.js';

const Tasks = z.object({ among: z.array(id), shown: z.array(id) });

/** Of the tasks `among` which was chosen, shows the customer those in `shown`, and no other. */
export async function shareTasks(db: Knex.Transaction, { subject, input }: Act): Promise<Outcome> {
  const { organization_id, id: project_id } = subject;
  const { among, shown } = Tasks.parse(input);
  const wanted = new Set(shown);
  for (const [value, ids] of [
    [true, among.filter((one) => wanted.has(one))],
    [false, among.filter((one) => !wanted.has(one))],
  ] as const) {
    if (ids.length)
      await db('tasks')
        .where({ organization_id, project_id, shown: !value })
        .whereIn('id', [...ids])
        .update({ shown: value });
  }
  return { subject, details: { among: undefined, shown: undefined, count: among.length } };
}
