import type { Knex } from 'knex';
import { hashOfContent, type LineTax } from '../documents/content/content.js';
import { totalsOf } from '../documents/content/totals.js';
import type { TaxedContent } from '../documents/taxes/line_taxes.js';
import { NO_FACTS } from '../acting/no_facts.js';
import type { Subject } from '../acting/context.js';
import { today } from '../pages/days.js';
import { finds } from '../db/planner.js';
import type { Actor } from '../db/scope.js';
import { subscription as lifecycle } from '../subjects/subscription/subscription_lifecycle.js';
import { nextBilling, nextStep, type Terms } from './next_step.js';
import type { Period } from './periods.js';
import type { Adjustment } from './proration.js';

/** A line of each invoice, with its taxes as they were when it was last invoiced or changed. */
export type PlanLine = Omit<TaxedContent['lines'][number], 'taxes'> & {
  refused: false;
  /** Old plans have none. */
  taxes?: LineTax[];
};

/** A subscription's row. Amounts in minor units, days ISO 8601. */
export interface SubscriptionRow extends Terms {
  organization_id: string;
  id: string;
  number: string;
  partner_id: string;
  title: string;
  currency: string;
  lines: PlanLine[];
  /** Of a period, with tax. */
  total: number;
  reference: string;
  note: string;
  terms: string;
  terms_days: number;
  adjustments: Adjustment[];
  /** Pauses that are over, as long as a period from before them is not invoiced. */
  skipped: Period[];
  asked: 'change' | 'cancel' | null;
  /** Its invoices are charged to a stored method of its customer. */
  automatic: boolean;
  failed_period: number | null;
  /** The ids of its customer's contacts who take part: each gets the invoices. */
  recipients: string[];
  /** Of its organization. */
  time_zone: string;
}

const AUTOMATIC = finds(`payment_mandates m where m.organization_id = d.organization_id and m.subscription_id = d.id
  and m.ended_at is null`);

/** Its columns, with its recipients and its organization's time zone, as SQL for a subscription `d`. */
export const COLUMNS = `d.*, (select o.time_zone from organizations o where o.id = d.organization_id) as time_zone,
  coalesce((select json_agg(p.id order by p.id) from participants x
    join people p on p.organization_id = x.organization_id and p.id = x.person_id
    where x.organization_id = d.organization_id and x.subject_id = d.id and p.partner_id is not null), '[]') as recipients,
  ${AUTOMATIC} as automatic`;

/** The subscription, as the connection's actor may see it. */
export const findRow = (
  db: Knex.Transaction,
  organization_id: string,
  id: string,
): Promise<SubscriptionRow | undefined> =>
  db('subscriptions as d')
    .where({ 'd.organization_id': organization_id, 'd.id': id })
    .first<SubscriptionRow | undefined>(db.raw(COLUMNS));

/** What a period costs, with tax. */
export const totalOf = (lines: readonly PlanLine[], currency: string): number => totalsOf([...lines], currency).total;

/** What a page or the form shows of it, for what is decided there. */
const seenOf = (row: SubscriptionRow): string => {
  const { state, title, lines, every, unit, ends_on, paused_from, paused_until, asked } = row;
  const { recipients, reference, note, terms, terms_days, sends } = row;
  const shown = [state, title, lines, every, unit, ends_on, paused_from, paused_until, asked];
  return hashOfContent(JSON.stringify([...shown, recipients, reference, note, terms, terms_days, sends]));
};

/** The current day of its organization, in an actor's time. */
export const dayOf = ({ time_zone }: Pick<SubscriptionRow, 'time_zone'>, actor: Actor): string =>
  today({ ...actor, organization_zone: time_zone });

/** A subscription as what is acted on. */
export const subscriptionSubject = (row: SubscriptionRow, actor: Actor): Subject => ({
  ...NO_FACTS,
  ...{ organization_id: row.organization_id, id: row.id, number: row.number, state: row.state },
  ...{ partner_id: row.partner_id, total: row.total, currency: row.currency, organization_zone: row.time_zone },
  type: lifecycle.name,
  seen: seenOf(row),
  step: nextStep(row, dayOf(row, actor)),
  asked: row.asked !== null,
  automatic: row.automatic,
  pausing: row.state === 'paused' || row.paused_from !== null,
});

/** What an email says of a plan: see activity/subscription_facts.ts. */
export const planFacts = (row: SubscriptionRow): Record<string, unknown> => ({
  ...{ title: row.title, total: row.total, currency: row.currency, every: row.every, unit: row.unit },
  ...{ next_on: nextBilling(row), ends_on: row.ends_on, trial_until: row.trial_until },
});

export interface InvoicedPeriod extends Period {
  period: number;
  /** Its last day that was charged: all is over then, or else its last. */
  charged_until: string;
  lines: PlanLine[];
}

/** The period that was invoiced and has this day. */
export const currentPeriod = (
  db: Knex.Transaction,
  { organization_id, id: subscription_id }: Pick<SubscriptionRow, 'organization_id' | 'id'>,
  day: string,
): Promise<InvoicedPeriod | undefined> =>
  db('subscription_periods')
    .where({ organization_id, subscription_id })
    .where('from_on', '<=', day)
    .where('until_on', '>=', day)
    .orderBy('period', 'desc')
    .first('period', 'from_on', 'until_on', 'charged_until', 'lines');
