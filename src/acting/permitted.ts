import type { Actor } from '../db/scope.js';
import type { Action, SubjectAction } from '../document_types/index.js';
import { NotFound } from '../errors.js';
import { actionNamed, lifecycleOf } from '../subjects/lifecycles.js';
import { isOffered, requireMay, type SubjectFacts } from '../subjects/may.js';

/** The actions that a page offers this actor now, by name; some only once they prove their mailbox. */
export const actionsFor = (
  subject: SubjectFacts,
  actor: Pick<Actor, 'side' | 'role' | 'assurance' | 'guest'>,
  today: string,
): Record<string, SubjectAction> =>
  Object.fromEntries(
    Object.entries(lifecycleOf(subject.type).actions).filter(([name, action]) =>
      isOffered(actor, { name, action, subject, today }),
    ),
  );

/**
 * The action, if this actor may do it now.
 * @throws NotFound if the type has no such action; NotAllowed (403) if they never may, or must verify their mailbox
 * first; Conflict (409) if the document's state doesn't allow it.
 */
export function requirePermitted(subject: SubjectFacts, actor: Actor, name: string, today: string): SubjectAction {
  const action = actionNamed(subject.type, name);
  if (!action) throw new NotFound();
  requireMay(actor, { name, action, subject, today });
  return action;
}

/** The state that an action leads to; `branch` chooses among several. Undefined: it stays as it is. */
export function nextState({ to }: Pick<Action, 'to'>, branch: string): string | undefined {
  if (typeof to !== 'object') return to;
  const state = to[branch];
  if (!state) throw new Error(`There is no way "${branch}" for this action.`);
  return state;
}
