import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { isId, newId } from '../../db/ids.js';
import { type Actor, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { parseBy, shortText } from '../../input/fields.js';
import { requireMay } from '../../subjects/may.js';
import { z } from 'zod';
import { daysOffFrom } from '../days_off/closed_days.js';
import type { TaskRow } from '../tasks/task.js';
import { freeName } from './template_name.js';
import { type TemplateTask } from './project_templates.js';
import { workdaysAfter } from './workdays.js';

/** As many tasks a template has at most. */
const MOST_TASKS = 500;

/**
 * Keeps what is done in a project, in which order and for how long, as a template: nobody's names, no money. Returns
 * its id. @throws Invalid by field (`name`), NotFound, NotAllowed
 */
export function saveTemplate(db: Knex, actor: Actor, project_id: string, typed: string): Promise<string> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const organization_id = String(actor.organization_id);
    if (!isId(project_id)) throw new Invalid({ project: 'Choose a project.' });
    const project: { starts_on: string | null } | undefined = await db('projects')
      .where({ organization_id, id: project_id })
      .first('starts_on');
    if (!project) throw new NotFound();
    const { name } = parseBy(z.object({ name: shortText }), { name: typed });
    await freeName(db, organization_id, name, null);
    const tasks = await findTasks(db, organization_id, project_id);
    const id = newId();
    const task_count = tasks.filter(({ kind }) => kind === 'task').length;
    await db('project_templates').insert({ organization_id, id, name, task_count });
    await copyTasks(db, { organization_id, template_id: id }, tasks, project.starts_on);
    await record(db, actor, { action: 'save_template', details: { name }, visible_to: 'staff' });
    return id;
  });
}

/** What was dropped is not planned again. */
async function findTasks(db: Knex.Transaction, organization_id: string, project_id: string): Promise<TaskRow[]> {
  const tasks: TaskRow[] = await db('tasks')
    .where({ organization_id, project_id })
    .orderBy('position')
    .limit(MOST_TASKS + 1);
  if (tasks.length > MOST_TASKS) throw new Invalid({ form: 'A template has at most 500 tasks.' });
  const dropped = new Set(tasks.filter(({ state }) => state === 'dropped').map(({ id }) => id));
  const kept = tasks.filter(({ id, parent_id }) => !dropped.has(id) && !dropped.has(parent_id ?? ''));
  if (!kept.length) throw new Invalid({ form: 'This project has no tasks yet.' });
  return kept;
}

interface Place {
  organization_id: string;
  template_id: string;
}

async function copyTasks(db: Knex.Transaction, place: Place, tasks: TaskRow[], starts_on: string | null) {
  const { organization_id } = place;
  const ids = new Map(tasks.map(({ id }) => [id, newId()]));
  const first = firstDay(tasks, starts_on);
  const closed = await daysOffFrom(db, organization_id, first);
  const rows = tasks.map((task, n): TemplateTask & Place => ({
    ...place,
    ...{ id: ids.get(task.id) ?? '', kind: task.kind, parent_id: ids.get(task.parent_id ?? '') ?? null },
    ...{ position: n + 1, title: task.title, note: task.note, trade: task.trade, shown: task.shown },
    ...{ milestone: task.milestone, estimate_minutes: task.estimate_minutes },
    ...workdaysAfter(first, task.starts_on, task.due_on, closed),
  }));
  await db('template_tasks').insert(rows);
  const waits: { task_id: string; after_id: string }[] = await db('task_dependencies')
    .where({ organization_id })
    .whereIn('task_id', [...ids.keys()])
    .select('task_id', 'after_id');
  const copies = waits.flatMap(({ task_id, after_id }) => {
    const after = ids.get(after_id);
    return after ? [{ organization_id, task_id: ids.get(task_id), after_id: after }] : [];
  });
  if (copies.length) await db('template_dependencies').insert(copies);
}

/** The project's first day, or that of its first task, if this begins before. */
function firstDay(tasks: readonly TaskRow[], starts_on: string | null): string {
  const days = tasks.flatMap((task) => [task.starts_on, task.due_on, starts_on]).filter((day) => day !== null);
  return days.toSorted()[0] ?? '2000-01-03';
}
