import type { Actor, Query } from '../../db/scope.js';
import type { PaymentRun } from '../../documents/payment_runs/payment_run.js';
import type { AccountKind, BankNumbers } from '../../people/banking/bank_number.js';

/** An account of the organization's that it can pay from. */
export interface OwnAccount {
  id: string;
  currency: string;
  kind: AccountKind;
  bank_name: string;
  numbers: BankNumbers;
}

/** Those in the organization's own currency first. */
export const ownAccounts = ({ organization_id }: Actor): Query<OwnAccount> => ({
  name: 'own_accounts',
  text: `select id, currency, kind, bank_name, numbers from payment_accounts
    where organization_id = $1 and ended_at is null
    order by currency <> (select o.currency from organizations o where o.id = $1), currency, id limit 10`,
  values: [organization_id],
});

/** A run in the list; amounts in minor units. */
export interface ListedRun extends Pick<PaymentRun, 'id' | 'number' | 'currency' | 'pay_on' | 'state'> {
  bank_name: string;
  amount: number;
  bills: number;
}

export const RUNS_SHOWN = 50;

const SUM = `cross join lateral (select sum(x.amount)::bigint as amount, count(*)::int as bills
  from payment_run_bills x where x.organization_id = r.organization_id and x.run_id = r.id) s`;

/** The newest runs, from before this one. */
export const runList = ({ organization_id }: Actor, before: number | null): Query<ListedRun> => ({
  name: `payment_runs${before === null ? '' : '_before'}`,
  text: `select r.id, r.number, r.currency, r.pay_on, r.state, a.bank_name, s.amount, s.bills
    from (select * from payment_runs where organization_id = $1 ${before === null ? '' : 'and number < $2'}
      order by number desc limit ${RUNS_SHOWN + 1}) r
    cross join lateral (select bank_name from payment_accounts
      where organization_id = r.organization_id and id = r.account_id limit 1) a
    ${SUM} order by r.number desc`,
  values: before === null ? [organization_id] : [organization_id, before],
});

/** A bill of a run. */
export interface RunBill {
  number: string;
  reference: string;
  title: string;
  partner_id: string;
  partner: string;
  position: number;
  amount: number;
  discount: number;
  holder: string;
  last_four: string;
  kind: AccountKind;
  /** Another account has taken its place since. */
  replaced: boolean;
  payment_id: string | null;
}

/** A run's page. */
export interface RunPage extends Omit<PaymentRun, 'exported_at' | 'file_at'> {
  paid_on: string | null;
  created_at: string;
  file_at: string | null;
  ended_at: string | null;
  /** Who did each. */
  creator: string;
  exporter: string | null;
  ender: string | null;
  account: OwnAccount;
  employer: { name: string; tax_kind: string; tax_number: string };
  bills: RunBill[];
}

const name = (column: string) =>
  `(select p.name from people p where p.organization_id = r.organization_id and p.id = r.${column})`;

const BILLS = `(select json_agg(y order by y.position, y.number) from (
  select d.number, d.reference, d.title, x.partner_id, p.name as partner, x.position, x.amount, x.discount, b.holder,
    b.last_four, b.kind, b.ended_at is not null as replaced, x.payment_id
  from payment_run_bills x
    cross join lateral (select number, reference, title from documents
      where organization_id = x.organization_id and id = x.document_id limit 1) d
    cross join lateral (select name from partners
      where organization_id = x.organization_id and id = x.partner_id limit 1) p
    cross join lateral (select * from bank_accounts
      where organization_id = x.organization_id and id = x.bank_account_id limit 1) b
  where x.organization_id = r.organization_id and x.run_id = r.id) y)`;

export const runPage = ({ organization_id }: Actor, id: string): Query<RunPage> => ({
  name: 'payment_run_page',
  text: `select r.*, ${name('created_by')} as creator, ${name('exported_by')} as exporter,
      ${name('ended_by')} as ender, ${BILLS} as bills,
      (select json_build_object('name', coalesce(nullif(o.legal_name, ''), o.name),
        'tax_kind', o.tax_kind, 'tax_number', o.tax_number)
        from organizations o where o.id = r.organization_id) as employer,
      (select json_build_object('id', a.id, 'currency', a.currency, 'kind', a.kind, 'bank_name', a.bank_name,
        'numbers', a.numbers) from payment_accounts a
        where a.organization_id = r.organization_id and a.id = r.account_id) as account
    from payment_runs r where r.organization_id = $1 and r.id = $2`,
  values: [organization_id, id],
});
