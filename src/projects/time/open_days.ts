import type { Knex } from 'knex';
import { Invalid } from '../../errors.js';
import type { TimeCell } from '../../subjects/project/time_actions.js';
import type { Worker } from './log_time.js';
import { mondayOf } from './weeks_of.js';

type Cells = readonly Pick<TimeCell, 'day'>[];

/** Refuses days in a closed period, and in weeks that are submitted or approved; locks the weeks. @throws Invalid */
export async function requireOpenWeeks(db: Knex.Transaction, worker: Worker, cells: Cells): Promise<void> {
  const { organization_id } = worker;
  const settings: { closed_on: string | null } | undefined = await db('time_settings')
    .where({ organization_id })
    .first('closed_on');
  const closed_on = settings?.closed_on;
  const closed = cells.findIndex(({ day }) => closed_on && day <= closed_on);
  if (closed >= 0)
    throw new Invalid(
      { [`cells.${closed}.minutes`]: 'Time up to {{closed_on}} is closed. Ask an admin to reopen it.' },
      {
        closed_on: closed_on ?? '',
      },
    );
  for (const week of [...new Set(cells.map(({ day }) => mondayOf(day)))].toSorted()) {
    const { state } = await lockWeek(db, worker, week);
    const n = cells.findIndex(({ day }) => mondayOf(day) === week);
    if (state === 'submitted') throw locked(n, 'This week is submitted. Withdraw it first.');
    if (state === 'approved') throw locked(n, 'This week is approved. Ask for it to be sent back.');
  }
}

const locked = (n: number, sentence: string) => new Invalid({ [`cells.${n}.minutes`]: sentence });

/** A person's week on a project. */
export interface WeekRow {
  state: 'open' | 'submitted' | 'approved' | 'sent_back';
  partner_id: string | null;
  minutes: number;
}

/** Locks a person's week on a project, which is made if there is none yet. */
export async function lockWeek(
  db: Knex.Transaction,
  { organization_id, project_id, person_id, partner_id }: Worker,
  week: string,
): Promise<WeekRow> {
  const key = { organization_id, person_id, week, project_id };
  await db('time_weeks')
    .insert({ ...key, partner_id, state: 'open' })
    .onConflict()
    .ignore();
  return db('time_weeks').where(key).forUpdate().first<WeekRow>('state', 'partner_id', 'minutes');
}

/** Locks somebody's days over all of their projects. Returns the minutes of each. */
export async function lockDays(
  db: Knex.Transaction,
  { organization_id, person_id }: Pick<Worker, 'organization_id' | 'person_id'>,
  cells: Cells,
): Promise<Map<string, number>> {
  const days = [...new Set(cells.map(({ day }) => day))].toSorted();
  const rows = days.map((day) => ({ organization_id, person_id, day, minutes: 0 }));
  await db('time_days').insert(rows).onConflict().ignore();
  const found: { day: string; minutes: number }[] = await db('time_days')
    .where({ organization_id, person_id })
    .whereIn('day', days)
    .orderBy('day')
    .forUpdate()
    .select('day', 'minutes');
  return new Map(found.map(({ day, minutes }) => [day, minutes]));
}
