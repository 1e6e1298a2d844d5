import type { Knex } from 'knex';
import { queryPrepared } from '../../db/scope.js';
import type { ReminderStep } from '../../document_types/shared/dates.js';

/** An invoice that a reminder tells of. */
export interface RemindedInvoice {
  /** The email that tells of it. */
  told_by: string;
  /** The one that would have told of it alone, or does. */
  id: string;
  message_id: string;
  subject_id: string;
  type: string;
  number: string;
  version: number;
  currency: string;
  due_on: string;
  /** In minor units, as it is now. */
  open: number;
  step: ReminderStep;
  /** Of late charges: what they are for, and the invoice. */
  charges: { fee: number; interest: number; number: string } | null;
  /** The organization’s day on which the reminder went out. */
  told_on: string;
}

const OWN = `select * from emails where organization_id = $1 and id = w.id
      union all select * from emails where organization_id = $1 and merged_into = w.id`;

// How a reader was told of late charges, in which they still take part.
const TOLD = `select x.* from emails x
      cross join lateral (select action from activities where organization_id = $1 and id = x.activity_id limit 1) y
      cross join lateral (select from participants
        where organization_id = $1 and subject_id = x.subject_id and person_id = x.person_id limit 1) z
    where x.organization_id = $1 and x.subject_id = c.charge_id and x.person_id = t.person_id
      and y.action = 'charge_late'`;

// Late charges for an invoice: also those of earlier reminders.
const CHARGED = `select x.* from late_charges c cross join lateral (${TOLD}) x
    where c.organization_id = $1 and c.document_id = t.subject_id`;

const CHARGES = `select json_build_object('fee', c.fee, 'interest', c.interest, 'number', i.number)
    from late_charges c
      cross join lateral (select number from documents where organization_id = $1 and id = c.document_id limit 1) i
    where c.organization_id = $1 and c.charge_id = d.id`;

// Of each invoice the last reminder; what was paid, voided or disputed meanwhile is left out.
const INVOICES = `select * from (
  select distinct on (w.id, e.subject_id) w.id as told_by, e.id, e.message_id, e.subject_id, d.type, d.number,
    d.version, d.currency, d.due_on, coalesce(a.details->>'step', 'first') as step, (${CHARGES}) as charges,
    (a.created_at at time zone o.time_zone)::date as told_on,
    coalesce((select sum(amount) from ledger_entries l
      where l.organization_id = $1 and l.document_id = d.id), 0)::bigint as open
  from unnest($2::uuid[]) as w (id)
    cross join lateral (select * from organizations where id = $1 limit 1) o
    cross join lateral (${OWN}) t
    cross join lateral (select t.* union all ${CHARGED}) e
    cross join lateral (select * from activities where organization_id = $1 and id = e.activity_id limit 1) a
    cross join lateral (select * from documents where organization_id = $1 and id = e.subject_id limit 1) d
  where a.action in ('remind', 'charge_late') and d.disputed_on is null
  order by w.id, e.subject_id, e.id desc) i
  where i.open > 0 order by i.due_on, i.number`;

/** What each of these reminders tells of, that which is due first before the others. */
export const remindedInvoices = (
  db: Knex.Transaction,
  organization_id: string,
  email_ids: readonly string[],
): Promise<RemindedInvoice[]> => queryPrepared(db, INVOICES, [organization_id, email_ids]);
