import type { Knex } from 'knex';
import { z } from 'zod';
import { Invalid } from '../../errors.js';
import { day, shortText } from '../../input/fields.js';
import { moved, NOTHING_ASKED } from './move_task.js';
import type { TaskAct, TaskChange } from './task_acts.js';

const Proposal = z.object({ due_on: day, reason: shortText });

/** Its doer can't do it by then, and says when they can. @throws Invalid by field */
export async function proposeDate(_db: Knex.Transaction, { row, input, actor }: TaskAct): Promise<TaskChange> {
  const { due_on, reason } = Proposal.parse(input);
  if (row.starts_on && due_on < row.starts_on) throw new Invalid({ due_on: 'This is before it starts.' });
  const asked = { proposed_due_on: due_on, proposed_reason: reason, proposed_by: actor.person_id };
  return { columns: { ...asked, confirmed_due_on: null }, details: { due_on, reason } };
}

/** Its doer can do it by then. */
export const confirmDate = (_db: Knex.Transaction, { row }: TaskAct): Promise<TaskChange> =>
  Promise.resolve({
    columns: { ...NOTHING_ASKED, confirmed_due_on: row.due_on },
    details: { due_on: row.due_on },
  });

/** Staff agree to the date that its doer asked for, and to their reason. */
export async function acceptDate(db: Knex.Transaction, { row }: TaskAct): Promise<TaskChange> {
  const { proposed_due_on, proposed_reason: reason, proposed_by: by, starts_on } = row;
  const due_on = proposed_due_on ?? row.due_on ?? '';
  const change = await moved(db, row, { starts_on, due_on, reason, by });
  const details = { ...change.details, reason: undefined };
  return { ...change, details, columns: { ...change.columns, confirmed_due_on: due_on } };
}

/** Staff keep the date as it is. */
export const keepDate = (_db: Knex.Transaction, { row }: TaskAct): Promise<TaskChange> =>
  Promise.resolve({ columns: NOTHING_ASKED, details: { due_on: row.due_on } });
