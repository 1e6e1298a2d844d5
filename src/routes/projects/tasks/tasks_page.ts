import { z } from 'zod';
import type { Actor } from '../../../db/scope.js';
import { awaitedInProject } from '../../../documents/queries/waiting.js';
import { addDays, today } from '../../../pages/days.js';
import type { Link } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { addTask } from '../../../projects/tasks/add_task.js';
import { isOffered } from '../../../subjects/may.js';
import { submitOnce } from '../../acts/once.js';
import { one } from '../../forms/field_values.js';
import { type Errors, formInput } from '../../shared/form.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { projectMoney } from '../finances/project_money.js';
import { findProject, keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { scheduleQueries, scheduleSection, type ScheduleSection } from '../schedule/schedule_section.js';
import { type TaskGroup, taskGroups } from './task_groups.js';
import { type ListedTask, projectTasks, TASK_FILTERS, TASKS_PAGE, type TaskFilter } from './task_queries.js';
import type { TaskReader } from './task_rows.js';
import { todoView } from './todo_view.js';
import { ownTasks, projectMembers, signers, type TaskCounts, taskCounts, taskSegments } from './top_queries.js';
import { type Counted, type ProjectTop, topView } from './top_view.js';

interface TasksInput {
  frame: ProjectFrame;
  top: ProjectTop;
  filters: (Link & { current: boolean; count: number | null })[];
  groups: TaskGroup[];
  /** What was asked for, in an address: an empty list says which. */
  filter: TaskFilter;
  next: string | null;
  /** For staff: where a new task goes, with its whole form, and the key that leads back here. */
  add: AddTask | null;
  key: string;
  schedule: ScheduleSection | null;
}

interface AddTask {
  url: string;
  form_url: string;
  /** The id of the phase whose form has the focus; '' for the project's own, null for none. */
  focus: string | null;
  /** As typed, in the form that was submitted. */
  typed: string;
  parent: string;
  error: string | null;
}

export const tasksTab = defineView<TasksInput>('projects/tasks/page');

const Params = z.object({
  show: z.enum(TASK_FILTERS).catch('all'),
  after: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,300})?$/)
    .catch('0'),
  add: z.string().max(60).optional().catch(undefined),
});

/** Own tasks are shown as things to do so many days before they are due. */
const DAYS_AHEAD = 14;

/** A project's own page: its tasks. */
export async function showTasks(ctx: RequestContext) {
  ctx.res.send(await tasksPage(ctx));
}

async function tasksPage(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { req, actor, membership } = ctx;
  const key = keyIn(ctx);
  const { show, after, add } = Params.parse(req.query);
  const { head, frame, found, i18n, url } = await readPage(
    ctx,
    'tasks',
    projectTasks(actor, key, show, after),
    awaitedInProject(actor, key),
    ownTasks(actor, key, addDays(today(actor), DAYS_AHEAD)),
    signers(actor),
    taskSegments(actor, key),
    taskCounts(actor, key),
    projectMembers(actor, key),
    projectMoney(actor, key),
    ...scheduleQueries(ctx),
  );
  const [rows, documents, own, contacts, segments, [mine], members, money, scheduled, dependencies, closed] = found;
  const { slug, organization } = membership;
  const reader: TaskReader = { actor, slug, organization, key: head.key, day: today(actor), i18n };
  const counted = countedFor(head, mine, reader);
  return contextPage(ctx, tasksTab, head.name, {
    frame,
    top: topView(head, counted, { segments, members, money }, todoView(documents, own, contacts, reader), reader),
    filters: filtersOf(show, counted, mine?.yours ?? 0, url, isVendor(head, actor), reader),
    groups: taskGroups(rows.slice(0, TASKS_PAGE), reader, show === 'all'),
    filter: show,
    next: nextPage(rows, url, show),
    add: isOffered(actor, 'planning') ? addForm(ctx, url, add, errors) : null,
    key: head.key,
    schedule: scheduleSection(ctx, head, scheduled, dependencies, closed),
  });
}

/** Who sees only their own part of the project. */
const isVendor = (head: ProjectHead, { side, partner_id }: Actor) => side !== 'staff' && partner_id !== head.partner_id;

/** A vendor's are its own. */
function countedFor(head: ProjectHead, mine: TaskCounts | undefined, { actor }: TaskReader): Counted {
  return isVendor(head, actor)
    ? { all: mine?.vendors ?? 0, done: mine?.vendors_done ?? 0 }
    : { all: head.task_count, done: head.done_count };
}

function filtersOf(
  current: TaskFilter,
  { all, done }: Counted,
  yours: number,
  url: string,
  hasOwnPart: boolean,
  { actor, i18n: { t } }: TaskReader,
): TasksInput['filters'] {
  const filter = (name: TaskFilter, label: string, count: number | null) => ({
    href: name === 'all' ? url : `${url}?show=${name}`,
    label: t(label),
    ...{ count, current: name === current },
  });
  return [
    filter('all', 'All', all),
    filter('open', 'Open', all - done),
    ...(hasOwnPart ? [] : [filter('yours', 'Yours', yours)]),
    ...(actor.side === 'staff' ? [filter('dropped', 'Dropped', null)] : []),
  ];
}

function nextPage(rows: readonly ListedTask[], url: string, show: TaskFilter): string | null {
  const last = rows.length > TASKS_PAGE ? rows[TASKS_PAGE - 1] : undefined;
  if (!last) return null;
  return `${url}?${show === 'all' ? '' : `show=${show}&`}after=${last.position}`;
}

function addForm(ctx: RequestContext, url: string, focus: string | undefined, errors: Errors): AddTask {
  const typed = formInput(ctx);
  const [error] = Object.values(errors);
  return {
    url: `${url}/tasks`,
    form_url: `${url}/tasks/new`,
    focus: error ? one(typed, 'parent') : (focus ?? null),
    ...{ typed: one(typed, 'title'), parent: one(typed, 'parent'), error: error ?? null },
  };
}

const KINDS = ['task', 'phase', 'step'] as const;

/** Adds a task by its title alone, in a phase or in none; the form comes again for the next one. */
export function addByTitle(ctx: RequestContext) {
  const { actor, membership } = ctx;
  const fields = formInput(ctx);
  const parent = one(fields, 'parent');
  const kind = KINDS.find((name) => name === one(fields, 'kind')) ?? 'task';
  const work = async (ctx: RequestContext) => {
    const { id, key } = await findProject(ctx);
    const input = { title: one(fields, 'title'), kind, ...(parent ? { parent } : {}) };
    const added = await addTask(ctx.db.knex, actor, id, input);
    const task = /^TASK-\d{1,9}$/.exec(one(fields, 'task'))?.[0];
    if (task) return `/${membership.slug}/tasks/${task}`;
    return `/${membership.slug}/projects/${key}?add=${kind === 'phase' ? added : parent}#add-${parent || 'task'}`;
  };
  return submitOnce(ctx, work, (errors) => tasksPage(ctx, errors));
}
