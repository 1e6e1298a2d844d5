import type { Actor } from '../../db/scope.js';
import type { ButtonLink } from '../../pages/views/components.js';
import type { Membership } from '../../people/identify.js';
import { isOffered } from '../../subjects/may.js';
import { i18nOf } from '../shared/layout.js';

/** Leads owners and admins from somebody's page to what is kept of them. */
export const dataLinks = (actor: Actor, { slug }: Pick<Membership, 'slug'>, person_id: string): ButtonLink[] =>
  isOffered(actor, 'administration')
    ? [{ href: `/${slug}/people/${person_id}/data`, label: i18nOf(actor).t('Data') }]
    : [];
