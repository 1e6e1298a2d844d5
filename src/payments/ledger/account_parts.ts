import type { Actor, Query } from '../../db/scope.js';

/**
 * A part of a partner's account in a currency, in minor units. `owed`: on open documents of a kind, and how many they
 * are; `credit`: from documents of a kind ('': overpayments); `overdue`: of all that is owed, what is past its day.
 */
export interface AccountPart {
  currency: string;
  part: 'owed' | 'credit' | 'overdue';
  kind: string;
  amount: number;
  items: number;
}

// What is late is all but what will be due, as in `agedReceivables`.
const OVERDUE = `select currency, 'overdue' as part, '' as kind,
    (sum(amount) filter (where basis = 'all') - coalesce(sum(amount) filter (where basis = 'due'), 0))::bigint as amount,
    0 as items
  from (
    select currency, basis, amount from receivables
      where organization_id = $1 and account_id = $2 and basis = 'all' and day = '-infinity'
    union all
    select currency, basis, amount from receivables
      where organization_id = $1 and account_id = $2 and basis = 'due' and day >= $3::date) r
  group by currency`;

/** What a partner's balance as a customer consists of, on a day. */
export const accountParts = ({ organization_id, partner_id }: Actor, day: string): Query<AccountPart> => ({
  name: 'account_parts',
  text: `select * from (
      select currency, 'owed' as part, kind, amount, items from outstanding
        where organization_id = $1 and partner_id = $2
      union all
      select currency, 'credit', kind, -amount, 0 from credit_kinds where organization_id = $1 and partner_id = $2
      union all ${OVERDUE}) parts
    where amount <> 0 order by currency, part, kind`,
  values: [organization_id, partner_id, day],
});
