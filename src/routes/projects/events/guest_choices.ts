import type { Translate } from '../../../pages/i18n.js';
import type { Choice } from '../../../pages/views/components.js';
import { many, one } from '../../forms/field_values.js';
import type { Invitable } from './event_queries.js';

/** Who can be invited to a new event, in groups; and whose event it is. */
export interface GuestChoices {
  groups: { label: string; people: { id: string; name: string; checked: boolean }[] }[];
  /** The vendors with work in the project; [] if there are none. */
  vendors: Choice[];
  vendor: string;
}

/** Those in the project, with the ones that were ticked. */
export function guestChoices(
  people: readonly Invitable[],
  typed: Record<string, unknown> | null,
  t: Translate,
): GuestChoices {
  const ticked = typed ? many(typed, 'guest') : [];
  const labels = [...new Set(people.map(({ partner }) => partner))];
  const vendors = people.filter(({ partner_id, is_customer }) => partner_id && !is_customer);
  const named = new Map(vendors.map(({ partner_id, partner }) => [partner_id ?? '', partner ?? '']));
  return {
    groups: labels.map((label) => ({
      label: label ?? t('Your team'),
      people: people
        .filter(({ partner }) => partner === label)
        .map(({ id, name }) => ({ id, name, checked: ticked.includes(id) })),
    })),
    vendors: [...named].map(([value, label]) => ({ value, label })),
    vendor: typed ? one(typed, 'vendor') : '',
  };
}
