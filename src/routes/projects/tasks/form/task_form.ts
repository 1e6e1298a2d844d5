import { read } from '../../../../db/scope.js';
import { NotFound } from '../../../../errors.js';
import type { Choice } from '../../../../pages/views/components.js';
import { defineView } from '../../../../pages/views/render.js';
import { addTask } from '../../../../projects/tasks/add_task.js';
import { taskInput } from '../../../../subjects/project/task_input.js';
import { submitOnce } from '../../../acts/once.js';
import { many, one } from '../../../forms/field_values.js';
import { readForm } from '../../../forms/read_form.js';
import { type ActionPage, type Errors, formInput } from '../../../shared/form.js';
import { contextPage, type RequestContext, translatorOf } from '../../../shared/request_context.js';
import { findProject, keyIn } from '../../project_page.js';
import { type ChosenTask, type FormChoices, type FormProject, formProject, formTask } from './form_queries.js';

interface TaskFormInput {
  title: string;
  action: string;
  cancel: string;
  /** Of a task that exists: moved later than planned it takes a reason. */
  exists: boolean;
  /** As typed, or as they are. */
  values: Record<string, string>;
  checked: { shown: boolean; milestone: boolean };
  errors: Errors;
  choices: Record<'kind' | 'parent' | 'assignee' | 'vendor' | 'document', Choice[]>;
  /** The tasks that it may wait for, with those that it does. */
  after: { id: string; title: string; checked: boolean }[];
}

export const taskFormView = defineView<TaskFormInput>('projects/tasks/form');

/** The form of a new task. */
export async function newTask(ctx: RequestContext) {
  ctx.res.send(await newPage(ctx, {}));
}

/** Makes a task, once. */
export function createTask(ctx: RequestContext) {
  const { actor, membership } = ctx;
  const fields = formInput(ctx);
  const work = async ({ db }: RequestContext) => {
    const { id, key } = await findProject(ctx);
    await addTask(db.knex, actor, id, readForm(taskInput, fields, { locale: actor.locale, currency: '' }));
    return `/${membership.slug}/projects/${key}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => newPage(ctx, errors));
}

async function newPage(ctx: RequestContext, errors: Errors): Promise<string> {
  const { db, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const [[project]] = await read(db.pool, actor, formProject(actor, keyIn(ctx)));
  if (!project) throw new NotFound();
  const url = `/${membership.slug}/projects/${project.key}`;
  const page = { title: t('New task'), action: `${url}/tasks/new`, cancel: url, exists: false };
  return contextPage(ctx, taskFormView, page.title, { ...page, ...fieldsOf(ctx, project, null, errors) });
}

/** The form of a task that exists. */
export const editTask = (ctx: RequestContext) => showForm(ctx, {});

/** Shown again with what was typed. */
export const taskFormPage: ActionPage = { show: (ctx, { errors }) => showForm(ctx, errors) };

async function showForm(ctx: RequestContext, errors: Errors): Promise<void> {
  const { db, actor, membership, res } = ctx;
  const t = translatorOf(ctx);
  const [[task]] = await read(db.pool, actor, formTask(actor, keyIn(ctx)));
  if (!task) throw new NotFound();
  const url = `/${membership.slug}/tasks/${task.number}`;
  const page = { title: t('Edit task'), action: `${url}/change`, cancel: url, exists: true };
  res.send(contextPage(ctx, taskFormView, page.title, { ...page, ...fieldsOf(ctx, task, task, errors) }));
}

const NAMES = [
  ...['title', 'note', 'kind', 'parent', 'assignee', 'vendor', 'trade', 'starts_on', 'due_on', 'reason'],
  ...['estimate_minutes', 'document'],
];

function fieldsOf(ctx: RequestContext, project: FormProject, task: ChosenTask | null, errors: Errors) {
  const typed = formInput(ctx);
  const again = Object.keys(errors).length > 0;
  const saved: Record<string, string> = task ? savedValues(task) : { kind: 'task' };
  const value = (name: string) => (again ? one(typed, name) : (saved[name] ?? ''));
  const after = again ? many(typed, 'after') : (task?.after ?? []).map(({ id }) => id);
  const ticked = (name: 'shown' | 'milestone', usual: boolean) =>
    again ? one(typed, name) !== '' : (task?.[name] ?? usual);
  return {
    values: Object.fromEntries(NAMES.map((name) => [name, value(name)])),
    checked: { shown: ticked('shown', true), milestone: ticked('milestone', false) },
    errors,
    choices: choicesOf(ctx, project.choices, task),
    after: mayWaitFor(project, task).map(({ id, title }) => ({ id, title, checked: after.includes(id) })),
  };
}

/** The tasks to choose from, and those that it waits for already: a large project has more than can be chosen from. */
function mayWaitFor({ choices }: FormProject, task: ChosenTask | null): { id: string; title: string }[] {
  const offered = choices.tasks.filter(({ id, kind }) => kind !== 'phase' && id !== task?.id);
  const known = new Set(offered.map(({ id }) => id));
  return [...offered, ...(task?.after ?? []).filter(({ id }) => !known.has(id))];
}

function savedValues(task: ChosenTask): Record<string, string> {
  const { estimate_minutes: minutes } = task;
  const hours = minutes === null ? '' : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  return {
    ...{ title: task.title, note: task.note, kind: task.kind, parent: task.parent_id ?? '' },
    ...{
      assignee: task.assignee_id ?? '',
      vendor: task.vendor_id ?? '',
      trade: task.trade,
      document: task.document_id ?? '',
    },
    ...{ starts_on: task.starts_on ?? '', due_on: task.due_on ?? '', estimate_minutes: hours },
  };
}

function choicesOf(ctx: RequestContext, choices: FormChoices, task: ChosenTask | null): TaskFormInput['choices'] {
  const t = translatorOf(ctx);
  const none = { value: '', label: t('None') };
  const named = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });
  const parents = choices.tasks.filter(({ kind, id }) => kind !== 'step' && id !== task?.id);
  const kept = (offered: Choice[], name: keyof ChosenTask['names']) => withKept(offered, task, name);
  return {
    kind: [
      { value: 'task', label: t('Task') },
      { value: 'phase', label: t('Phase') },
      { value: 'step', label: t('Step') },
    ],
    parent: kept([none, ...parents.map(({ id, title }) => ({ value: id, label: title }))], 'parent'),
    assignee: kept([{ value: '', label: t('Nobody yet') }, ...choices.people.map(named)], 'assignee'),
    vendor: kept([none, ...choices.vendors.map(named)], 'vendor'),
    document: kept([none, ...choices.documents.map(named)], 'document'),
  };
}

/** What the task has already stays to be chosen, however many there are. */
function withKept(offered: Choice[], task: ChosenTask | null, name: keyof ChosenTask['names']): Choice[] {
  const id = task?.[`${name}_id`];
  if (!task || !id || offered.some(({ value }) => value === id)) return offered;
  return [...offered, { value: id, label: task.names[name] ?? id }];
}
