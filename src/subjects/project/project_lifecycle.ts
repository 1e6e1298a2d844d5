import { z } from 'zod';
import type { Lifecycle } from '../../document_types/index.js';
import { comment, view } from '../../document_types/shared/define_type.js';
import { addressActions, type DetailsEffect, filesActions, logActions } from './details_actions.js';
import { chosen, field, longText, shortText } from '../../input/fields.js';

/** What its actions change: see projects/project_effects.ts. */
export type ProjectEffect = DetailsEffect | 'comment' | 'change project' | 'add person' | 'remove person';

/** Its name in URLs: 'MAPLE-2'. 'NEW' would be the address of the form. */
export const projectKey = field(
  shortText
    .transform((typed) => typed.toUpperCase())
    .refine(
      (typed) => typed !== 'NEW' && /^[A-Z0-9][A-Z0-9-]{0,19}$/.test(typed),
      'Use up to 20 letters, digits and hyphens.',
    ),
  'text',
);

/** A job for a customer, with its documents and its conversation. Vendors see only their own documents of it. */
export const project: Lifecycle<'open', ProjectEffect> = {
  name: 'project',
  label: 'Project',
  plural: 'Projects',
  path: 'projects',
  module: 'projects',
  page: 'projects',
  states: ['open'],
  stateLabels: { open: { label: 'Open', tone: 'good' } },
  actions: {
    change: {
      by: 'staff',
      effect: 'change project',
      formPage: 'edit',
      asks: z.object({ name: shortText, key: projectKey, partner: chosen('Choose a customer.') }),
      visible: 'staff',
      summary: '{{actor}} changed the project {{name}}',
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
    comment,
    view,
    ...filesActions,
    ...logActions,
    ...addressActions,
  },
};
