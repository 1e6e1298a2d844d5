import type { Knex } from 'knex';
import type { Outcome } from '../../acting/context.js';
import { Invalid, NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import type { HoursEffect } from '../../subjects/project/hours_actions.js';
import { loggedTime, ofWeek } from '../../subjects/project/time_actions.js';
import type { TaskAct } from '../tasks/task_acts.js';
import { submit, withdraw } from './deciding/submit_weeks.js';
import { saveCells, type Worker } from './log_time.js';

type Done = Omit<Outcome, 'subject'>;

function workerOn({ row, actor }: TaskAct): Worker {
  const { person_id, partner_id } = actor;
  if (!person_id || partner_id !== row.vendor_id) throw new NotFound();
  return { organization_id: row.organization_id, project_id: row.project_id, person_id, partner_id };
}

async function logHours(db: Knex.Transaction, act: TaskAct): Promise<Done> {
  const { cells } = loggedTime.parse(act.input);
  if (cells.some(({ work }) => work !== act.row.id)) throw new Invalid({ form: 'Choose a task of this project.' });
  // What staff alone read is not theirs to write.
  const own = cells.map((cell) => ({ ...cell, internal_note: undefined }));
  await saveCells(db, workerOn(act), own, today(act.actor));
  return {};
}

/** What each `effect` of a vendor's time on its tasks changes. */
export const HOURS_EFFECTS: Record<HoursEffect, (db: Knex.Transaction, act: TaskAct) => Promise<Done>> = {
  'log hours': logHours,
  'submit hours': async (db, act) => ({ details: await submit(db, workerOn(act), ofWeek.parse(act.input).week) }),
  'withdraw hours': async (db, act) => ({ details: await withdraw(db, workerOn(act), ofWeek.parse(act.input).week) }),
};
