import { type DefaultTaxes, defaultTaxes } from '../../documents/taxes/partner_taxes.js';
import { type TaxRate, taxRates } from '../../documents/taxes/tax_rates.js';
import { type Conversation, conversationColumns, jsonRows } from '../../conversation/conversation.js';
import type { Actor, Query } from '../../db/scope.js';
import { COLUMNS, type SubscriptionRow } from '../../subscriptions/subscription.js';
import { CHARGING, type ChargingColumns } from './charging_queries.js';

/** A subscription's page, as far as its reader may see it. Amounts in minor units, days ISO 8601. */
export interface SubscriptionPage extends SubscriptionRow, Conversation, ChargingColumns {
  partner: string;
  address: string;
  tax_number: string;
  /** The newest first, without drafts of the other side. */
  invoices: {
    from_on: string;
    until_on: string;
    id: string;
    type: string;
    number: string | null;
    state: string;
    total: number;
    due_on: string | null;
  }[];
}

const INVOICES = jsonRows(
  `select x.from_on, x.charged_until as until_on, i.id, i.type, i.number, i.state, i.total, i.due_on
  from subscription_periods x
    join documents i on i.organization_id = x.organization_id and i.id = x.document_id
  where x.organization_id = d.organization_id and x.subscription_id = d.id order by x.period desc limit 24`,
  'r.from_on desc',
);

const OWN = 'n.organization_id = d.organization_id and n.id = d.partner_id';

export const subscriptionPage = ({ organization_id }: Actor, number: string): Query<SubscriptionPage> => ({
  name: 'subscription_page',
  text: `select ${COLUMNS}, n.name as partner, n.address, n.tax_number, ${INVOICES} as invoices, ${CHARGING},
    ${conversationColumns('0')}
    from subscriptions d join partners n on ${OWN} where d.organization_id = $1 and d.number = $2`,
  values: [organization_id, number],
});

/** The subscription of this number as what is acted on. */
export const subscriptionFacts = ({ organization_id }: Actor, number: string): Query<SubscriptionRow> => ({
  name: 'subscription_facts',
  text: `select ${COLUMNS} from subscriptions d where d.organization_id = $1 and d.number = $2`,
  values: [organization_id, number],
});

export interface ListedSubscription extends SubscriptionRow {
  partner: string;
}

/** Those that the actor may see, the newest first, from after the id `before`: `size` of them, and one more. */
export function subscriptionList(actor: Actor, before: string | null, size: number): Query<ListedSubscription> {
  const { organization_id, partner_id } = actor;
  const values = [organization_id, ...(partner_id ? [partner_id] : []), ...(before ? [before] : [])];
  return {
    name: `subscriptions${partner_id ? '_of_partner' : ''}${before ? '_before' : ''}_${size}`,
    text: `select ${COLUMNS}, (select n.name from partners n where ${OWN}) as partner
      from subscriptions d where d.organization_id = $1 ${partner_id ? 'and d.partner_id = $2' : ''}
      ${before ? `and d.id < $${values.length}` : ''} order by d.id desc limit ${size + 1}`,
    values,
  };
}

/** A customer for whom a plan is made, with its contacts and taxes. */
export interface PlanPartner extends FoundPartner {
  tax_rates: TaxRate[];
  default_taxes: DefaultTaxes;
}

export interface FoundPartner {
  id: string;
  name: string;
  currency: string;
  terms_days: number;
  contacts: { id: string; name: string; email: string }[];
}

const CONTACTS = jsonRows(
  `select x.id, x.name, x.email from people x
  where x.organization_id = n.organization_id and x.partner_id = n.id and x.removed_at is null and not x.guest
  order by x.id limit 200`,
  'r.name',
);

const planPartner = ({ organization_id }: Actor, id: string): Query<FoundPartner> => ({
  name: 'plan_partner',
  text: `select n.id, n.name, n.currency, n.terms_days, ${CONTACTS} as contacts from partners n
    where n.organization_id = $1 and n.id = $2 and n.is_customer`,
  values: [organization_id, id],
});

/** The customer, what it pays, and the taxes to choose from. */
export const planPartnerPage = (actor: Actor, id: string) =>
  [planPartner(actor, id), taxRates(actor), defaultTaxes(actor, id)] as const;
