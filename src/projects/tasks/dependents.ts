import type { Knex } from 'knex';
import type { TaskRow } from './task.js';

/** A task that waits for another; `free`: all else that it waits for has ended. */
interface Dependent {
  id: string;
  free: boolean;
}

const DEPENDENTS = `select t.id, not coalesce((
    select true from task_dependencies o
      join tasks b on b.organization_id = o.organization_id and b.id = o.after_id
    where o.organization_id = t.organization_id and o.task_id = t.id and o.after_id <> :id
      and b.state in ('open', 'started') limit 1), false) as free
  from task_dependencies d join tasks t on t.organization_id = d.organization_id and t.id = d.task_id
  where d.organization_id = :organization_id and d.after_id = :id and t.state in ('open', 'started')
  order by t.position limit 50`;

/** What is still to be done after a task. */
export async function dependentsOf(
  db: Knex.Transaction,
  { organization_id, id }: Pick<TaskRow, 'organization_id' | 'id'>,
): Promise<Dependent[]> {
  const { rows } = await db.raw<{ rows: Dependent[] }>(DEPENDENTS, { organization_id, id });
  return rows;
}
