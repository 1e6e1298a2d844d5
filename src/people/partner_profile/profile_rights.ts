import type { Actor } from '../../db/scope.js';
import { may, requireMay } from '../../subjects/may.js';

type Who = Pick<Actor, 'side' | 'role' | 'assurance' | 'guest'>;

/** What changing each part of a partner's profile takes, for staff and for the partner's own contacts. */
const PERMISSIONS = {
  details: { staff: 'partners', partner: 'profile', system: 'profile' },
  banking: { staff: 'bank_details', partner: 'bank_details', system: 'bank_details' },
} as const;

export type ProfilePart = keyof typeof PERMISSIONS;

const wanted = ({ side }: Who, part: ProfilePart) => ({ permits: PERMISSIONS[part][side] });

/** Whether somebody may change a part of a partner's profile. */
export const mayEdit = (actor: Who, part: ProfilePart): boolean => may(actor, wanted(actor, part)).answer === 'yes';

/** @throws NotAllowed, with whom to ask */
export const requireMayEdit = (actor: Who, part: ProfilePart): void => requireMay(actor, wanted(actor, part));
