import type { Knex } from 'knex';
import { z } from 'zod';
import { act } from '../../../act.js';
import { systemActor, withActor } from '../../../db/scope.js';
import { addDays } from '../../../pages/days.js';
import { addRates } from '../../../people/preferences/exchange_rates.js';
import { saveTimeSettings } from '../../../projects/time/time_rates.js';
import { mondayOf } from '../../../projects/time/weeks_of.js';
import { actorAt, dayOf, entry, type Stage } from '../stage.js';
import type { Event } from '../story.js';

/** `week`: -1 is the last one, `weekday` 0 its Monday; `work` a task of the project, or else an activity. */
const Logged = z.strictObject({
  work: z.string(),
  week: z.int().max(-1),
  weekday: z.int().min(0).max(6),
  minutes: z.int(),
  note: z.string().optional(),
  internal_note: z.string().optional(),
});

/** Somebody's time on a project, by the project itself, or by a vendor's people on their task. */
export async function logStoryTime(db: Knex, stage: Stage, event: Event, now: Date): Promise<void> {
  const { work, week, weekday, ...cell } = Logged.parse(event.with);
  const actor = actorAt(stage, event.who, now);
  const project = entry(stage.projects, event.on);
  const day = addDays(mondayOf(dayOf(stage.story, 0)), week * 7 + weekday);
  const task = await workNamed(db, stage, 'tasks', project, work);
  const of = actor.side === 'partner' ? task : (task ?? (await activityNamed(db, stage, project, work, now)));
  if (!of) throw new Error(`The story has no task "${work}".`);
  const [id, name] = actor.side === 'partner' ? [of, 'log_hours'] : [project, 'log_time'];
  await act(db, actor, id, name, { cells: [{ ...cell, work: of, day }] });
}

async function activityNamed(db: Knex, stage: Stage, project: string, name: string, now: Date) {
  const found = await workNamed(db, stage, 'project_activities', project, name);
  if (found) return found;
  await act(db, actorAt(stage, stage.story.owner.key, now), project, 'add_activity', { name });
  return workNamed(db, stage, 'project_activities', project, name);
}

const COLUMNS = { tasks: 'title', project_activities: 'name' } as const;

const workNamed = (
  db: Knex,
  { organization_id }: Stage,
  table: keyof typeof COLUMNS,
  project_id: string,
  name: string,
): Promise<string | undefined> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const where = { organization_id, project_id, [COLUMNS[table]]: name };
    return (await db(table).where(where).first<{ id: string } | undefined>('id'))?.id;
  });

const Rates = z.strictObject({ cost: z.int(), bill: z.int() });

/** What an hour costs, and is billed with, unless a person has other rates; minor units. */
export function setStoryRates(db: Knex, stage: Stage, event: Event, now: Date): Promise<void> {
  const { cost: cost_rate, bill: bill_rate } = Rates.parse(event.with);
  const settings = { closed_on: null, cost_rate, bill_rate, people: {} };
  return saveTimeSettings(db, actorAt(stage, event.who, now), settings);
}

const Exchange = z.strictObject({ from: z.string(), to: z.string(), rate: z.string() });

/** What one unit of a currency is worth in another since the event's day. */
export function addStoryRate(db: Knex, stage: Stage, event: Event, now: Date): Promise<void> {
  const { from: from_currency, to: to_currency, rate } = Exchange.parse(event.with);
  const day = dayOf(stage.story, event.day);
  return addRates(db, actorAt(stage, event.who, now), [{ from_currency, to_currency, day, rate }]);
}
