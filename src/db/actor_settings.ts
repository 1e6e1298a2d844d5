import type { Actor } from './actor.js';
import { SET_PLANNER } from './planner.js';

/** Sets, for one transaction, who acts and how PostgreSQL plans. */
export const SET_ACTOR = {
  name: 'scope',
  text: `select set_config('app.organization', $1, true), set_config('app.side', $2, true),
    set_config('app.person', $3, true), set_config('app.partner', $4, true), set_config('app.user', $5, true),
    set_config('app.subjects', $6, true), set_config('app.now', $7, true), ${SET_PLANNER}`,
};

/** The values of `SET_ACTOR`. */
export const actorSettings = (actor: Actor) => [
  actor.organization_id ?? '',
  actor.side,
  actor.person_id ?? '',
  actor.partner_id ?? '',
  actor.user_id ?? '',
  actor.subject_ids ? `{${actor.subject_ids.join(',')}}` : '',
  actor.now?.toISOString() ?? '',
];
