import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import type { TimeCell } from '../../subjects/project/time_actions.js';
import { lockDays, requireOpenWeeks } from './open_days.js';
import { findWorks, type Work } from './works.js';

/** Whose time on which project; `partner_id`: of a vendor's contact. */
export interface Worker {
  organization_id: string;
  project_id: string;
  person_id: string;
  partner_id: string | null;
}

interface Entry {
  id: string;
  work_id: string;
  day: string;
  minutes: number;
  note: string;
}

/**
 * Saves what somebody did, by work and day. `today`: the organization's; nobody logs beyond it. Returns the minutes that
 * were added, below zero if some were taken away. @throws Invalid by the paths of the cells
 */
export async function saveCells(
  db: Knex.Transaction,
  worker: Worker,
  cells: readonly TimeCell[],
  today: string,
): Promise<number> {
  refuseTwice(cells);
  const works = await findWorks(
    db,
    worker,
    cells.map(({ work }) => work),
  );
  refuseUnknown(cells, works, today);
  await requireOpenWeeks(db, worker, cells);
  const days = await lockDays(db, worker, cells);
  const entries = await entriesOf(db, worker, cells);
  let added = 0;
  for (const [n, cell] of cells.entries()) {
    const before = entries.find(({ work_id, day }) => work_id === cell.work && day === cell.day);
    const stays = cell.minutes === undefined || cell.add;
    const minutes = (cell.minutes ?? 0) + (stays ? (before?.minutes ?? 0) : 0);
    const change = minutes - (before?.minutes ?? 0);
    const used = (days.get(cell.day) ?? 0) + change;
    if (used > DAY_MINUTES && change > 0) throw tooLong(n, used);
    days.set(cell.day, used);
    await saveEntry(db, worker, before, works.get(cell.work), { ...cell, minutes });
    added += change;
  }
  return added;
}

const DAY_MINUTES = 1440;

const tooLong = (n: number, minutes: number) =>
  refusal([n], 'minutes', 'A day has 24 hours. With this, {{hours}} would be logged.', {
    hours: `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`,
  });

const pathsOf = (cells: readonly TimeCell[], isWrong: (cell: TimeCell) => boolean): number[] =>
  cells.flatMap((cell, n) => (isWrong(cell) ? [n] : []));

const refusal = (cells: number[], field: 'work' | 'minutes', sentence: string, values = {}) =>
  new Invalid(Object.fromEntries(cells.map((n) => [`cells.${n}.${field}`, sentence])), values);

function refuseUnknown(cells: readonly TimeCell[], works: ReadonlyMap<string, unknown>, today: string): void {
  const wrong = pathsOf(cells, ({ work }) => !works.has(work));
  if (wrong.length) throw refusal(wrong, 'work', 'Choose a task of this project.');
  const future = pathsOf(cells, ({ day }) => day > today);
  if (future.length) throw refusal(future, 'minutes', 'Choose a day that isn’t in the future.');
}

function refuseTwice(cells: readonly TimeCell[]): void {
  if (new Set(cells.map(({ work, day }) => `${work} ${day}`)).size < cells.length)
    throw new Invalid({ cells: 'The same day is in it twice.' });
}

const entriesOf = (db: Knex.Transaction, worker: Worker, cells: readonly TimeCell[]): Promise<Entry[]> => {
  const { organization_id, project_id, person_id } = worker;
  return db('time_entries')
    .where({ organization_id, project_id, person_id })
    .whereIn('day', [...new Set(cells.map(({ day }) => day))])
    .select<Entry[]>('id', 'work_id', 'day', 'minutes', 'note');
};

async function saveEntry(
  db: Knex.Transaction,
  { organization_id, project_id, person_id, partner_id }: Worker,
  before: Entry | undefined,
  work: Work | undefined,
  { day, minutes, note, internal_note, add }: Omit<TimeCell, 'minutes'> & { minutes: number },
): Promise<void> {
  const key = { organization_id, id: before?.id ?? newId() };
  if (!minutes) {
    if (before) await db('time_entries').where(key).delete();
    return;
  }
  const said = note === undefined ? (before?.note ?? '') : joined(add ? before?.note : '', note ?? '');
  if (before) await db('time_entries').where(key).update({ minutes, note: said });
  else {
    const on = work?.kind === 'task' ? { task_id: work.id } : { activity_id: work?.id };
    await db('time_entries').insert({ ...key, ...on, project_id, person_id, partner_id, day, minutes, note: said });
  }
  if (internal_note === undefined) return;
  await db('time_costs')
    .where({ organization_id, entry_id: key.id })
    .update({ internal_note: internal_note ?? '' });
}

/** What was done is said once, however often the timer ran for it. */
const joined = (before: string | undefined, note: string): string =>
  !before || !note || before.includes(note) ? before || note : `${before}; ${note}`.slice(0, 2000);
