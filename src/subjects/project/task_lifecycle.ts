import { z } from 'zod';
import type { Action, Lifecycle } from '../../document_types/index.js';
import { comment, viewQuietly } from '../../document_types/shared/define_type.js';
import { hoursActions, type HoursEffect } from './hours_actions.js';
import { day, field, longText, shortText } from '../../input/fields.js';
import { taskDates, taskInput, taskPlace, UNDO_SECONDS } from './task_input.js';

type State = 'open' | 'started' | 'done' | 'dropped';

/** What its actions change: see projects/tasks/task_acts.ts. */
export type TaskEffect =
  | ('comment' | 'change task' | 'tell' | 'move task' | 'place task' | 'tell late')
  | ('propose date' | 'confirm date' | 'accept date' | 'keep date')
  | ('finish' | 'undo' | 'reopen' | 'drop')
  | HoursEffect;

type TaskAction = Action<State, TaskEffect>;

const message = longText.optional();
/** Staff may say so of every task, a partner of its own. */
const theirs = {
  by: 'either',
  permission: 'message',
  when: ({ theirs }) => theirs === true,
} as const satisfies Partial<TaskAction>;
const living = ['open', 'started'] as const;

/** What staff do with it. */
const managing = {
  change: {
    by: 'staff',
    effect: 'change task',
    formPage: 'edit',
    asks: taskInput.partial({ title: true }),
    summary: '{{actor}} changed {{document}}',
  },
  // Follows a change of who does it.
  assign: {
    by: 'staff',
    effect: 'tell',
    asks: z.object({
      ...{ person_id: shortText.optional(), name: shortText, people: z.array(z.string()) },
      readers: z.array(z.string()).optional(),
    }),
    notifies: 'listed',
    summary: '{{actor}} gave {{document}} to {{name}}',
    summaryToNamed: '{{actor}} gave you {{document}}',
  },
  move: {
    by: 'staff',
    from: living,
    effect: 'move task',
    asks: taskDates,
    notifies: 'both',
    summary: '{{actor}} moved {{document}} to {{due_on}}',
    label: 'Move dates',
    explains: 'Everyone who works on it or waits for it gets an email.',
  },
  place: {
    by: 'staff',
    effect: 'place task',
    asks: taskPlace,
    visible: 'staff',
    merges: true,
    summary: '{{actor}} moved {{document}} within the list',
  },
  accept_date: {
    by: 'staff',
    from: living,
    when: ({ other_date }) => other_date === true,
    effect: 'accept date',
    asks: z.object({ message }),
    notifies: 'both',
    summary: '{{actor}} agreed to {{due_on}} for {{document}}',
    label: 'Accept the date',
    style: 'primary',
  },
  keep_date: {
    by: 'staff',
    from: living,
    when: ({ other_date }) => other_date === true,
    effect: 'keep date',
    asks: z.object({ message }),
    notifies: 'both',
    summary: '{{actor}} kept {{due_on}} for {{document}}',
    label: 'Keep the date',
  },
  drop: {
    by: 'staff',
    from: living,
    to: 'dropped',
    effect: 'drop',
    asks: z.object({ message }),
    notifies: 'both',
    summary: '{{actor}} dropped {{document}}',
    label: 'Drop',
    style: 'danger',
    explains: 'It won’t be done. It stays in the list of what was dropped.',
  },
} satisfies Record<string, TaskAction>;

/** What who does it says of it. */
const doing = {
  start: { ...theirs, from: ['open'], to: 'started', summary: '{{actor}} started {{document}}', label: 'Start' },
  finish: {
    ...theirs,
    from: living,
    to: 'done',
    effect: 'finish',
    asks: z.object({ message }),
    notifies: 'both',
    waits: UNDO_SECONDS,
    summary: '{{actor}} marked {{document}} as done',
    label: 'Mark as done',
    style: 'primary',
  },
  undo: {
    ...theirs,
    from: ['done'],
    when: (facts) => facts.theirs === true && facts.undoable === true,
    to: { open: 'open', started: 'started' },
    effect: 'undo',
    summary: '{{actor}} took back that {{document}} is done',
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
  confirm_date: {
    by: 'partner',
    permission: 'message',
    needs: 'link',
    from: living,
    when: ({ theirs, due_on, confirmed }) => theirs === true && due_on !== null && confirmed !== true,
    effect: 'confirm date',
    notifies: 'staff',
    summary: '{{actor}} can do {{document}} by {{due_on}}',
    label: 'I can do it by then',
  },
  propose_date: {
    by: 'partner',
    permission: 'message',
    needs: 'link',
    from: living,
    when: ({ theirs }) => theirs === true,
    effect: 'propose date',
    asks: z.object({
      due_on: field(day.min(1, 'Give a date.'), 'date', 'Which day?'),
      reason: field(shortText.min(1, 'Fill this in.'), 'text', 'Why?'),
    }),
    notifies: 'staff',
    summary: '{{actor}} proposed {{due_on}} for {{document}}',
    label: 'Another day…',
  },
} satisfies Record<string, TaskAction>;

/** What follows from others, and from the calendar. */
const following = {
  // Before it is given to others.
  lose: {
    by: 'system',
    effect: 'tell',
    asks: z.object({ person_id: z.string(), name: shortText }),
    notifies: 'named',
    visible: 'staff',
    summary: '{{actor}} took {{document}} from {{name}}',
    summaryToNamed: '{{actor}} took {{document}} off your list',
  },
  begin: {
    by: 'system',
    from: living,
    effect: 'tell',
    notifies: 'both',
    waits: UNDO_SECONDS,
    summary: '{{document}} can begin: what it waited for is done',
  },
  wait: {
    by: 'system',
    from: living,
    effect: 'tell',
    notifies: 'both',
    summary: '{{document}} waits longer: what comes before it has moved',
  },
  tell_late: {
    by: 'system',
    from: living,
    when: ({ due_on }, today) => due_on !== null && due_on < today,
    effect: 'tell late',
    asks: z.object({ people: z.array(z.string()) }),
    notifies: 'listed',
    visible: 'staff',
    summary: '{{document}} is late: it was due {{due_on}}',
  },
} satisfies Record<string, TaskAction>;

/** Something to be done in a project, by staff, its customer or a vendor. A phase holds tasks, a task may have steps. */
export const task: Lifecycle<State, TaskEffect> = {
  name: 'task',
  label: 'Task',
  plural: 'Tasks',
  path: 'tasks',
  module: 'projects',
  page: 'tasks',
  titled: true,
  states: ['open', 'started', 'done', 'dropped'],
  stateLabels: {
    open: { label: 'Not started', tone: 'quiet' },
    started: { label: 'In progress', tone: 'waiting' },
    done: { label: 'Done', tone: 'good' },
    dropped: { label: 'Dropped', tone: 'stopped' },
  },
  actions: { ...managing, ...doing, ...following, ...hoursActions, comment, view: viewQuietly },
};
