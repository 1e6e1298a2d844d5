import { jsonRows } from '../../conversation/conversation.js';
import type { Offer } from '../../payments/methods/offered_methods.js';
import type { StoredMethodRow } from '../../payments/methods/stored_methods.js';
import type { Mandate } from '../../subscriptions/charging/mandate.js';

/** An invoice that was or will be charged, with what its last try came to. Amounts in minor units. */
export interface ChargeRow {
  number: string;
  total: number;
  state: string;
  cause: string | null;
  charge_on: string;
  max_amount: number;
  attempts: number;
  /** Of the last try. */
  payment: { state: string; failure: string; paid_on: string | null; created_at: string } | null;
}

/** What a subscription's page says of its automatic payment. */
export interface ChargingColumns {
  /** Somebody can pay its organization online. */
  online: boolean;
  mandate: (Mandate & { person: string | null; created_at: string }) | null;
  /** The newest first. */
  charges: ChargeRow[];
}

/** What its customer could agree to: their stored methods, and what is offered to them. Of staff: nothing. */
export interface Chargeable {
  stored: StoredMethodRow[];
  offers: Offer[];
}

const MANDATE = `(select row_to_json(r) from (
  select m.id, m.method_id, m.method, m.brand, m.last_four, m.max_amount, m.currency, m.notice_days, m.words,
    m.person_id, m.created_at, (select p.name from people p
      where p.organization_id = m.organization_id and p.id = m.person_id) as person
  from payment_mandates m
  where m.organization_id = d.organization_id and m.subscription_id = d.id and m.ended_at is null) r)`;

const LAST_PAYMENT = `(select row_to_json(y) from (
  select x.state, p.failure, p.paid_on, p.created_at
  from charge_attempts a
    join payment_parts x on x.organization_id = a.organization_id and x.payment_id = a.payment_id
      and x.document_id = a.document_id
    join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
  where a.organization_id = c.organization_id and a.document_id = c.document_id and a.attempt = c.attempts) y)`;

const CHARGES = jsonRows(
  `select c.document_id, i.number, i.total, c.state, c.cause, c.charge_on, c.max_amount, c.attempts,
    ${LAST_PAYMENT} as payment
  from scheduled_charges c
    join documents i on i.organization_id = c.organization_id and i.id = c.document_id
  where c.organization_id = d.organization_id and c.subscription_id = d.id order by c.document_id desc limit 6`,
  'r.document_id desc',
);

/** SQL: the columns of a subscription `d`. */
export const CHARGING = `(select o.gateway is not null from organizations o where o.id = d.organization_id) as online,
  ${MANDATE} as mandate, ${CHARGES} as charges`;
