import type { Actor, Query } from '../../db/scope.js';

// Sums of the ledger that triggers keep (migrations/013_sums.sql): to read them takes no longer in a later year.

/** What a partner owes in a currency, in minor units; below zero, its credit, or what it is owed. */
export interface Balance {
  currency: string;
  balance: number;
  /** What it owes on documents, and its credit: the rest of the balance is owed to it. */
  owed: number;
  credit: number;
}

/** A partner's balance in each currency. Who sees only some of its subjects sees what is owed on those. */
export const balancesOf = ({ organization_id, subject_ids }: Actor, partner_id: string | null): Query<Balance> =>
  subject_ids
    ? {
        name: 'balances_of_subjects',
        text: `select currency, sum(amount)::bigint as balance, greatest(0, sum(amount))::bigint as owed, 0::bigint as credit
          from ledger_entries
          where organization_id = $1 and partner_id = $2 and document_id = any ($3::uuid[])
          group by currency order by currency`,
        values: [organization_id, partner_id, subject_ids],
      }
    : {
        name: 'balances',
        text: `select b.currency, b.amount as balance, coalesce(r.amount, 0)::bigint as owed,
            coalesce(-c.amount, 0)::bigint as credit
          from balances b
          left join receivables r on r.organization_id = $1 and r.account_id = $2 and r.basis = 'all'
            and r.day = '-infinity' and r.currency = b.currency
          left join credits c on c.organization_id = $1 and c.partner_id = $2 and c.currency = b.currency
          where b.organization_id = $1 and b.partner_id = $2 order by b.currency`,
        values: [organization_id, partner_id],
      };

/** SQL for a select list: the balance of a partner `p` in its own currency. */
export const BALANCE = `coalesce((select b.amount from balances b
  where b.organization_id = p.organization_id and b.partner_id = p.id and b.currency = p.currency), 0)::bigint`;

const sumOf = (basis: string, days: string) => `coalesce((select sum(r.amount) from receivables r
  where r.organization_id = p.organization_id and r.account_id = p.id and r.basis = '${basis}' and r.day ${days}
    and r.currency = p.currency), 0)`;

/** SQL: what the partner `p` owed, in its own currency, before the day `$2`: all but what is due from then on. */
export const OVERDUE = `(${sumOf('all', `= '-infinity'`)} - ${sumOf('due', '>= $2')})::bigint`;

/** What is owed in a currency, by the age of the invoices in days; amounts in minor units. */
export interface Aged {
  currency: string;
  youngest: number;
  month: number;
  two_months: number;
  oldest: number;
  overdue: number;
}

const recent = (name: string, ages: string) =>
  `coalesce(sum(amount) filter (where basis = 'issued' and ${ages}), 0)::bigint as ${name}`;

// `account_id = $1`: of all partners together.
const rowsOf = (basis: string, days: string) =>
  `select * from receivables where organization_id = $1 and account_id = $1 and basis = '${basis}' and day ${days}`;

const AGED = `select currency, youngest, month, two_months, total - youngest - month - two_months as oldest,
    total - due_later as overdue
  from (
    select currency, coalesce(sum(amount) filter (where basis = 'all'), 0)::bigint as total,
      coalesce(sum(amount) filter (where basis = 'due'), 0)::bigint as due_later,
      ${recent('youngest', '$2 - day <= 30')}, ${recent('month', '$2 - day between 31 and 60')},
      ${recent('two_months', '$2 - day between 61 and 90')}
    from (
      ${rowsOf('all', `= '-infinity'`)}
      union all ${rowsOf('issued', '>= $2::date - 90')}
      union all ${rowsOf('due', '>= $2::date')}) sums
    group by currency) aged
  where total <> 0 order by total desc`;

/** What partners owe the organization on a day. */
export const agedReceivables = ({ organization_id }: Actor, day: string): Query<Aged> => ({
  name: 'aged_receivables',
  text: AGED,
  values: [organization_id, day],
});
