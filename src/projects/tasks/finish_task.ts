import type { Knex } from 'knex';
import { Invalid } from '../../errors.js';
import { dependentsOf } from './dependents.js';
import type { TaskAct, TaskChange } from './task_acts.js';

/** Marks a task as done, and tells those who can begin what waited for it. */
export async function finishTask(db: Knex.Transaction, { row, actor }: TaskAct): Promise<TaskChange> {
  const free = (await dependentsOf(db, row)).filter((one) => one.free);
  return {
    columns: { done_at: db.raw('app_now()'), done_by: actor.person_id },
    details: { was: row.state },
    followUps: free.map(({ id }) => ({ id, action: 'begin' })),
  };
}

const CALLED_OFF = `update notifications n set read_at = clock_timestamp() from activities a
  where n.organization_id = :organization_id and n.read_at is null and a.organization_id = n.organization_id
    and a.id = n.activity_id
    and a.created_at = (select t.done_at from tasks t where t.organization_id = :organization_id and t.id = :id)
    and ((a.subject_id = :id and a.action = 'finish') or (a.subject_id = any (:waiting::uuid[]) and a.action = 'begin'))
    and n.subject_id = any (array_append(:waiting::uuid[], :id))`;

/** Takes back that it is done, before anybody was told: what is read already is not emailed. */
export async function undoFinish(db: Knex.Transaction, { row }: TaskAct): Promise<TaskChange> {
  const { organization_id, id } = row;
  const last: { details: { was?: string } } | undefined = await db('activities')
    .where({ organization_id, subject_id: id, action: 'finish' })
    .orderBy('id', 'desc')
    .first('details');
  const waiting = (await dependentsOf(db, row)).map((one) => one.id);
  await db.raw(CALLED_OFF, { organization_id, id, waiting });
  return { columns: NOT_DONE, branch: last?.details.was === 'started' ? 'started' : 'open' };
}

const NOT_DONE = { done_at: null, done_by: null };

/** Opens what was done or dropped again. */
export const reopenTask = (): Promise<TaskChange> => Promise.resolve({ columns: NOT_DONE });

/** Drops a task; a phase only once nothing in it is to be done. @throws Invalid */
export async function dropTask(db: Knex.Transaction, { row }: TaskAct): Promise<TaskChange> {
  const { organization_id, id } = row;
  const held = db('tasks').where({ organization_id, parent_id: id }).whereIn('state', ['open', 'started']);
  if (row.kind === 'phase' && (await held.first('id')))
    throw new Invalid({ form: 'Finish, move or drop what is in this phase first.' });
  const free = row.kind === 'phase' ? [] : (await dependentsOf(db, row)).filter((one) => one.free);
  return { followUps: free.map((one) => ({ id: one.id, action: 'begin' })) };
}
