import { z } from 'zod';
import type { Action, Lifecycle } from '../../document_types/index.js';
import { comment, view } from '../../document_types/shared/define_type.js';
import { hoursActions, type HoursEffect } from './hours_actions.js';
import { day, field, id, longText, shortText } from '../../input/fields.js';

type State = 'open' | 'started' | 'done' | 'dropped';

/** What its actions change: see projects/tasks/task_acts.ts. */
export type TaskEffect = 'comment' | 'change task' | 'finish' | 'reopen' | HoursEffect;

type TaskAction = Action<State, TaskEffect>;

const MOST_MINUTES = 6_000_000;
const chosenId = id.nullable().optional();

/** What staff say of a task; the form of a new one and of one that exists. Minutes; days as ISO 8601. */
export const taskInput = z.object({
  title: shortText,
  note: longText.optional(),
  kind: z.enum(['phase', 'task', 'step'], 'Choose what it is.').optional(),
  parent: chosenId,
  assignee: chosenId,
  vendor: chosenId,
  trade: shortText.optional(),
  shown: field(z.boolean().optional(), 'checkbox', 'The customer sees it'),
  starts_on: day.optional(),
  due_on: day.optional(),
  milestone: field(z.boolean().optional(), 'checkbox', 'A milestone'),
  estimate_minutes: z
    .number('Enter hours like 1:30.')
    .int('Enter hours like 1:30.')
    .min(0, 'This can’t be below zero.')
    .max(MOST_MINUTES, 'This is too large.')
    .nullable()
    .optional(),
  document: chosenId,
  after: z.array(id, 'Choose tasks.').max(50, 'Choose at most 50 tasks.').optional(),
});

const message = longText.optional();
/** Staff may say so of every task, a partner of its own. */
const theirs = {
  by: 'either',
  permission: 'message',
  when: ({ theirs }) => theirs === true,
} as const satisfies Partial<TaskAction>;
const living = ['open', 'started'] as const;

/** Something to be done in a project, by staff, its customer or a vendor. A phase holds tasks, a task may have steps. */
export const task: Lifecycle<State, TaskEffect> = {
  name: 'task',
  label: 'Task',
  plural: 'Tasks',
  path: 'tasks',
  module: 'projects',
  page: 'tasks',
  states: ['open', 'started', 'done', 'dropped'],
  stateLabels: {
    open: { label: 'Not started', tone: 'quiet' },
    started: { label: 'In progress', tone: 'waiting' },
    done: { label: 'Done', tone: 'good' },
    dropped: { label: 'Dropped', tone: 'stopped' },
  },
  actions: {
    change: {
      by: 'staff',
      effect: 'change task',
      formPage: 'edit',
      asks: taskInput.partial({ title: true }),
      summary: '{{actor}} changed {{document}}',
    },
    start: { ...theirs, from: ['open'], to: 'started', summary: '{{actor}} started {{document}}', label: 'Start' },
    finish: {
      ...theirs,
      from: living,
      to: 'done',
      effect: 'finish',
      asks: z.object({ message }),
      notifies: 'both',
      summary: '{{actor}} marked {{document}} as done',
      label: 'Mark as done',
      style: 'primary',
    },
    reopen: {
      ...theirs,
      from: ['done', 'dropped'],
      to: 'open',
      effect: 'reopen',
      asks: z.object({ message }),
      notifies: 'both',
      summary: '{{actor}} reopened {{document}}',
      label: 'Reopen',
    },
    drop: {
      by: 'staff',
      from: living,
      to: 'dropped',
      asks: z.object({ message }),
      notifies: 'both',
      summary: '{{actor}} dropped {{document}}',
      label: 'Drop',
      style: 'danger',
      explains: 'It won’t be done. It stays in the list of what was dropped.',
    },
    ...hoursActions,
    comment,
    view,
  } satisfies Record<string, TaskAction>,
};
