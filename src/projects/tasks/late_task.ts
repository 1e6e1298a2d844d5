import type { Knex } from 'knex';
import { z } from 'zod';
import { addParticipants } from '../../subjects/participants.js';
import type { TaskAct, TaskChange } from './task_acts.js';

const People = z.object({ people: z.array(z.string()) });

/** Notes that its people were told that it is late, once for each due date. They take part from now on. */
export async function tellLate(db: Knex.Transaction, { row, subject, input }: TaskAct): Promise<TaskChange> {
  const { people } = People.parse(input);
  await addParticipants(db, subject, people);
  const own = row.assignee_partner_id !== null && row.assignee_partner_id === subject.partner_id;
  return {
    columns: { told_due_on: row.due_on },
    details: { due_on: row.due_on, people },
    visible_to: own ? 'both' : 'staff',
  };
}

/** A late task of which nobody was told yet. `people`: its assignee, and who manages its project. */
export interface LateTask {
  id: string;
  people: string[];
}

const LATE = `select t.id, array_remove(array[t.assignee_id, j.manager_id], null) as people
  from (
    select * from tasks where organization_id = :organization_id and state in ('open', 'started') and kind <> 'phase'
      and told_due_on is distinct from due_on and due_on < :day::date order by due_on limit :most) t
  join projects j on j.organization_id = t.organization_id and j.id = t.project_id`;

/** Of an organization, what has become late before this day since it was looked at last. */
export async function lateTasks(
  db: Knex.Transaction,
  organization_id: string,
  day: string,
  most: number,
): Promise<LateTask[]> {
  const { rows } = await db.raw<{ rows: LateTask[] }>(LATE, { organization_id, day, most });
  return rows;
}
