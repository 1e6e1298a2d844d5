import type { Actor } from '../../db/scope.js';
import { type Action, typeNamed } from '../../document_types/index.js';
import { NotFound } from '../../errors.js';
import { isOffered, requireMay, type SubjectFacts } from '../../subjects/may.js';

/** The actions that a page offers this actor now, by name; some only once they prove their mailbox. */
export const actionsFor = (
  document: SubjectFacts,
  actor: Pick<Actor, 'side' | 'role' | 'assurance' | 'guest'>,
  today: string,
): Record<string, Action> =>
  Object.fromEntries(
    Object.entries(typeNamed(document.type).actions).filter(([name, action]) =>
      isOffered(actor, { name, action, subject: document, today }),
    ),
  );

/**
 * The action, if this actor may do it now.
 * @throws NotFound if the type has no such action; NotAllowed (403) if they never may, or must verify their mailbox
 * first; Conflict (409) if the document's state doesn't allow it.
 */
export function requirePermitted(document: SubjectFacts, actor: Actor, name: string, today: string): Action {
  const { actions } = typeNamed(document.type);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new NotFound();
  requireMay(actor, { name, action, subject: document, today });
  return action;
}

/** The state that an action leads to; `branch` chooses among several. Undefined: it stays as it is. */
export function nextState({ to }: Action, branch: string): string | undefined {
  if (typeof to !== 'object') return to;
  const state = to[branch];
  if (!state) throw new Error(`There is no way "${branch}" for this action.`);
  return state;
}
