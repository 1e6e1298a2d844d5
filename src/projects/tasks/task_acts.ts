import type { Knex } from 'knex';
import type { Act, OpenSubjects, Outcome } from '../../acting/context.js';
import { nextState } from '../../acting/permitted.js';
import { postComment, storeMessage } from '../../acting/post_comment.js';
import { task as lifecycle, type TaskEffect } from '../../subjects/project/task_lifecycle.js';
import { acceptDate, confirmDate, keepDate, proposeDate } from './answer_date.js';
import { changeTask } from './change_task.js';
import { HOURS_EFFECTS } from '../time/vendor_hours.js';
import { dropTask, finishTask, reopenTask, undoFinish } from './finish_task.js';
import { isForPartner } from './hand_over.js';
import { tellLate } from './late_task.js';
import { moveTask } from './move_task.js';
import { placeTask } from './place_task.js';
import { findTask, type TaskRow, taskSubject } from './task.js';

/** An act on a task. */
export interface TaskAct extends Act {
  row: TaskRow;
}

/** What an effect did: the columns that its task has from now on, the way of several, and what its activity says. */
export interface TaskChange extends Omit<Outcome, 'subject'> {
  columns?: { [Column in keyof TaskRow]?: TaskRow[Column] | Knex.Raw };
  branch?: string;
}

type Effect = (db: Knex.Transaction, act: TaskAct) => Promise<TaskChange>;

/** What each `effect` of a task's actions changes. */
const EFFECTS: Record<TaskEffect, Effect> = {
  comment: postComment,
  'change task': changeTask,
  tell: tellOf,
  'move task': moveTask,
  'place task': placeTask,
  'tell late': tellLate,
  'propose date': proposeDate,
  'confirm date': confirmDate,
  'accept date': acceptDate,
  'keep date': keepDate,
  finish: finishTask,
  undo: undoFinish,
  reopen: reopenTask,
  drop: dropTask,
  ...HOURS_EFFECTS,
};

/** Who does it is told to the partner whose it is, of staff to staff alone. */
function tellOf(_db: Knex.Transaction, { row, name, input }: TaskAct): Promise<TaskChange> {
  const details = name === 'assign' ? { people: input['people'] } : {};
  return Promise.resolve(name === 'assign' && !isForPartner(row) ? { details, visible_to: 'staff' } : { details });
}

/** What acts change in a task. What one says of it is never stale: its state says whether it can be done. */
export const openTask: OpenSubjects = async (db, actor, id) => {
  const { organization_id } = actor;
  if (!organization_id) return null;
  // A customer to whom a vendor's task is shown sees its row, but not the task itself.
  const [seen, row] = await Promise.all([
    db('subjects').where({ organization_id, id, kind: lifecycle.name }).first('id'),
    findTask(db, organization_id, id),
  ]);
  if (!seen || !row) return null;
  return {
    subject: taskSubject(row, actor),
    refuseStale: async () => {},
    perform: (act) => perform(db, { ...act, row }),
  };
};

async function perform(db: Knex.Transaction, act: TaskAct): Promise<Outcome> {
  const { row, name, actor } = act;
  const action = lifecycle.actions[name];
  const { columns, branch = '', ...outcome } = action?.effect ? await EFFECTS[action.effect](db, act) : {};
  const message_id = await storeMessage(db, act);
  const state = nextState(action ?? {}, branch) ?? row.state;
  const { organization_id, id } = row;
  const changes = { ...columns, ...(state === row.state ? {} : { state }) };
  if (Object.keys(changes).length) await db('tasks').where({ organization_id, id }).update(changes);
  const saved = (await findTask(db, organization_id, id)) ?? row;
  const subject = taskSubject(saved, actor);
  const visible = subject.partner_id ? outcome.visible_to : 'staff';
  return {
    ...outcome,
    details: { ...outcome.details, title: saved.title },
    ...(visible ? { visible_to: visible } : {}),
    subject,
    comment_id: outcome.comment_id ?? message_id,
  };
}
