import type { Knex } from 'knex';
import type { Act, Outcome } from '../../acting/context.js';

/** Takes the dates of all tasks as they are now as their plan: none has moved any more. */
export async function setBaseline(db: Knex.Transaction, { subject }: Act): Promise<Outcome> {
  const { organization_id, id: project_id } = subject;
  const count = await db('tasks')
    .where({ organization_id, project_id })
    .whereRaw('(planned_starts_on, planned_due_on, reason) is distinct from (starts_on, due_on, ?)', [''])
    .update({
      planned_starts_on: db.ref('starts_on'),
      planned_due_on: db.ref('due_on'),
      ...{ reason: '', reason_by: null, reason_at: null },
    });
  return { subject, details: { count } };
}
