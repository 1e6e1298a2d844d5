import type { Knex } from 'knex';
import type { Worker } from './log_time.js';

/** What time is spent on: a task, or an activity of the project. */
export interface Work {
  id: string;
  kind: 'task' | 'activity';
}

/** Those of these ids that the worker may log time on, by their id: of a vendor's people, tasks that it does. */
export async function findWorks(
  db: Knex.Transaction,
  { organization_id, project_id, partner_id }: Pick<Worker, 'organization_id' | 'project_id' | 'partner_id'>,
  ids: readonly string[],
): Promise<Map<string, Work>> {
  const tasks: { id: string }[] = await db('tasks')
    .where({ organization_id, project_id, ...(partner_id ? { vendor_id: partner_id } : {}) })
    .whereNot({ kind: 'phase' })
    .whereIn('id', ids)
    .select('id');
  const activities: { id: string }[] = partner_id
    ? []
    : await db('project_activities').where({ organization_id, project_id }).whereIn('id', ids).select('id');
  return new Map([
    ...tasks.map(({ id }): [string, Work] => [id, { id, kind: 'task' }]),
    ...activities.map(({ id }): [string, Work] => [id, { id, kind: 'activity' }]),
  ]);
}
