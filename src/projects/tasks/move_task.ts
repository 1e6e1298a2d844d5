import type { Knex } from 'knex';
import type { FollowUpAct } from '../../acting/context.js';
import type { Actor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { formatFor } from '../../pages/format.js';
import { taskDates } from '../../subjects/project/task_input.js';
import { spanOf } from '../schedule/scheduled_task.js';
import { dependentsOf } from './dependents.js';
import type { TaskRow } from './task.js';
import type { TaskAct, TaskChange } from './task_acts.js';

/** Moves a task's dates. Later than planned it takes a reason. @throws Invalid by field */
export async function moveTask(db: Knex.Transaction, act: TaskAct): Promise<TaskChange> {
  const { row, input, actor } = act;
  const { due_on, seen, ...given } = taskDates.parse(input);
  refuseUnseen(row, seen, actor);
  const starts_on = given.starts_on ?? row.starts_on;
  if (starts_on && due_on < starts_on) throw new Invalid({ due_on: 'This is before it starts.' });
  requireReason(row, due_on, given.reason);
  return moved(db, row, { starts_on, due_on, reason: given.reason ?? '', by: actor.person_id });
}

/** @throws Invalid if somebody has moved it since its author saw it */
function refuseUnseen(row: TaskRow, seen: string | undefined, { locale, time_zone }: Actor): void {
  const span = spanOf(row);
  if (seen === undefined || !span || seen === `${span.from}/${span.to}`) return;
  const dates = formatFor({ locale, time_zone }).range(span.from, span.to);
  throw new Invalid(
    { form: 'Somebody has moved it meanwhile, to {{dates}}. Look at it before you move it.' },
    { dates },
  );
}

/** @throws Invalid if it gets later than planned, and nothing is said about it */
export function requireReason({ planned_due_on, due_on: was }: TaskRow, due_on: string | null, reason?: string): void {
  const later = planned_due_on !== null && due_on !== null && due_on > planned_due_on && due_on > (was ?? '');
  if (later && !reason) throw new Invalid({ reason: 'Say why it gets later: everyone who sees it reads this.' });
}

interface Move {
  starts_on: string | null;
  due_on: string;
  reason: string;
  by: string | null;
}

/** The task with these dates; whoever waits for it is told if it gets later. What was asked or agreed before is over. */
export async function moved(db: Knex.Transaction, row: TaskRow, move: Move): Promise<TaskChange> {
  const { starts_on, due_on, reason, by } = move;
  const later = row.due_on !== null && due_on > row.due_on;
  const said = reason ? { reason, reason_by: by, reason_at: db.raw('app_now()') } : {};
  const kept = due_on <= (row.planned_due_on ?? due_on) ? { reason: '', reason_by: null, reason_at: null } : {};
  const planned = row.planned_due_on ? {} : { planned_starts_on: starts_on, planned_due_on: due_on };
  const waiting = later ? await dependentsOf(db, row) : [];
  const followUps: FollowUpAct[] = waiting.map(({ id }) => ({ id, action: 'wait' }));
  return {
    columns: { starts_on, due_on, ...kept, ...said, ...planned, ...NOTHING_ASKED },
    details: { seen: undefined, starts_on, due_on, was_due_on: row.due_on, ...(reason ? { reason } : {}) },
    followUps,
  };
}

/** Nothing is asked about its date, nor agreed. */
export const NOTHING_ASKED = {
  ...{ confirmed_due_on: null, proposed_due_on: null, proposed_reason: '', proposed_by: null },
};
