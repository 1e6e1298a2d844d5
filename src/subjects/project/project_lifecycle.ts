import { z } from 'zod';
import type { Lifecycle } from '../../document_types/index.js';
import { comment, viewQuietly } from '../../document_types/shared/define_type.js';
import { addressActions, type DetailsEffect, filesActions, logActions } from './details_actions.js';
import { type BudgetEffect, budgetActions } from './budget_actions.js';
import { chosen, day, field, id, ids, longText, shortText } from '../../input/fields.js';
import { timeActions, type TimeEffect } from './time_actions.js';

/** What its actions change: see projects/project_effects.ts. */
export type ProjectEffect =
  | ('comment' | 'notify' | 'change project' | 'close' | 'reopen' | 'add person' | 'remove person')
  | ('share project' | 'share tasks' | 'set baseline')
  | (TimeEffect | BudgetEffect | DetailsEffect);

/** Its name in URLs: 'MAPLE-2'. 'NEW' would be the address of the form. */
const projectKey = field(
  shortText
    .transform((typed) => typed.toUpperCase())
    .refine(
      (typed) => typed !== 'NEW' && /^[A-Z0-9][A-Z0-9-]{0,19}$/.test(typed),
      'Use up to 20 letters, digits and hyphens.',
    ),
  'text',
);

/** What staff say of a project, whole: what is left out is empty from then on. Days as ISO 8601. */
export const projectInput = z.object({
  name: shortText,
  key: projectKey,
  partner: chosen('Choose a customer.'),
  manager: id.optional(),
  starts_on: day.optional(),
  ends_on: day.optional(),
  description: longText.optional(),
});

const part = (label: string) => field(z.boolean().optional(), 'checkbox', label);

/** Which parts of a project its customer sees; what is left out is not shown. */
export const projectParts = z.object({
  tasks: part('Tasks and schedule'),
  calendar: part('Calendar'),
  time: part('Time'),
  finances: part('Finances'),
  details: part('Details and files'),
  comments: part('Comments'),
  people: part('Names of the people who work on it'),
});

const MOST_READERS = 50;
const readers = ids(MOST_READERS, 'Choose at most 50 people.');

/**
 * A comment begins a thread, with its title and the task that it is about, or `answers` another one. It is told to those
 * whom it mentions, and by `reach`: to whom it answers (the usual), to all who were told of the thread, or to exactly
 * the `readers`.
 */
export const threadComment = comment.asks.extend({
  answers: id.optional(),
  reach: z.enum(['reply', 'all', 'chosen'], 'Choose who is told.').optional(),
  readers,
  title: shortText.optional(),
  about: id.optional(),
});

/** Who is told of a comment that is there already. */
export const notifyInput = z.object({ comment: chosen('Choose a comment.'), readers });

/** A job for a customer, with its documents and its conversation. Vendors see only their own documents of it. */
export const project: Lifecycle<'open' | 'closed', ProjectEffect> = {
  name: 'project',
  label: 'Project',
  plural: 'Projects',
  path: 'projects',
  module: 'projects',
  page: 'projects',
  conversation: '/comments',
  states: ['open', 'closed'],
  stateLabels: { open: { label: 'Open', tone: 'good' }, closed: { label: 'Closed', tone: 'quiet' } },
  actions: {
    change: {
      by: 'staff',
      effect: 'change project',
      formPage: 'edit',
      asks: projectInput,
      visible: 'staff',
      summary: '{{actor}} changed the project {{name}}',
    },
    close: {
      by: 'staff',
      from: ['open'],
      to: 'closed',
      effect: 'close',
      summary: '{{actor}} closed {{document}}',
      label: 'Close project',
      explains: 'It moves to the closed projects. Everyone can still see it, and you can reopen it.',
    },
    reopen: {
      by: 'staff',
      from: ['closed'],
      to: 'open',
      effect: 'reopen',
      summary: '{{actor}} reopened {{document}}',
      label: 'Reopen project',
    },
    share_project: {
      by: 'staff',
      effect: 'share project',
      formPage: 'sharing',
      asks: projectParts,
      visible: 'staff',
      summary: '{{actor}} changed what the customer sees of {{document}}',
      label: 'Save',
    },
    share_tasks: {
      by: 'staff',
      effect: 'share tasks',
      formPage: 'sharing',
      asks: z.object({
        among: z.array(id, 'Choose tasks.').max(500, 'Choose at most 500 tasks.'),
        shown: z.array(id, 'Choose tasks.').max(500, 'Choose at most 500 tasks.'),
      }),
      visible: 'staff',
      summary: '{{actor}} changed which tasks of {{document}} the customer sees',
    },
    set_baseline: {
      by: 'staff',
      effect: 'set baseline',
      visible: 'staff',
      summary: '{{actor}} took the dates of {{document}} as its plan',
      label: 'Set baseline',
      explains: 'The dates as they are now become the plan that later changes are measured by.',
    },
    add_person: {
      by: 'staff',
      effect: 'add person',
      asks: z.object({ person: chosen('Choose a person.'), message: longText.optional() }),
      notifies: 'named',
      summary: '{{actor}} added {{name}} to {{document}}',
      summaryToNamed: '{{actor}} added you to {{document}}',
      label: 'Add a person',
      explains: 'They get an email with a link, and what is written about the project from now on.',
    },
    remove_person: {
      by: 'staff',
      effect: 'remove person',
      asks: z.object({ person: chosen('Choose a person.') }),
      visible: 'staff',
      summary: '{{actor}} removed {{name}} from {{document}}',
    },
    ...timeActions,
    ...budgetActions,
    comment: {
      ...comment,
      asks: threadComment,
      notifies: 'named',
      summaryToNamed: '{{actor}} wrote to you about {{document}}',
    },
    notify: {
      by: 'either',
      permission: 'message',
      needs: 'link',
      effect: 'notify',
      asks: notifyInput,
      notifies: 'named',
      summary: '{{actor}} passed on a comment on {{document}}',
      summaryToNamed: '{{actor}} wants you to see a comment on {{document}}',
    },
    view: viewQuietly,
    ...filesActions,
    ...logActions,
    ...addressActions,
  },
};
