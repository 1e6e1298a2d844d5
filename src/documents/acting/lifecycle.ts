import type { Actor } from '../../db/scope.js';
import { type Action, assuranceFor, type Facts, typeNamed } from '../../document_types/index.js';
import { Conflict, NotAllowed, NotFound } from '../../errors.js';

export type LifecycleFacts = Facts & { type: string; number: string | null; state: string };

/** The actions that this actor may do now, by name: for the page's buttons, and for the check behind them. */
export function actionsFor(
  document: LifecycleFacts,
  { side, guest }: Pick<Actor, 'side' | 'guest'>,
  today: string,
): Record<string, Action> {
  const { actions, states } = typeNamed(document.type);
  const isPermitted = ([name, { by, from, when }]: [string, Action]) =>
    (!guest || FOR_GUESTS.has(name)) &&
    isBy(by, side, document) &&
    (from ? from.includes(document.state) : document.state !== states[0]) &&
    (when?.(document, today) ?? true);
  return Object.fromEntries(Object.entries(actions).filter(isPermitted));
}

/**
 * The action, if this actor may do it now.
 * @throws NotFound if the type has no such action; NotAllowed (403) if they never may, or must verify their mailbox
 * first; Conflict (409) if the document's state doesn't allow it.
 */
export function requirePermitted(document: LifecycleFacts, actor: Actor, name: string, today: string): Action {
  const permitted = actionsFor(document, actor, today);
  const action = Object.hasOwn(permitted, name) ? permitted[name] : undefined;
  if (action && (actor.assurance === 'verified' || assuranceFor(action, actor.side, document) === 'link'))
    return action;
  if (action) throw new NotAllowed('This step needs a code, which we email to you.', true);
  const { actions, stateLabels } = typeNamed(document.type);
  const existing = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!existing) throw new NotFound();
  if (isBy(existing.by, actor.side, document) && (!actor.guest || FOR_GUESTS.has(name))) {
    const state = stateLabels[document.state]?.label.toLowerCase();
    throw new Conflict(`${document.number ?? 'The draft'} is ${state}: this can’t be done to it now.`);
  }
  throw new NotAllowed('This is not yours to do.');
}

/** The state that an action leads to; `branch` chooses among several. Undefined: it stays as it is. */
export function nextState({ to }: Action, branch: string): string | undefined {
  if (typeof to !== 'object') return to;
  const state = to[branch];
  if (!state) throw new Error(`There is no way "${branch}" for this action.`);
  return state;
}

/** All that guests may do: forwarding a document hands over no more than reading and commenting. */
const FOR_GUESTS = new Set(['comment', 'view']);

const isBy = (by: Action['by'], side: Actor['side'], { started_by }: Pick<Facts, 'started_by'>) =>
  by === side || (by === 'either' && side !== 'system') || (by === 'starter' && side === started_by);
