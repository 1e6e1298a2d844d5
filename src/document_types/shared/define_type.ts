import { z } from 'zod';
import { email, files, id, longText, shortText } from '../../input/fields.js';
import { contentInput } from './inputs.js';
import type { Action } from './lifecycle.js';
import type { DocumentType } from './type.js';

/** For types that partners may forward; add `from` where not all states allow it. */
export const forward = {
  by: 'partner',
  effect: 'forward',
  attaches: 'pdf',
  needs: 'verified',
  notifies: 'both',
  asks: z.object({ name: shortText, email, message: longText.optional() }),
  summary: '{{actor}} forwarded {{document}} to {{name}}',
  summaryToNamed: '{{actor}} forwarded {{document}} to you',
  label: 'Forward',
  explains:
    'They get an email with a link. They can read this and write about it, nothing else. Those who sent it are told.',
} as const satisfies Action;

/** A message, or an internal note, with files. */
export const comment = {
  by: 'either',
  asks: z.object({
    text: longText.optional(),
    audience: z.enum(['shared', 'internal'], 'Choose who reads it.').optional(),
    files,
  }),
  notifies: 'both',
  summary: '{{actor}} wrote about {{document}}',
  effect: 'comment',
  needs: 'link',
} as const satisfies Action;

/** Recorded when a partner opens the page. */
export const view = {
  by: 'partner',
  notifies: 'staff',
  summary: '{{actor}} looked at {{document}}',
  once: true,
} as const satisfies Action;

/**
 * Adds the actions that every type has: edit a draft and remove its files, copy, comment, and the partner's first view.
 * The compiler checks each state that an action names.
 */
export const defineType = <const State extends string>(
  type: Omit<DocumentType<State>, 'actions' | 'page' | 'draft'> & {
    actions: Readonly<Record<string, Action<NoInfer<State>>>>;
  },
): DocumentType => {
  const edit: Action<State> = {
    by: 'starter',
    from: [type.states[0]],
    summary: '{{actor}} edited the draft',
    label: 'Edit',
    asks: z.object({ content: contentInput, files }),
    formPage: 'edit',
    merges: true,
  };
  const detach: Action<State> = {
    by: 'starter',
    from: [type.states[0]],
    summary: '{{actor}} took {{name}} off the draft',
    asks: z.object({ file: id }),
    effect: 'detach',
  };
  const copy: Action = {
    by: type.startedBy,
    summary: '{{actor}} copied {{document}}',
    label: 'Copy',
    creates: type.name,
    visible: type.startedBy,
  };
  return {
    ...type,
    page: 'documents',
    draft: type.states[0],
    actions: { edit, detach, ...type.actions, ...(type.answers ? {} : { copy }), comment, view },
  };
};
