import type { Knex } from 'knex';
import { isId, newId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import { daysOffFrom } from '../days_off/closed_days.js';
import { insertTasks } from '../tasks/add_task.js';
import type { TemplateTask } from './project_templates.js';
import { addWorkdays, workdayFrom } from './workdays.js';

interface NewProject {
  organization_id: string;
  id: string;
  starts_on: string | null;
  /** Who take part in it, and in each of its tasks. */
  people: readonly string[];
}

/**
 * Fills a new project with the tasks of a template, from its first day on: none begins or ends on a weekend or a day off. Returns
 * the last day of them; null without dates. @throws Invalid by field (`template`, `starts_on`)
 */
export async function useTemplate(
  db: Knex.Transaction,
  template_id: string,
  { organization_id, id: project_id, starts_on, people }: NewProject,
): Promise<string | null> {
  if (!isId(template_id)) throw new Invalid({ template: 'Choose a template.' });
  const tasks: TemplateTask[] = await db('template_tasks').where({ organization_id, template_id }).orderBy('position');
  if (!tasks.length) throw new Invalid({ template: 'Choose a template.' });
  if (!starts_on) throw new Invalid({ starts_on: 'Give the day on which the first task starts.' });
  const ids = new Map(tasks.map(({ id }) => [id, newId()]));
  const closed = await daysOffFrom(db, organization_id, starts_on);
  const first = workdayFrom(starts_on, closed);
  const dayAfter = (count: number | null) => (count === null ? null : addWorkdays(first, count, closed));
  const planned = tasks.map(({ id, parent_id, position, starts_after, due_after, ...task }) => ({
    ...{ id: ids.get(id) ?? '', parent_id: ids.get(parent_id ?? '') ?? null, position },
    ...{ kind: task.kind, title: task.title, note: task.note, trade: task.trade, shown: task.shown },
    ...{ milestone: task.milestone, estimate_minutes: task.estimate_minutes },
    ...{ starts_on: dayAfter(starts_after), due_on: dayAfter(due_after) },
  }));
  await insertTasks(db, { organization_id, project_id }, planned, people);
  await insertDependencies(db, organization_id, ids);
  const last = Math.max(...tasks.map(({ starts_after, due_after }) => due_after ?? starts_after ?? -1));
  return last < 0 ? null : dayAfter(last);
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
