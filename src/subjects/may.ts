import type { Actor } from '../db/actor.js';
import { isStartable } from '../document_types/relations.js';
import { type Action, assuranceFor, type DocumentType, type Facts } from '../document_types/index.js';
import type { LimitKind, Permission } from '../document_types/shared/lifecycle.js';
import { lifecycleOf } from './lifecycles.js';
import { isBeyondLimit, isPermitted, limitOf, permissionFor } from './permissions.js';
import { type Asked, Conflict, NotAllowed, type Values } from '../errors.js';

/**
 * Parts of the site. `portal`: a member's own pages; `everything`: all that is shared with them, beyond the page of
 * one link; `desk`: staff's pages; `partners` and `planning`: what changes partners, held mail and projects; `bank`:
 * what came into the organization's accounts; `taxes`: its tax rates;
 * `administration`: what only the owner and admins set.
 */
export type Area = 'portal' | 'everything' | 'desk' | 'partners' | 'planning' | 'bank' | 'taxes' | 'administration';

/** What decides whether an action may be done to a subject. */
export type SubjectFacts = Facts & {
  type: string;
  number: string | null;
  state: string;
  id?: string;
  /** Of its `total`; left out where it has none. */
  currency?: string;
};

/** An action on a subject in its state, today. */
interface WantedAction {
  /** Left out: a link that leads on to another page. */
  name?: string;
  action: Pick<
    Action,
    'by' | 'from' | 'when' | 'needs' | 'signs' | 'permission' | 'limit' | 'freezes' | 'independent'
  > & {
    to?: unknown;
  };
  subject: SubjectFacts;
  today: string;
}

/** Entering an area, starting a document of a type, what a role permits anywhere, or an action on a subject. */
type Wanted = Area | { start: DocumentType } | { permits: Permission } | WantedAction;

/** `code`: once they prove their mailbox; `late`: theirs, but not in this state; `no`: `ask` says whom to ask. */
export type Answer =
  | { answer: 'yes' }
  | { answer: 'code'; reason: string }
  | { answer: 'late'; reason: string; values: Values }
  | { answer: 'no'; ask: Asked | null };

type Who = Pick<Actor, 'side' | 'role' | 'assurance' | 'guest' | 'kinds' | 'code_above' | 'limits'> &
  Partial<Pick<Actor, 'person_id'>>;

interface AreaRule {
  sides: readonly Actor['side'][];
  /** Left out: any role. */
  permission?: Permission;
  /** Why the mailbox must be proven first; null: it need not be. */
  code: string | null;
}

const DESK_CODE = 'To work at the desk, we email you a code.';
/** Completed with whom to ask when it is shown. */
const NOT_YOURS = 'This is not yours to do.';
const STEP_CODE = 'This step needs a code, which we email to you.';
const AMOUNT_CODE = 'For this amount we need a code first, which we email to you.';

const AREAS: Record<Area, AreaRule> = {
  portal: { sides: ['staff', 'partner'], code: null },
  everything: {
    sides: ['staff', 'partner'],
    code: 'To see more than the page your link opens, we email you a code.',
  },
  desk: { sides: ['staff'], code: DESK_CODE },
  partners: { sides: ['staff'], permission: 'partners', code: DESK_CODE },
  planning: { sides: ['staff'], permission: 'planning', code: DESK_CODE },
  bank: { sides: ['staff'], permission: 'paying', code: DESK_CODE },
  taxes: { sides: ['staff'], permission: 'taxes', code: DESK_CODE },
  administration: { sides: ['staff'], permission: 'administration', code: DESK_CODE },
};

/** All that guests may do: forwarding a document hands over no more than reading and commenting. */
const FOR_GUESTS = new Set(['comment', 'view']);

/** Whom to ask whose role is not enough. */
const WITH_MORE_RIGHTS = { staff: 'owner', partner: 'managers', system: null } as const;

const YES = { answer: 'yes' } as const;
const no = (ask: Asked | null) => ({ answer: 'no', ask }) as const;

/** The one place that decides who may do what. Pages, guards, acts and row security agree with it by test. */
export function may(actor: Who, wanted: Wanted): Answer {
  if (typeof wanted === 'string') return mayEnter(actor, AREAS[wanted]);
  if ('permits' in wanted) return mayDo(actor, wanted.permits);
  return 'start' in wanted ? mayStart(actor, wanted.start) : mayAct(actor, wanted);
}

function mayEnter(who: Who, { sides, permission, code }: AreaRule): Answer {
  const { side, assurance } = who;
  if (!sides.includes(side)) return no('staff');
  if (permission && !isPermitted(who, permission)) return no(WITH_MORE_RIGHTS[side]);
  return code && assurance !== 'verified' ? { answer: 'code', reason: code } : YES;
}

/** Staff may start any type, also a bill on a vendor's behalf. Proposals are started only by sending a request. */
function mayStart(who: Who, type: DocumentType): Answer {
  const { side, assurance, guest } = who;
  const { startedBy } = type;
  if (!isStartable(type) || side === 'system') return no(null);
  if (side === 'partner' && startedBy !== side) return no('staff');
  if (guest) return no('contacts');
  if (isModuleMissing(who, type.name) || !isPermitted(who, permissionFor(side, type.module, {})))
    return no(WITH_MORE_RIGHTS[side]);
  return assurance === 'verified' ? YES : { answer: 'code', reason: STEP_CODE };
}

function mayDo(who: Who, permission: Permission): Answer {
  if (who.guest) return no('contacts');
  if (!isPermitted(who, permission)) return no(WITH_MORE_RIGHTS[who.side]);
  return who.assurance === 'verified' ? YES : { answer: 'code', reason: STEP_CODE };
}

/** A contact's lists leave out the kinds of modules that they may not use. */
export const isModuleMissing = ({ kinds }: Pick<Actor, 'kinds'>, kind: string): boolean =>
  Boolean(kinds && !kinds.includes(kind));

function mayAct(who: Who, { name = '', action, subject, today }: WantedAction): Answer {
  const { side, assurance, guest } = who;
  const by = action.by === 'starter' ? subject.started_by : action.by;
  if (by !== side && !(by === 'either' && side !== 'system')) return no(by === 'staff' || by === 'partner' ? by : null);
  if (guest && !FOR_GUESTS.has(name)) return no('contacts');
  if (side !== 'system' && !isPermitted(who, permissionFor(side, lifecycleOf(subject.type).module, action)))
    return no(WITH_MORE_RIGHTS[side]);
  if (side === 'staff' && isBeyondLimit(who, limitOf(action), subject)) return no('limit');
  if (side === 'staff' && action.independent && isInvolved(who, subject)) return no('others');
  if (!isInState(action, subject) || !(action.when?.(subject, today) ?? true)) return tooLate(subject);
  if (assurance === 'verified') return YES;
  if (assuranceFor(action, side, subject) !== 'link') return { answer: 'code', reason: STEP_CODE };
  const decides = Boolean(name && action.to);
  return decides && isAbove(who, subject) ? { answer: 'code', reason: AMOUNT_CODE } : YES;
}

/**
 * Whether somebody entered it or approved it before, so that others decide. Only an owner may all the same, if nobody
 * else is left who could.
 */
function isInvolved({ person_id, role }: Who, subject: SubjectFacts): boolean {
  const { entered_by = [], approved_by, others_may_approve = true } = subject;
  if (!person_id || (person_id !== approved_by && !entered_by.includes(person_id))) return false;
  return role !== 'owner' || others_may_approve;
}

/** Whether it is about more than the organization lets a link alone decide. */
function isAbove({ code_above }: Who, { total, currency }: Pick<SubjectFacts, 'total' | 'currency'>): boolean {
  if (!code_above || total === undefined || currency === undefined) return false;
  return currency !== code_above.currency || Math.abs(total) > code_above.amount;
}

/**
 * Refuses what a member of the staff may not send or approve, once its total is final. @throws NotAllowed with whom to
 * ask instead
 */
export function requireWithinLimit(
  actor: Who,
  kind: LimitKind | null,
  document: { id?: string; total: number; currency: string },
): void {
  if (actor.side !== 'staff' || !isBeyondLimit(actor, kind, document)) return;
  throw new NotAllowed(NOT_YOURS, { ask: { whom: 'limit', subject_id: document.id ?? null } });
}

/** Refuses what a link alone may not decide, once its total is final: options add to it. @throws NotAllowed, with a code */
export function requireCodeAbove(actor: Who, document: Pick<SubjectFacts, 'total' | 'currency'>): void {
  if (actor.assurance === 'link' && isAbove(actor, document)) throw new NotAllowed(AMOUNT_CODE, { code: true });
}

/** Without `from`, an action can be done in any state but those of a draft. */
function isInState({ from }: Pick<Action, 'from'>, { type, state }: SubjectFacts): boolean {
  const { draft, discarded } = lifecycleOf(type);
  return from ? from.includes(state) : state !== draft && state !== discarded;
}

function tooLate({ type, number, state }: SubjectFacts): Answer {
  const values = {
    document: number ?? { text: 'The draft' },
    state: { text: lifecycleOf(type).stateLabels[state]?.label ?? state },
  };
  return { answer: 'late', reason: '{{document}} is “{{state}}”: this can’t be done to it now.', values };
}

/** Whether a page offers it: also what is possible once they prove their mailbox. */
export function isOffered(actor: Who, wanted: Wanted): boolean {
  const { answer } = may(actor, wanted);
  return answer === 'yes' || answer === 'code';
}

/** @throws NotAllowed (403) with whom to ask instead, or if they must prove their mailbox first; Conflict (409) if late */
export function requireMay(actor: Who, wanted: Wanted): void {
  const verdict = may(actor, wanted);
  if (verdict.answer === 'yes') return;
  if (verdict.answer === 'late') throw new Conflict(verdict.reason, verdict.values);
  if (verdict.answer === 'code') throw new NotAllowed(verdict.reason, { code: true });
  const subject_id = typeof wanted === 'object' && 'subject' in wanted ? (wanted.subject.id ?? null) : null;
  throw new NotAllowed(NOT_YOURS, { ask: verdict.ask && { whom: verdict.ask, subject_id } });
}
