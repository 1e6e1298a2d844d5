import type { Knex } from 'knex';
import { isId, newId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { addParticipants } from '../../subjects/participants.js';
import { daysOffFrom } from '../days_off/closed_days.js';
import type { TemplateTask } from './project_templates.js';
import { addWorkdays, workdayFrom } from './workdays.js';

/**
 * Fills a new project with the tasks of a template, from its first day on: none begins or ends on a weekend or a day off. Returns
 * the last day of them; null without dates. @throws Invalid by field (`template`, `starts_on`)
 */
export async function useTemplate(
  db: Knex.Transaction,
  { organization_id, person_id }: Actor,
  template_id: string,
  project: { id: string; starts_on: string | null },
): Promise<string | null> {
  if (!organization_id || !isId(template_id)) throw new Invalid({ template: 'Choose a template.' });
  const tasks: TemplateTask[] = await db('template_tasks').where({ organization_id, template_id }).orderBy('position');
  if (!tasks.length) throw new Invalid({ template: 'Choose a template.' });
  if (!project.starts_on) throw new Invalid({ starts_on: 'Give the day on which the first task starts.' });
  const ids = new Map(tasks.map(({ id }) => [id, newId()]));
  const place = { organization_id, project_id: project.id };
  const closed = await daysOffFrom(db, organization_id, project.starts_on);
  const first = workdayFrom(project.starts_on, closed);
  const dayAfter = (count: number | null) => (count === null ? null : addWorkdays(first, count, closed));
  await insertTasks(db, place, ids, tasks, dayAfter);
  await insertDependencies(db, organization_id, ids);
  // Whoever began it takes part in what is to be done, as if they had added each task.
  if (person_id)
    await Promise.all([...ids.values()].map((id) => addParticipants(db, { organization_id, id }, [person_id])));
  const last = Math.max(...tasks.map(({ starts_after, due_after }) => due_after ?? starts_after ?? -1));
  return last < 0 ? null : dayAfter(last);
}

async function insertTasks(
  db: Knex.Transaction,
  place: { organization_id: string; project_id: string },
  ids: ReadonlyMap<string, string>,
  tasks: readonly TemplateTask[],
  dayAfter: (count: number | null) => string | null,
): Promise<void> {
  const last = await takeNumbers(db, place.organization_id, tasks.length);
  const rows = tasks.map(({ id, parent_id, position, starts_after, due_after, ...task }, n) => {
    const [starts_on, due_on] = [dayAfter(starts_after), dayAfter(due_after)];
    return {
      ...place,
      ...{ id: ids.get(id), parent_id: ids.get(parent_id ?? '') ?? null, position },
      number: `TASK-${String(last - tasks.length + n + 1).padStart(4, '0')}`,
      ...{ kind: task.kind, title: task.title, note: task.note, trade: task.trade, shown: task.shown },
      ...{ milestone: task.milestone, estimate_minutes: task.estimate_minutes },
      ...{ starts_on, due_on, planned_starts_on: starts_on, planned_due_on: due_on },
    };
  });
  await db('tasks').insert(rows);
}

/** Takes so many numbers of tasks at once, and returns the last. */
async function takeNumbers(db: Knex.Transaction, organization_id: string, count: number): Promise<number> {
  const [row]: { value: number }[] = await db('counters')
    .insert({ organization_id, name: 'TASK', value: count })
    .onConflict(['organization_id', 'name'])
    .merge({ value: db.raw('counters.value + ?', [count]) })
    .returning('value');
  return row?.value ?? count;
}

async function insertDependencies(
  db: Knex.Transaction,
  organization_id: string,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const waits: { task_id: string; after_id: string }[] = await db('template_dependencies')
    .where({ organization_id })
    .whereIn('task_id', [...ids.keys()])
    .select('task_id', 'after_id');
  const rows = waits.map(({ task_id, after_id }) => {
    return { organization_id, task_id: ids.get(task_id), after_id: ids.get(after_id) };
  });
  if (rows.length) await db('task_dependencies').insert(rows);
}
