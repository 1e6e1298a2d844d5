import type { Actor, Query } from '../../db/scope.js';
import { usualInvoice } from '../../document_types/relations.js';
import { isOffered } from '../../subjects/may.js';
import { i18nOf } from '../shared/layout.js';

/** What a new organization has done so far. */
export interface FirstSteps {
  has_address: boolean;
  is_paid: boolean;
  has_customer: boolean;
  has_sent: boolean;
}

/** How far an organization is on its way to the first document that it sends. */
export const firstStepsQuery = ({ organization_id }: Actor): Query<FirstSteps> => ({
  name: 'first_steps',
  text: `select o.address <> '' as has_address,
    o.gateway is not null or (select id from payment_accounts a where a.organization_id = $1 and a.ended_at is null
      limit 1) is not null as is_paid,
    (select id from partners p where p.organization_id = $1 limit 1) is not null as has_customer,
    (select v.version from versions v where v.organization_id = $1 limit 1) is not null as has_sent
    from organizations o where o.id = $1`,
  values: [organization_id],
});

/** A step of the guide: done, or with the page where it is. */
export interface FirstStep {
  label: string;
  text: string;
  href: string;
  done: boolean;
}

/** The guide from nothing to the first invoice; null once something was sent, and for whom can't set things up. */
export function firstSteps(found: FirstSteps | undefined, actor: Actor, slug: string): FirstStep[] | null {
  if (!found || found.has_sent || !isOffered(actor, 'administration')) return null;
  const { t } = i18nOf(actor);
  const settings = `/${slug}/settings/organization`;
  return [
    {
      label: t('Add your company details'),
      text: t('Your address and color for documents and emails.'),
      ...{ href: `${settings}/identity`, done: found.has_address },
    },
    {
      label: t('Set up how you get paid'),
      text: t('A bank account, or cards and bank debit.'),
      ...{ href: `${settings}/getting-paid`, done: found.is_paid },
    },
    {
      label: t('Add a customer'),
      text: t('Try it with yourself first to see what customers get, or import your list.'),
      ...{ href: `/${slug}/partners/new?for=${usualInvoice.name}`, done: found.has_customer },
    },
    {
      label: t('Send the first invoice'),
      text: t('You’ll see the email and the page before it’s sent.'),
      ...{ href: `/${slug}/${usualInvoice.path}/new`, done: false },
    },
  ];
}
