import type { Knex } from 'knex';
import type { FollowUpAct } from '../../acting/context.js';
import { Invalid } from '../../errors.js';
import { taskInput } from '../../subjects/project/task_input.js';
import { handOver } from './hand_over.js';
import { requireReason } from './move_task.js';
import type { TaskRow } from './task.js';
import type { TaskAct, TaskChange } from './task_acts.js';
import { saveDependencies, type TaskColumns, validTask } from './task_fields.js';
import { moveInto } from './place_task.js';

/** Changes what a task says, who does it and what it waits for. What was left out of its input stays. @throws Invalid */
export async function changeTask(db: Knex.Transaction, act: TaskAct): Promise<TaskChange> {
  const { row, input } = act;
  const { organization_id, project_id, id: task_id } = row;
  const given = taskInput.parse({ title: row.title, ...input });
  const project: { partner_id: string } = await db('projects').where({ organization_id, id: project_id }).first();
  const place = { organization_id, project_id, partner_id: project.partner_id, task_id };
  const columns = await validTask(db, { ...inputOf(row), ...given }, place);
  await refuseOtherKind(db, row, columns);
  if (given.after) await saveDependencies(db, place, task_id, given.after);
  if (columns.parent_id !== row.parent_id) await moveInto(db, row, columns.parent_id);
  const moved = movesOf(row, columns, given.reason);
  const told = await handOver(db, act, columns);
  // The dates are moved by an act of its own, which tells of them.
  const dates = moved.length ? { starts_on: row.starts_on, due_on: row.due_on } : plannedIn(row, columns);
  return { columns: { ...columns, ...dates }, details: KEPT_OUT, followUps: [...told, ...moved] };
}

/** What the form says is in the task itself; an activity would keep it for those who may not read it any more. */
const KEPT_OUT = Object.fromEntries(Object.keys(taskInput.shape).map((name) => [name, undefined]));

const inputOf = (row: TaskRow) => ({
  ...{ title: row.title, note: row.note || undefined, kind: row.kind, parent: row.parent_id },
  ...{ assignee: row.assignee_id, vendor: row.vendor_id, trade: row.trade || undefined, shown: row.shown },
  ...{ starts_on: row.starts_on ?? undefined, due_on: row.due_on ?? undefined, milestone: row.milestone },
  ...{ estimate_minutes: row.estimate_minutes, document: row.document_id },
});

async function refuseOtherKind(db: Knex.Transaction, row: TaskRow, { kind }: TaskColumns): Promise<void> {
  const { organization_id, id: parent_id } = row;
  if (kind !== row.kind && (await db('tasks').where({ organization_id, parent_id }).first('id')))
    throw new Invalid({ kind: 'It holds others, so that it stays what it is.' });
}

/** Another due date of what is to be done is news. @throws Invalid without a reason where one is needed */
function movesOf(row: TaskRow, { starts_on, due_on }: TaskColumns, reason: string | undefined): FollowUpAct[] {
  const isMoved = due_on !== null && row.due_on !== null && (due_on !== row.due_on || starts_on !== row.starts_on);
  if (!isMoved || !['open', 'started'].includes(row.state)) return [];
  requireReason(row, due_on, reason);
  const input = { due_on, ...(starts_on ? { starts_on } : {}), ...(reason ? { reason } : {}) };
  return [{ id: row.id, action: 'move', as: 'same', input }];
}

/** The first dates are the plan. */
const plannedIn = (row: TaskRow, { starts_on, due_on }: TaskColumns): Partial<TaskRow> =>
  row.planned_due_on ? {} : { planned_starts_on: starts_on, planned_due_on: due_on };
