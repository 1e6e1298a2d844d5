import type { Actor } from './actor.js';
import { SET_PLANNER } from './planner.js';

const SETTINGS = ['organization', 'side', 'person', 'partner', 'user', 'subjects', 'kinds', 'shared', 'now'];

const setText = (names: string[]) =>
  `select ${names.map((name, i) => `set_config('app.${name}', $${i + 1}, true)`).join(', ')}`;

/** Sets, for one transaction, who acts and how PostgreSQL plans. */
export const SET_ACTOR = { name: 'scope', text: `${setText(SETTINGS)}, ${SET_PLANNER}` };

/** PostgreSQL's text of an array; '' for none. */
const arrayOf = (values: readonly string[] | null | undefined) => (values ? `{${values.join(',')}}` : '');

/** The values of `SET_ACTOR`. */
export const actorSettings = (actor: Actor) => [
  actor.organization_id ?? '',
  // Guests read less than the partner whose contacts they are.
  actor.guest ? 'guest' : actor.side,
  actor.person_id ?? '',
  actor.partner_id ?? '',
  actor.user_id ?? '',
  arrayOf(actor.subject_ids),
  arrayOf(actor.kinds),
  arrayOf(actor.shared),
  actor.now?.toISOString() ?? '',
];

/**
 * What makes a transaction's actor `after`, who `before` was; null if they are the same. Each setting costs as much as
 * a short statement.
 */
export function changeOfActor(before: Actor | undefined, after: Actor): { text: string; values: string[] } | null {
  const values = actorSettings(after);
  if (!before) return { text: SET_ACTOR.text, values };
  const old = actorSettings(before);
  const differs = (_: string, i: number) => values[i] !== old[i];
  const names = SETTINGS.filter(differs);
  return names.length ? { text: setText(names), values: values.filter(differs) } : null;
}
