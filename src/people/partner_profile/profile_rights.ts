import type { Actor } from '../../db/scope.js';
import { NotAllowed } from '../../errors.js';
import { may } from '../../subjects/may.js';

type Who = Pick<Actor, 'side' | 'role' | 'assurance' | 'guest'>;

/** The contacts who may change each part of their company's profile, by role. Staff always may. */
const CONTACTS = {
  details: new Set<string | null>(['manager']),
  banking: new Set<string | null>(['manager', 'accountant']),
};

export type ProfilePart = keyof typeof CONTACTS;

/** Staff who only look change nothing. */
const LOOKING: string | null = 'viewer';

/** Whether somebody may change a part of a partner's profile. The one place that decides it. */
export function mayEdit(actor: Who, part: ProfilePart): boolean {
  if (may(actor, 'desk').answer === 'yes') return actor.role !== LOOKING;
  return may(actor, 'everything').answer === 'yes' && !actor.guest && CONTACTS[part].has(actor.role);
}

/** @throws NotAllowed, with whom to ask */
export function requireMayEdit(actor: Who, part: ProfilePart): void {
  if (mayEdit(actor, part)) return;
  if (actor.side === 'staff')
    throw new NotAllowed('This is not yours to do.', { ask: { whom: 'owner', subject_id: null } });
  throw new NotAllowed('Only a manager of your company can change this.');
}
