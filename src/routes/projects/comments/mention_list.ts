import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { Circle } from '../../../projects/comments/circle.js';

/** Whom a text can mention, for the script that completes names. Groups come after people. */
export interface MentionList {
  label: string;
  /** Of `Mentionable`, as JSON. */
  json: string;
  /** The reader's: only theirs can read an internal note. */
  side: 'staff' | 'partner';
}

interface Mentionable {
  id: string;
  name: string;
  /** What stands below the name. */
  about: string;
  staff: boolean;
  /** Of a group: the ids of who belongs to it; `label` is what it is called in the list. */
  members?: string[];
  label?: string;
}

export function mentionList(
  { people, groups }: Circle,
  { actor, partner }: { actor: Actor; partner: string },
  { t, format }: I18n,
): MentionList {
  const company = groups.find(({ members }) => members.some((one) => !one.partner_id))?.name ?? '';
  const all: Mentionable[] = [
    ...people.map(({ id, name, partner_id }) => ({
      ...{ id, name, staff: partner_id === null, about: partner_id ? partner : company },
    })),
    ...groups.map(({ name, members }, i) => ({
      ...{ id: `group-${i}`, name, staff: members.every((one) => !one.partner_id) },
      label: t('Everyone at {{name}}', { name }),
      about: format.list(members.slice(0, 10).map((one) => one.name)),
      members: members.map(({ id }) => id),
    })),
  ];
  const side = actor.side === 'partner' ? 'partner' : 'staff';
  return { label: t('People you can mention'), json: JSON.stringify(all), side };
}
