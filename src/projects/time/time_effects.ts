import type { Knex } from 'knex';
import type { Act, Outcome } from '../../acting/context.js';
import { today } from '../../pages/days.js';
import { loggedTime, type TimeEffect } from '../../subjects/project/time_actions.js';
import { billTime } from './billing/bill_time.js';
import { acceptTime, askForApproval, questionTime } from './deciding/customer_approval.js';
import { approveWeek, sendWeekBack } from './deciding/decide_weeks.js';
import { submitWeek, withdrawWeek } from './deciding/submit_weeks.js';
import { saveCells } from './log_time.js';
import { discardTimer, startTimer, stopTimer } from './timers.js';
import { addActivity, setTime } from './time_terms.js';
import { workerOf } from './worker.js';

type Done = Omit<Outcome, 'subject'>;

async function logTime(db: Knex.Transaction, act: Act): Promise<Done> {
  const { cells } = loggedTime.parse(act.input);
  await saveCells(db, workerOf(act), cells, today(act.actor));
  return {};
}

/** What each `effect` of the actions on a project's time changes. */
export const TIME_EFFECTS: Record<TimeEffect, (db: Knex.Transaction, act: Act) => Promise<Done>> = {
  'log time': logTime,
  'start timer': startTimer,
  'stop timer': stopTimer,
  'discard timer': discardTimer,
  'add activity': addActivity,
  'submit week': submitWeek,
  'withdraw week': withdrawWeek,
  'approve week': approveWeek,
  'send back week': sendWeekBack,
  'ask for approval': askForApproval,
  'accept time': acceptTime,
  'question time': questionTime,
  'bill time': billTime,
  'set time': setTime,
};
