import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, setActor, systemActor, withActor } from '../../db/scope.js';
import { numbered, takeNumbers } from '../../db/writing/numbers.js';
import { NotFound } from '../../errors.js';
import { parseBy } from '../../input/fields.js';
import { requireMay } from '../../subjects/may.js';
import { addParticipants } from '../../subjects/participants.js';
import { taskInput } from '../../subjects/project/task_input.js';
import { tellDoers } from './hand_over.js';
import { placeIn } from './place_task.js';
import { findTask } from './task.js';
import { saveDependencies, type TaskColumns, validTask } from './task_fields.js';

/** Adds a task at the end of a project. `input`: by `taskInput`. Returns its id. @throws Invalid by field, NotFound, NotAllowed */
export function addTask(db: Knex, actor: Actor, project_id: string, input: object): Promise<string> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const { organization_id } = actor;
    // Locked, so that two who add to it at once don't get the same place.
    const project: { partner_id: string; manager_id: string | null } | undefined = await db('projects')
      .where({ organization_id, id: project_id })
      .forNoKeyUpdate()
      .first('partner_id', 'manager_id');
    if (!project || !organization_id) throw new NotFound();
    const given = parseBy(taskInput, input);
    const place = { organization_id, project_id, partner_id: project.partner_id, task_id: null };
    const columns = await validTask(db, given, place);
    await setActor(db, systemActor(organization_id, actor.person_id, actor.now));
    const id = newId();
    const position = await placeIn(db, { organization_id, project_id }, columns.parent_id);
    const people = [actor.person_id, project.manager_id].filter((person) => person !== null);
    await insertTasks(db, place, [{ ...columns, id, position }], people);
    if (given.after?.length) await saveDependencies(db, place, id, given.after);
    const details = { title: columns.title };
    await record(db, actor, { action: 'begin_task', subject_id: id, details, visible_to: 'staff' });
    const row = await findTask(db, organization_id, id);
    if (row) await tellDoers(db, actor, row);
    return id;
  });
}

/** A task that isn't there yet. */
type NewTask = { id: string; position: string | number } & Omit<
  TaskColumns,
  'assignee_id' | 'vendor_id' | 'document_id'
> &
  Partial<TaskColumns>;

/** Inserts tasks, numbered in this order; their dates are the plan. `people` take part in each. As the system actor. */
export async function insertTasks(
  db: Knex.Transaction,
  { organization_id, project_id }: { organization_id: string; project_id: string },
  tasks: readonly NewTask[],
  people: readonly string[],
): Promise<void> {
  const first = await takeNumbers(db, organization_id, 'TASK', tasks.length);
  const rows = tasks.map((task, n) => ({
    ...{ organization_id, project_id, number: numbered('TASK', first + n) },
    ...{ ...task, planned_starts_on: task.starts_on, planned_due_on: task.due_on },
  }));
  await db('tasks').insert(rows);
  const ids = tasks.map(({ id }) => id);
  await addParticipants(db, { organization_id, id: ids }, [...new Set(people)]);
}
