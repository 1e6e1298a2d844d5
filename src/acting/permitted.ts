import type { Actor } from '../db/scope.js';
import { type Action, type DocumentType, type SubjectAction, typeNamed } from '../document_types/index.js';
import { NotFound } from '../errors.js';
import { actionNamed, lifecycleOf } from '../subjects/lifecycles.js';
import { isOffered, requireMay, type SubjectFacts } from '../subjects/may.js';

/** The actions that a page offers this actor now, by name; some only once they prove their mailbox. */
export const actionsFor = (
  subject: SubjectFacts,
  actor: Pick<Actor, 'side' | 'role' | 'person_id' | 'assurance' | 'guest' | 'code_above' | 'limits'>,
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

/**
 * Refuses what no button or link on the origin's page would begin: an address asks the same as they do.
 * @throws as `requirePermitted`
 */
export function requireMayMake(origin: SubjectFacts, actor: Actor, made: DocumentType, today: string): void {
  const { name, actions, nextSteps = [] } = typeNamed(origin.type);
  const maker = Object.entries(actions).find(([, { creates }]) => creates === made.name && creates !== name);
  if (maker) return requireMay(actor, { name: maker[0], action: maker[1], subject: origin, today });
  const step = nextSteps.find(({ to }) => to.startsWith(`${made.path}/new?`));
  if (!step) throw new NotFound();
  requireMay(actor, { action: step, subject: origin, today });
}

/**
 * Whether an action binds its author's side: it moves the state, the content or money. Then they must say what they saw.
 */
export const binds = ({ by, to, freezes, contentChange, asks }: SubjectAction): boolean =>
  by !== 'system' && Boolean(to || freezes || contentChange || asks?.shape['amount']);

/** The state that an action leads to; `branch` chooses among several. Undefined: it stays as it is. */
export function nextState({ to }: Pick<Action, 'to'>, branch: string): string | undefined {
  if (typeof to !== 'object') return to;
  const state = to[branch];
  if (!state) throw new Error(`There is no way "${branch}" for this action.`);
  return state;
}
