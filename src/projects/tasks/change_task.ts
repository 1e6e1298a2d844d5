import type { Knex } from 'knex';
import { Invalid } from '../../errors.js';
import { taskInput } from '../../subjects/project/task_lifecycle.js';
import { addParticipants } from '../../subjects/participants.js';
import type { TaskAct, TaskChange } from './task_acts.js';
import { saveDependencies, validTask } from './task_fields.js';

/** Changes what a task says, who does it and what it waits for. What was left out of its input stays. @throws Invalid */
export async function changeTask(db: Knex.Transaction, { row, subject, input }: TaskAct): Promise<TaskChange> {
  const { organization_id, project_id, id: task_id } = row;
  const given = taskInput.parse({ title: row.title, ...input });
  const before = {
    ...{ title: row.title, note: row.note || undefined, kind: row.kind, parent: row.parent_id },
    ...{ assignee: row.assignee_id, vendor: row.vendor_id, trade: row.trade || undefined, shown: row.shown },
    ...{ starts_on: row.starts_on ?? undefined, due_on: row.due_on ?? undefined, milestone: row.milestone },
    ...{ estimate_minutes: row.estimate_minutes, document: row.document_id },
  };
  const project: { partner_id: string } = await db('projects').where({ organization_id, id: project_id }).first();
  const { partner_id } = project;
  const place = { organization_id, project_id, partner_id, task_id };
  const columns = await validTask(db, { ...before, ...given }, place);
  if (columns.kind !== row.kind && (await db('tasks').where({ organization_id, parent_id: task_id }).first('id')))
    throw new Invalid({ kind: 'It holds others, so that it stays what it is.' });
  if (given.after) await saveDependencies(db, place, task_id, given.after);
  if (columns.assignee_id && columns.assignee_id !== row.assignee_id)
    await addParticipants(db, subject, [columns.assignee_id]);
  return { columns, details: {} };
}
