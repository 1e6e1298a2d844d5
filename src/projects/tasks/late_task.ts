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

/** A late task of which nobody was told yet. */
export interface LateTask {
  organization_id: string;
  id: string;
  time_zone: string;
  /** Its assignee, and who manages its project. */
  people: string[];
}

/** From this hour on, in the organization's time zone. */
const MORNING_HOUR = 9;

const LATE = `select t.organization_id, t.id, o.time_zone,
    array_remove(array[t.assignee_id, j.manager_id], null) as people
  from (
    select * from tasks where state in ('open', 'started') and kind <> 'phase'
      and told_due_on is distinct from due_on and due_on < :now::timestamptz::date + 1
    order by due_on limit 1000) t
  join organizations o on o.id = t.organization_id
  join projects j on j.organization_id = t.organization_id and j.id = t.project_id
  where t.due_on < (:now::timestamptz at time zone o.time_zone)::date
    and extract(hour from :now::timestamptz at time zone o.time_zone) >= ${MORNING_HOUR}
  limit :most`;

/** Of all organizations, what has become late since it was looked at last; in the morning there. */
export async function lateTasks(db: Knex.Transaction, now: Date, most: number): Promise<LateTask[]> {
  const { rows } = await db.raw<{ rows: LateTask[] }>(LATE, { now, most });
  return rows;
}
