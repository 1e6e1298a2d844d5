import type { Actor, Query } from '../../db/scope.js';
import { typesThatOwe } from '../../document_types/relations.js';
import { has, types } from '../../document_types/index.js';
import { isOneOf } from '../../document_types/type_sql.js';
import type { SplitSource } from './split.js';

/** Days of the organization, both included. */
export interface BookedPeriod {
  from: string;
  to: string;
  currency: string;
}

/** An entry of the ledger with what it takes to book it elsewhere. Positive amounts: the partner owes more. */
export interface BookedEntry {
  id: string;
  /** Where the next entries begin. */
  at: string;
  day: string;
  kind: string;
  amount: number;
  /** What the entry is on; and what its credit is from. */
  document_id: string | null;
  source_id: string | null;
  partner: string;
  email: string;
  debtor_number: number | null;
  creditor_number: number | null;
  /** Of the document, or else of the source. */
  type: string | null;
  number: string | null;
  title: string | null;
  issued_on: string | null;
  due_on: string | null;
  source_type: string | null;
  gateway: string | null;
  reference: string | null;
  paid_on: string | null;
  /** The version it is of, and the one that was charged before; null where it moves money alone. */
  version: SplitSource | null;
  charged: SplitSource | null;
  /** What of its source was used before, if that was paid ahead. */
  used: number;
}

const DAY = (column: string) => `to_char(${column}, 'YYYY-MM-DD')`;
const KEPT = (version: string) => `json_build_object('lines', ${version}.snapshot -> 'lines',
    'taxes', ${version}.snapshot -> 'taxes', 'tax_included', ${version}.snapshot -> 'tax_included',
    'total', ${version}.snapshot -> 'total')`;
const PREPAID = isOneOf(
  's.type',
  types.filter((type) => has(type, 'prepayment')),
);
const PREPAYMENT = isOneOf(
  'd.type',
  types.filter((type) => has(type, 'prepayment')),
);
const CREDIT = isOneOf('s.type', typesThatOwe('credit'));

// What a part of a document's total is booked by: its own version, or that of the credit note or deposit it is from.
const SPLIT = `case
    when e.kind in ('charge', 'bill', 'void') and e.document_id is not null then e.document_id
    when e.kind = 'write_off' and ${PREPAYMENT} then e.document_id
    when e.kind in ('credit', 'void') and ${CREDIT} then e.source_id
    when e.kind in ('apply', 'refund') and ${PREPAID} then e.source_id end`;

const ENTRIES = `with found as materialized (
    select * from ledger_entries e
    where e.organization_id = $1 and e.currency = $2
      and e.created_at >= $3::date::timestamp at time zone $5
      and e.created_at < ($4::date + 1)::timestamp at time zone $5
      and (e.created_at, e.id) > (coalesce($6::timestamptz, '-infinity'), $7::uuid)
    order by e.created_at, e.id limit $8)
  select e.id, e.created_at::text as at, to_char(e.created_at at time zone $5, 'YYYY-MM-DD') as day, e.kind, e.amount,
    e.document_id, e.source_id, p.name as partner, p.email, p.debtor_number, p.creditor_number,
    coalesce(d.type, s.type) as type, coalesce(d.number, s.number) as number, coalesce(d.title, s.title) as title,
    ${DAY('coalesce(d.issued_on, s.issued_on)')} as issued_on, ${DAY('d.due_on')} as due_on, s.type as source_type,
    m.gateway, m.reference, ${DAY('m.paid_on')} as paid_on, v.kept as version, c.kept as charged,
    coalesce(u.used, 0)::bigint as used
  from found e
  join partners p on p.organization_id = $1 and p.id = e.partner_id
  left join documents d on d.organization_id = $1 and d.id = e.document_id
  left join documents s on s.organization_id = $1 and s.id = e.source_id
  left join payments m on m.organization_id = $1 and m.id = e.payment_id
  cross join lateral (select ${SPLIT} as id offset 0) k
  left join lateral (
    select ${KEPT('v')} as kept from versions v
    where v.organization_id = $1 and v.document_id = k.id and v.created_at <= e.created_at
    order by v.version desc limit 1) v on true
  left join lateral (
    select ${KEPT('v')} as kept from versions v
    where e.kind = 'charge' and v.organization_id = $1 and v.document_id = e.document_id and v.created_at <= (
      select max(x.created_at) from ledger_entries x
      where x.organization_id = $1 and x.document_id = e.document_id and x.kind = 'charge'
        and x.created_at < e.created_at)
    order by v.version desc limit 1) c on true
  left join lateral (
    select sum(abs(x.amount)) as used from ledger_entries x
    where ${PREPAID} and k.id is not null and x.organization_id = $1 and x.source_id = e.source_id
      and (x.kind = 'apply' and x.document_id is not null or x.kind = 'refund' and x.document_id is null)
      and (x.created_at, x.id) < (e.created_at, e.id)) u on true
  order by e.created_at, e.id`;

/** The entries of a period in the order of the ledger, `limit` of them after one. */
export const bookedEntries = (
  { organization_id, organization_zone, time_zone }: Actor,
  { from, to, currency }: BookedPeriod,
  after: Pick<BookedEntry, 'at' | 'id'> | null,
  limit: number,
): Query<BookedEntry> => ({
  name: 'booked_entries',
  text: ENTRIES,
  values: [
    ...[organization_id, currency, from, to, organization_zone ?? time_zone],
    ...[after?.at ?? null, after?.id ?? '00000000-0000-0000-0000-000000000000', limit],
  ],
});

/** The currencies that anything is booked in. */
export const currenciesBooked = ({ organization_id }: Actor): Query<{ currency: string }> => ({
  name: 'currencies_booked',
  text: `with recursive found as (
      (select currency from ledger_entries where organization_id = $1 order by currency limit 1)
      union all
      select (select e.currency from ledger_entries e where e.organization_id = $1 and e.currency > f.currency
        order by e.currency limit 1) from found f where f.currency is not null)
    select currency from found where currency is not null`,
  values: [organization_id],
});
