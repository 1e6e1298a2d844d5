import type { Actor, Query } from '../../db/scope.js';

/** The days of a statement, both included; of the organization's time zone. */
export interface Period {
  from: string;
  to: string;
}

type Part = 'invoiced' | 'billed' | 'paid' | 'credits';

/** An entry of the ledger. Positive: the partner owes more. */
export interface StatementEntry {
  /** When it was booked, by the organization's day. */
  day: string;
  /** Entries of one moment and payment are one transaction. */
  booked_at: string;
  kind: string;
  part: Part;
  amount: number;
  /** The document it belongs to, that its credit is from, or that its payment was for. */
  type: string | null;
  number: string | null;
  title: string | null;
  payment_id: string | null;
  method: string | null;
  reference: string | null;
  paid_on: string | null;
}

/** A partner's account in one currency over a period. Amounts in minor units; positive: the partner owes them. */
export interface AccountStatement extends Record<Part, number> {
  partner: string;
  partner_address: string;
  organization: string;
  address: string;
  is_customer: boolean;
  is_vendor: boolean;
  currency: string;
  /** All that the partner has an account in. */
  currencies: string[];
  opening: number;
  entry_count: number;
  entries: StatementEntry[];
  /** What is owed now, by how long it is overdue: not yet, up to 30, 60 or 90 days; and in all. */
  not_due: number;
  overdue_30: number;
  overdue_60: number;
  overdue_90: number;
  owed: number;
}

/** More are in the file for spreadsheets. */
export const SHOWN_ENTRIES = 500;

/**
 * The statement of a partner's account; `currency` null: their own, or the first they have. It is one statement of SQL,
 * so that balance and entries are of the same moment. No row: there is no such partner.
 */
export const accountStatement = (
  { organization_id, organization_zone, time_zone }: Actor,
  partner_id: string,
  { from, to }: Period,
  { currency, limit, today }: { currency: string | null; limit: number; today: string },
): Query<AccountStatement> => ({
  name: 'statement',
  text: STATEMENT,
  values: [organization_id, partner_id, currency ?? '', from, to, organization_zone ?? time_zone, limit, today],
});

// What is voided counts against what was charged; what a payment or its reversal gives or takes as credit is a credit.
const PART = `case
    when e.kind = 'charge' or (e.kind = 'void' and e.document_id is not null and e.amount < 0) then 'invoiced'
    when e.kind = 'bill' or (e.kind = 'void' and e.document_id is not null) then 'billed'
    when e.kind in ('payment', 'refund') or (e.kind = 'reversal' and e.source_id is null) then 'paid'
    else 'credits' end`;

const sumOf = (part: Part) =>
  `coalesce(sum(m.amount) filter (where m.within and m.part = '${part}'), 0)::bigint as ${part}`;

const dueBetween = (name: string, days: string) =>
  `coalesce(sum(r.amount) filter (where r.basis = 'due' and ${days}), 0)::bigint as ${name}`;

// The opening balance is today's without what was booked since, so that what lies before the period is never read.
// Credit that is applied moves from one entry to another and changes no balance: it is left out.
const STATEMENT = `with account as (
    select p.id, p.name, p.address, p.is_customer, p.is_vendor, coalesce((
      select b.currency from balances b where b.organization_id = $1 and b.partner_id = p.id
      order by b.currency = $3 desc, b.currency = p.currency desc, b.currency limit 1), p.currency) as currency
    from partners p where p.organization_id = $1 and p.id = $2),
  moves as materialized (
    select e.*, e.created_at < ($5::date + 1)::timestamp at time zone $6 as within, ${PART} as part
    from account a
    join ledger_entries e on e.organization_id = $1 and e.partner_id = $2 and e.currency = a.currency
    where e.created_at >= $4::date::timestamp at time zone $6 and e.kind <> 'apply'),
  shown as (
    select to_char(m.created_at at time zone $6, 'YYYY-MM-DD') as day, m.created_at as booked_at, m.id, m.kind, m.part,
      m.amount, d.type, d.number, d.title, m.payment_id, x.method, x.reference, x.paid_on
    from (select * from moves where within order by created_at, id limit $7) m
    left join lateral (
      select p.method, p.reference, y.document_id, to_char(p.paid_on, 'YYYY-MM-DD') as paid_on from payments p
      left join payment_parts y on y.organization_id = $1 and y.payment_id = p.id
      where p.organization_id = $1 and p.id = m.payment_id limit 1) x on true
    left join lateral (select coalesce(m.document_id, m.source_id, x.document_id) as id offset 0) k on true
    left join lateral (
      select type, number, title from documents where organization_id = $1 and id = k.id limit 1) d on true)
  select a.name as partner, a.address as partner_address, a.is_customer, a.is_vendor, a.currency,
    o.name as organization, o.address,
    array(select b.currency from balances b where b.organization_id = $1 and b.partner_id = a.id order by 1) as currencies,
    coalesce((select b.amount from balances b
      where b.organization_id = $1 and b.partner_id = a.id and b.currency = a.currency), 0)::bigint - s.since as opening,
    s.invoiced, s.billed, s.paid, s.credits, s.entry_count,
    coalesce((select json_agg(shown order by booked_at, id) from shown), '[]') as entries,
    r.owed, r.not_due, r.overdue_30, r.overdue_60, r.overdue_90
  from account a
  join organizations o on o.id = $1
  cross join lateral (
    select coalesce(sum(m.amount), 0)::bigint as since, count(*) filter (where m.within) as entry_count,
      ${sumOf('invoiced')}, ${sumOf('billed')}, ${sumOf('paid')}, ${sumOf('credits')}
    from moves m) s
  cross join lateral (
    select coalesce(sum(r.amount) filter (where r.basis = 'all'), 0)::bigint as owed,
      ${dueBetween('not_due', 'r.day >= $8::date')},
      ${dueBetween('overdue_30', 'r.day between $8::date - 30 and $8::date - 1')},
      ${dueBetween('overdue_60', 'r.day between $8::date - 60 and $8::date - 31')},
      ${dueBetween('overdue_90', 'r.day between $8::date - 90 and $8::date - 61')}
    from receivables r
    where r.organization_id = $1 and r.account_id = a.id and r.currency = a.currency
      and ((r.basis = 'all' and r.day = '-infinity') or (r.basis = 'due' and r.day >= $8::date - 90))) r`;
