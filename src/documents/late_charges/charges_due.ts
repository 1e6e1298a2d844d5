import type { Knex } from 'knex';
import { queryPrepared } from '../../db/scope.js';
import { finds } from '../../db/planner.js';
import { REMINDER_STEPS, type ReminderStep } from '../../document_types/shared/dates.js';
import {
  disputedNights,
  type InterestSpan,
  interestOn,
  interestSpans,
  type Movement,
} from '../../payments/reminders/interest.js';
import type { Document } from '../content/document.js';

/** What a reminder of an invoice charges. Amounts in minor units. */
export interface ChargesDue {
  fee: number;
  spans: (InterestSpan & { interest: number })[];
  /** All that the spans cost. */
  interest: number;
  interest_from: string;
  /** Yearly, in percent. */
  rate: string;
}

/** The reminder that charges: its day of the plan, its step, and the organization's day. */
interface ChargingReminder {
  day: number;
  step: ReminderStep;
  today: string;
}

interface Facts {
  rate: string;
  /** From which step on interest is invoiced. */
  interest_step: ReminderStep;
  fee: number | null;
  /** The last day up to which interest was charged. */
  charged_until: string | null;
  movements: Movement[];
  disputes: { day: string; opened: boolean }[];
}

const DAY_OF = (time: string) => `(${time} at time zone o.time_zone)::date`;

// A payment counts from the day on which it was begun, or which staff gave for it; what a new version took off, always.
const MOVEMENTS = `select least(${DAY_OF('l.created_at')},
      case when l.kind = 'payment' then least(p.paid_on, ${DAY_OF('p.created_at')})
        when l.kind = 'charge' and l.amount < 0 then date '0001-01-01' end) as day, l.amount
    from ledger_entries l
      left join lateral (select * from payments where organization_id = $1 and id = l.payment_id limit 1) p on true
    where l.organization_id = $1 and l.document_id = $2`;

const DISPUTES = `select ${DAY_OF('a.created_at')} as day, a.action = 'dispute' as opened
    from activities a where a.organization_id = $1 and a.subject_id = $2 and a.action in ('dispute', 'resolve_dispute')
    order by a.id`;

const FEE = (whose: string) => `(select f.amount from late_fees f
    where f.organization_id = $1 and ${whose} and f.step = $4 and f.currency = $5)`;

const CHARGED = finds(`late_charges c where c.organization_id = $1 and c.document_id = $2 and c.reminder_day = $6
  and c.fee > 0`);

const FACTS = `select
    case when p.late_charges = 'own' then p.late_interest else o.late_interest end::text as rate,
    case when p.late_charges = 'own' then p.interest_step else o.interest_step end as interest_step,
    case when ${CHARGED} then null
      when p.late_charges = 'own' then ${FEE('f.partner_id = $3')} else ${FEE('f.partner_id is null')} end as fee,
    (select max(c.interest_until) from late_charges c where c.organization_id = $1 and c.document_id = $2)
      as charged_until,
    coalesce((select json_agg(x) from (${MOVEMENTS}) x), '[]') as movements,
    coalesce((select json_agg(x) from (${DISPUTES}) x), '[]') as disputes
  from organizations o cross join lateral (
    select * from partners where organization_id = $1 and id = $3 limit 1) p
  where o.id = $1 and p.late_charges is distinct from 'none'`;

/** What a reminder charges for an invoice by the terms of its customer; null: nothing. */
export async function chargesDue(
  db: Knex.Transaction,
  { organization_id, id, partner_id, currency, due_on }: Document,
  { day, step, today }: ChargingReminder,
): Promise<ChargesDue | null> {
  const values = [organization_id, id, partner_id, step, currency, day];
  const [facts] = await queryPrepared<Facts>(db, FACTS, values);
  if (!facts || !due_on) return null;
  const { charged_until, movements, disputes, interest_step } = facts;
  const rate = REMINDER_STEPS.indexOf(step) < REMINDER_STEPS.indexOf(interest_step) ? '0' : facts.rate;
  const interest_from = charged_until && charged_until > due_on ? charged_until : due_on;
  const spans = Number(rate) > 0 ? spansOf({ from: interest_from, until: today }, rate, movements, disputes) : [];
  const interest = spans.reduce((sum, { interest }) => sum + interest, 0);
  const fee = facts.fee ?? 0;
  return fee + interest > 0 ? { fee, spans, interest, interest_from, rate } : null;
}

const spansOf = (
  nights: { from: string; until: string },
  rate: string,
  movements: readonly Movement[],
  disputes: Facts['disputes'],
) =>
  interestSpans(nights, movements, disputedNights(disputes))
    .map((span) => ({ ...span, interest: interestOn(span, rate) }))
    .filter(({ interest }) => interest > 0);
