import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Act, Outcome } from '../../acting/context.js';
import type { Actor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { today } from '../../pages/days.js';
import { startedTimer, stoppedTimer, type TimeCell } from '../../subjects/project/time_actions.js';
import { saveCells, type Worker } from './log_time.js';
import { lockDays } from './open_days.js';
import { findWorks } from './works.js';
import { workerOf } from './worker.js';

interface TimerRow {
  project_id: string;
  task_id: string | null;
  activity_id: string | null;
  note: string;
  started_at: Date;
}

type Done = Omit<Outcome, 'subject'>;

/** Starts a person's timer; one that runs is stopped first, and saved on its own project. @throws Invalid */
export async function startTimer(db: Knex.Transaction, act: Act): Promise<Done> {
  const { work, note } = startedTimer.parse(act.input);
  const worker = workerOf(act);
  const found = (await findWorks(db, worker, [work])).get(work);
  if (!found) throw new Invalid({ work: 'Choose a task of this project.' });
  const running = await lockTimer(db, worker);
  const stopped = running && (await stop(db, act.actor, worker, running, undefined));
  if (running && running.project_id !== worker.project_id)
    await record(db, act.actor, {
      action: 'stop_timer',
      subject_id: running.project_id,
      details: { ...stopped },
      visible_to: 'staff',
    });
  const { organization_id, project_id, person_id } = worker;
  const on = found.kind === 'task' ? { task_id: work } : { activity_id: work };
  await db('timers').insert({ organization_id, person_id, project_id, ...on, note: note ?? '' });
  return { details: stopped ? { stopped: stopped.minutes } : {} };
}

/** Stops a person's timer and saves its time. @throws Invalid if none runs, or its time can’t be saved */
export async function stopTimer(db: Knex.Transaction, act: Act): Promise<Done> {
  const { note } = stoppedTimer.parse(act.input);
  const worker = workerOf(act);
  const running = await lockTimer(db, worker);
  if (!running) throw new Invalid({ form: 'No timer is running.' });
  return { details: { ...(await stop(db, act.actor, worker, running, note)) } };
}

/** Ends a person's timer and forgets its time. @throws Invalid if none runs */
export async function discardTimer(db: Knex.Transaction, act: Act): Promise<Done> {
  const worker = workerOf(act);
  if (!(await lockTimer(db, worker))) throw new Invalid({ form: 'No timer is running.' });
  await removeTimer(db, worker);
  return {};
}

/** Two who start one at once wait for each other: without a row yet there is nothing else to lock. */
async function lockTimer(db: Knex.Transaction, { organization_id, person_id }: Worker): Promise<TimerRow | undefined> {
  await db('people').where({ organization_id, id: person_id }).forNoKeyUpdate().first('id');
  return db('timers').where({ organization_id, person_id }).first<TimerRow | undefined>();
}

const removeTimer = (db: Knex.Transaction, { organization_id, person_id }: Worker) =>
  db('timers').where({ organization_id, person_id }).delete();

async function stop(
  db: Knex.Transaction,
  actor: Actor,
  worker: Worker,
  { project_id, task_id, activity_id, started_at, ...timer }: TimerRow,
  note: string | undefined,
): Promise<{ minutes: number; lost: number }> {
  const { organization_id, person_id } = worker;
  const work = task_id ?? activity_id ?? '';
  const spans = spansOf(new Date(started_at), actor);
  const days = spans.length ? await lockDays(db, { organization_id, person_id }, spans) : new Map<string, number>();
  const fitting = spans.map((span) => ({
    ...span,
    minutes: Math.min(span.minutes, Math.max(0, 1440 - (days.get(span.day) ?? 0))),
  }));
  const said = note ?? timer.note;
  const cells = fitting
    .filter(({ minutes }) => minutes > 0)
    .map(({ day, minutes }): TimeCell => ({ work, day, minutes, add: true, ...(said ? { note: said } : {}) }));
  try {
    if (cells.length) await saveCells(db, { ...worker, project_id }, cells, today(actor));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    // Its form has no cells.
    throw new Invalid({ form: error.sentence }, error.values);
  }
  await removeTimer(db, worker);
  const sum = (rows: readonly { minutes: number }[]) => rows.reduce((total, { minutes }) => total + minutes, 0);
  return { minutes: sum(fitting), lost: sum(spans) - sum(fitting) };
}

const MINUTE_MS = 60_000;
/** A timer that was forgotten ends by itself. */
const LONGEST_MINUTES = 1440;

/** The minutes from a moment until now, by the organization's days. */
function spansOf(started_at: Date, actor: Actor): { day: string; minutes: number }[] {
  const now = actor.now ?? new Date();
  const total = Math.min(LONGEST_MINUTES, Math.round((now.getTime() - started_at.getTime()) / MINUTE_MS));
  const spans = new Map<string, number>();
  for (let n = 0; n < total; n++) {
    const day = today({ ...actor, now: new Date(started_at.getTime() + n * MINUTE_MS) });
    spans.set(day, (spans.get(day) ?? 0) + 1);
  }
  return [...spans].map(([day, minutes]) => ({ day, minutes }));
}
