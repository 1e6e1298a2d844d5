import type { Knex } from 'knex';
import type { Act, FollowUpAct, Outcome } from '../../../acting/context.js';
import { Conflict, Invalid } from '../../../errors.js';
import { addParticipants } from '../../../subjects/participants.js';
import { ofWeek } from '../../../subjects/project/time_actions.js';
import { type Worker } from '../log_time.js';
import { lockWeek } from '../open_days.js';
import { weekDetails } from '../weeks_of.js';
import { workerOf } from '../worker.js';
import { askedFor } from './deciders.js';

type Done = Omit<Outcome, 'subject'>;

/** Submits a person's week for approval, and says to whom: it is locked from now on. @throws Invalid, Conflict */
export async function submitWeek(db: Knex.Transaction, act: Act): Promise<Done> {
  const worker = workerOf(act);
  const asked = await askedFor(db, worker);
  const { organization_id, project_id: id } = worker;
  await addParticipants(db, { organization_id, id }, [worker.person_id, asked]);
  const details = await submit(db, worker, ofWeek.parse(act.input).week);
  return { details: { ...details, person_id: asked } };
}

/** Takes a submitted week back, to change it. @throws Conflict */
export async function withdrawWeek(db: Knex.Transaction, act: Act): Promise<Done> {
  return { details: await withdraw(db, workerOf(act), ofWeek.parse(act.input).week) };
}

/** A week with time becomes submitted. Returns what its activity says. @throws Invalid, Conflict */
export async function submit(db: Knex.Transaction, worker: Worker, day: string): Promise<Record<string, string>> {
  const details = weekDetails(day);
  const { week } = details;
  const { organization_id, project_id, person_id } = worker;
  const { state } = await lockWeek(db, worker, week);
  if (state === 'submitted' || state === 'approved') throw new Conflict('This week is submitted already.');
  const timer = db('timers').where({ organization_id, person_id, project_id });
  if (await timer.first('person_id')) throw new Invalid({ form: 'Stop the timer first.' });
  const { rows } = await db.raw<{ rows: { minutes: number }[] }>(MINUTES, { ...worker, week });
  const minutes = rows[0]?.minutes ?? 0;
  if (!minutes) throw new Invalid({ form: 'There is no time in this week.' });
  await change(db, worker, week, { state: 'submitted', minutes, reason: '' });
  return { ...details, hours: clock(minutes) };
}

const MINUTES = `select coalesce(sum(minutes), 0)::int as minutes from time_sums
  where organization_id = :organization_id and project_id = :project_id and week = :week and person_id = :person_id`;

/** @throws Conflict unless it is submitted */
export async function withdraw(db: Knex.Transaction, worker: Worker, day: string): Promise<Record<string, string>> {
  const details = weekDetails(day);
  const { state } = await lockWeek(db, worker, details.week);
  if (state !== 'submitted') throw new Conflict('This week is not submitted.');
  await change(db, worker, details.week, { state: 'open' });
  return details;
}

/** Sets columns of a person's week. */
export const change = (
  db: Knex.Transaction,
  { organization_id, person_id, project_id }: Worker,
  week: string,
  columns: object,
) => db('time_weeks').where({ organization_id, person_id, week, project_id }).update(columns);

/** '28:45': in an activity, whose readers have several languages. */
export const clock = (minutes: number): string =>
  `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

/** What a vendor's person is told of their week, on the first of its tasks. */
export async function tellVendor(
  db: Knex.Transaction,
  worker: Worker,
  action: 'approve_hours' | 'send_back_hours',
  details: Record<string, string>,
): Promise<FollowUpAct[]> {
  const { organization_id, project_id, person_id } = worker;
  const entry: { task_id: string } | undefined = await db('time_entries')
    .where({ organization_id, project_id, person_id, week: details['week'] })
    .whereNotNull('task_id')
    .orderBy('id')
    .first('task_id');
  if (!entry) return [];
  await addParticipants(db, { organization_id, id: entry.task_id }, [person_id]);
  return [{ id: entry.task_id, action, input: { ...details, person: person_id, person_id }, as: 'same' }];
}
