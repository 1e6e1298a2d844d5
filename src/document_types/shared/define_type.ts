import { z } from 'zod';
import { email, files, id, longText, payment, shortText } from '../../input/fields.js';
import { contentInput } from './inputs.js';
import type { Action } from './lifecycle.js';
import type { DocumentType } from './type.js';

/** For types that partners may forward; add `from` where not all states allow it. */
export const forward = {
  by: 'partner',
  permission: 'message',
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
  permission: 'message',
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

/** Takes back a payment that was recorded by mistake. */
export const reversePayment = {
  by: 'staff',
  permission: 'paying',
  when: ({ reversible }) => reversible === true,
  effect: 'reverse',
  notifies: 'both',
  asks: z.object({ payment, reason: longText }),
  summary: '{{actor}} reversed a payment of {{amount}} for {{document}}',
  label: 'Reverse a payment',
  style: 'danger',
} as const satisfies Action;

/** Moves what was paid to another document of the partner's. */
export const movePayment = {
  by: 'staff',
  permission: 'paying',
  when: ({ reversible }) => reversible === true,
  effect: 'move payment',
  notifies: 'partner',
  asks: z.object({ payment, invoice: shortText, reason: longText }),
  summary: '{{actor}} moved a payment of {{amount}} from {{document}} to {{invoice}}',
  label: 'Move a payment',
  explains: 'It pays another open one of the same partner instead. We’ll email them your reason.',
} as const satisfies Action;

/** Follows a payment that was moved from another document. */
export const takePayment = {
  by: 'system',
  effect: 'take payment',
  asks: z.object({ payment: id, from: shortText }),
  summary: 'A payment of {{amount}} was moved here from {{from}}',
} as const satisfies Action;

/** Follows a payment of several documents that was reversed on another one, or that its bank took back. */
export const takeBack = {
  by: 'system',
  effect: 'reverse',
  notifies: 'both',
  asks: z.object({ payment: id, reason: longText }),
  summary: 'A payment of {{amount}} for {{document}} was taken back',
} as const satisfies Action;

/** Money was paid back. */
export const refunded = {
  by: 'system',
  effect: 'refunded',
  notifies: 'both',
  asks: z.object({ refund: id }),
  summary: '{{amount}} for {{document}} was refunded',
} as const satisfies Action;

/** Recorded when a partner opens the page; of a task, an event or a project this is worth no email. */
export const viewQuietly = {
  by: 'partner',
  permission: 'message',
  summary: '{{actor}} looked at {{document}}',
  once: true,
} as const satisfies Action;

/** The same of a document: staff are told that what they sent was seen. */
export const view = { ...viewQuietly, notifies: 'staff' } as const satisfies Action;

/** The state of a discarded draft, which nobody sees. */
const DISCARDED = 'discarded';

/** What its starter does with a draft, and a copy of any document. */
function startersActions({
  name,
  startedBy,
  states: [draft],
}: Pick<DocumentType, 'name' | 'startedBy'> & { states: readonly [string, ...string[]] }) {
  const edit: Action = {
    by: 'starter',
    from: [draft],
    summary: '{{actor}} edited the draft',
    label: 'Edit',
    asks: z.object({ content: contentInput, files }),
    formPage: 'edit',
    merges: true,
  };
  const detach: Action = {
    by: 'starter',
    from: [draft],
    summary: '{{actor}} took {{name}} off the draft',
    asks: z.object({ file: id }),
    effect: 'detach',
  };
  const copy: Action = {
    by: startedBy,
    summary: '{{actor}} copied {{document}}',
    label: 'Copy',
    creates: name,
    when: ({ late_charge }) => !late_charge,
    visible: startedBy,
  };
  return { edit, detach, copy };
}

const discardedBy = (startedBy: DocumentType['startedBy'], draft: string): Action => ({
  by: 'starter',
  from: [draft],
  to: DISCARDED,
  summary: '{{actor}} discarded the draft',
  visible: startedBy,
  label: 'Discard',
  style: 'danger',
  explains: 'The draft disappears for everyone on your side. This can’t be undone.',
});

/**
 * Adds what every type has: edit a draft, remove its files and discard it, copy, comment, and the partner's first view.
 * The compiler checks each state that an action names.
 */
export const defineType = <const State extends string>(
  type: Omit<DocumentType<State>, 'actions' | 'page' | 'draft' | 'discarded'> & {
    actions: Readonly<Record<string, Action<NoInfer<State>>>>;
  },
): DocumentType => {
  const { edit, detach, copy } = startersActions(type);
  const actions = { edit, detach, ...type.actions };
  const same = { ...type, page: 'documents', draft: type.states[0] };
  // A draft of what answers another document lives only while that is sent.
  if (type.answers) return { ...same, actions: { ...actions, comment, view } };
  return {
    ...same,
    discarded: DISCARDED,
    states: [...type.states, DISCARDED],
    stateLabels: { ...type.stateLabels, [DISCARDED]: { label: 'Discarded', tone: 'stopped' } },
    uncounted: [...(type.uncounted ?? []), DISCARDED],
    actions: { ...actions, discard: discardedBy(type.startedBy, type.states[0]), copy, comment, view },
  };
};
