import type { Actor, Query } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { contactRoleLabel } from '../../subjects/contact_roles.js';

/** A contact of the reader's company. */
export interface Colleague {
  id: string;
  name: string;
  role: string;
}

/** So many are named; the page of colleagues has the others. */
export const colleaguesOf = ({ organization_id, partner_id }: Actor): Query<Colleague> => ({
  name: 'home_colleagues',
  text: `select id, name, role from people
    where organization_id = $1 and partner_id = $2 and removed_at is null and not guest order by id limit 6`,
  values: [organization_id, partner_id],
});

/** What the organization has on file of a customer. */
export interface AccountTerms {
  partner_address: string;
  currency: string;
  terms_days: number;
}

/** Who of the customer has access, and what is agreed with it. */
export interface AccountDetails {
  colleagues_title: string;
  colleagues_url: string;
  colleagues: { name: string; role: string }[];
  profile_url: string;
  statement_url: string;
  facts: { label: string; lines: string[]; href: null }[];
}

export function accountDetails(
  colleagues: readonly Colleague[],
  { partner_address, currency, terms_days }: AccountTerms,
  { partner, slug, actor }: { partner: string; slug: string; actor: Actor },
  { t }: I18n,
): AccountDetails {
  const named = new Intl.DisplayNames(actor.locale, { type: 'currency' });
  const fact = (label: string, lines: string[]) => ({ label: t(label), lines, href: null });
  return {
    colleagues_title: t('People at {{partner}}', { partner }),
    colleagues_url: `/${slug}/colleagues`,
    colleagues: colleagues.map(({ id, name, role }) => ({
      name,
      role: [id === actor.person_id && t('You'), t(contactRoleLabel(role))].filter(Boolean).join(' · '),
    })),
    profile_url: `/${slug}/profile`,
    statement_url: `/${slug}/statement`,
    facts: [
      fact(
        'Address',
        partner_address.split('\n').filter((line) => line.trim()),
      ),
      fact('Payment terms', [terms_days ? t('Due within {{days}} days', { days: terms_days }) : t('Due right away')]),
      fact('Currency', [named.of(currency) ?? currency]),
    ],
  };
}
