import { finds } from '../../db/planner.js';
import type { Actor, Query } from '../../db/scope.js';
import { typesThatOwe } from '../../document_types/relations.js';
import type { AccountKind } from '../../people/banking/bank_number.js';
import { OPEN } from '../content/sums.js';

/** A bill that can be paid by a run, and where its vendor is paid in its currency. */
export interface DueBill {
  id: string;
  type: string;
  number: string;
  /** The vendor's own number. */
  reference: string;
  title: string;
  partner_id: string;
  partner: string;
  pay_on: string;
  currency: string;
  /** In minor units. */
  open: number;
  discount_percent: string;
  discount_until: string | null;
  /** Null: the vendor has no account in this currency. */
  account_id: string | null;
  kind: AccountKind;
  holder: string;
  last_four: string;
  /** The account took another's place, or was entered, within the last week. */
  recent: boolean;
}

/** So many bills are in one run at most. */
export const MOST_BILLS = 200;

const KINDS = typesThatOwe('payable')
  .flatMap(({ name, actions }) => (actions['record_payment']?.from ?? []).map((state) => `('${name}', '${state}')`))
  .join(', ');

const COLUMNS = `d.id, d.type, d.number, d.reference, d.title, d.partner_id, d.pay_on, d.currency, ${OPEN} as open,
  d.discount_percent::text, d.discount_until, p.name as partner, b.id as account_id, b.kind, b.holder, b.last_four,
  coalesce(b.created_at > app_now() - interval '7 days', false) as recent`;

const JOINED = `cross join lateral (select name from partners
    where organization_id = d.organization_id and id = d.partner_id limit 1) p
  left join lateral (select * from bank_accounts x where x.organization_id = d.organization_id
    and x.partner_id = d.partner_id and x.currency = d.currency and x.ended_at is null limit 1) b on true`;

const IN_A_RUN = finds(`payment_run_bills x
  where x.organization_id = d.organization_id and x.document_id = d.id and x.live`);

/** What is to be paid in a currency until a day, and is in no run yet; most urgent first. */
export const dueBills = ({ organization_id }: Actor, currency: string, until: string): Query<DueBill> => ({
  name: 'due_bills',
  text: `select ${COLUMNS} from (values ${KINDS}) k (type, state) cross join lateral (
      select * from documents d where d.organization_id = $1 and d.type = k.type and d.state = k.state
        and d.currency = $2 and d.pay_on <= $3 and not ${IN_A_RUN} order by d.pay_on, d.id limit ${MOST_BILLS}) d
    ${JOINED} order by d.pay_on, d.id limit ${MOST_BILLS}`,
  values: [organization_id, currency, until],
});

/** Of these documents, the ones that could still be paid by a run. */
export const chosenBills = ({ organization_id }: Actor, currency: string, ids: readonly string[]): Query<DueBill> => ({
  name: 'chosen_bills',
  text: `select ${COLUMNS} from documents d ${JOINED}
    where d.organization_id = $1 and d.id = any($3::uuid[]) and d.currency = $2
      and (d.type, d.state) in (${KINDS}) and not ${IN_A_RUN} order by p.name, d.partner_id, d.id`,
  values: [organization_id, currency, [...ids]],
});
