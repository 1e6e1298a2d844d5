import type { Actor } from '../../db/scope.js';
import { type Action, assuranceFor, type Facts, typeNamed } from '../../document_types/index.js';
import { Conflict, NotAllowed } from '../../errors.js';

export type LifecycleFacts = Facts & { type: string; number: string | null; state: string };

/** What this person may do to this document now, by name: the buttons on its page, and the guard behind them. */
export function actionsFor(
  document: LifecycleFacts,
  { side, guest }: Pick<Actor, 'side' | 'guest'>,
  today: string,
): Record<string, Action> {
  const { actions, states } = typeNamed(document.type);
  const open = ([name, { by, from, when }]: [string, Action]) =>
    (!guest || FOR_GUESTS.has(name)) &&
    isBy(by, side, document) &&
    (from ? from.includes(document.state) : document.state !== states[0]) &&
    (when?.(document, today) ?? true);
  return Object.fromEntries(Object.entries(actions).filter(open));
}

/**
 * The action, if this person may do it now.
 * @throws NotAllowed (403) if it is never theirs to do, or needs a code from their mailbox first; Conflict (409) if
 * it is too late or too early.
 */
export function requirePermitted(document: LifecycleFacts, actor: Actor, name: string, today: string): Action {
  const open = actionsFor(document, actor, today);
  const action = Object.hasOwn(open, name) ? open[name] : undefined;
  if (action && (actor.assurance === 'verified' || assuranceFor(action, actor.side, document) === 'link'))
    return action;
  if (action) throw new NotAllowed('This step needs a code, which we email to you.', true);
  const { actions, stateLabels } = typeNamed(document.type);
  const known = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (known && isBy(known.by, actor.side, document) && (!actor.guest || FOR_GUESTS.has(name))) {
    throw new Conflict(
      `${document.number ?? 'The draft'} is ${stateLabels[document.state]?.label.toLowerCase()}: this can’t be done to it now.`,
    );
  }
  throw new NotAllowed('This is not yours to do.');
}

/** The state it moves to; where there are several, `branch` says which. Undefined: it stays. */
export function nextState({ to }: Action, branch: string): string | undefined {
  if (typeof to !== 'object') return to;
  const state = to[branch];
  if (!state) throw new Error(`There is no way "${branch}" for this action.`);
  return state;
}

/** What one may do to whom a document was forwarded: who forwards can't hand over more than to read and to answer. */
const FOR_GUESTS = new Set(['comment', 'view']);

const isBy = (by: Action['by'], side: Actor['side'], { started_by }: Pick<Facts, 'started_by'>) =>
  by === side || (by === 'either' && side !== 'system') || (by === 'starter' && side === started_by);
