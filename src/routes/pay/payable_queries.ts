import type { Actor, Query } from '../../db/scope.js';
import { types } from '../../document_types/index.js';
import { quotedNames } from '../../document_types/type_sql.js';
import { type Document, FACTS } from '../../documents/content/document.js';
import { ACCOUNT_COLUMNS, type PaymentAccount } from '../../people/getting_paid/payment_accounts.js';

/** So many are shown to choose from, the most urgent first. */
export const MOST_SHOWN = 50;

const PAYABLE = types.filter(({ actions }) => actions['pay']);

/** SQL rows `(type, state)`. */
const KINDS = PAYABLE.flatMap(({ name, actions }) =>
  (actions['pay']?.from ?? []).map((state) => `('${name}', '${state}')`),
).join(', ');

/** A document that may be paid, with the methods that are offered for it. */
export type PayableDocument = Document & { methods: string[] };

const COLUMNS = `d.*, ${FACTS}, d.deposit_percent::text as deposit_percent, (
  select methods_offered(o.online_methods, d.card_allowed, d.bank_debit_allowed and p.bank_debit_allowed)
  from organizations o join partners p on p.organization_id = o.id and p.id = d.partner_id
  where o.id = d.organization_id) as methods`;

/**
 * What a partner may pay, most urgent first, as far as its reader may see it; those with these numbers or ids among
 * them, however many there are.
 */
export const payableDocuments = (
  { organization_id, partner_id }: Actor,
  { numbers = [], ids = [] }: { numbers?: readonly string[]; ids?: readonly string[] },
): Query<PayableDocument> => ({
  name: 'payable_documents',
  text: `select ${COLUMNS} from (
      select f.id from (values ${KINDS}) k (type, state) cross join lateral (
        select id from documents d
        where d.organization_id = $1 and d.partner_id = $2 and d.type = k.type and d.state = k.state
        order by coalesce(d.due_on, 'infinity'), d.id limit ${MOST_SHOWN}) f
      union
      select f.id from unnest($3::text[]) w (number) cross join lateral (
        select id from documents d
        where d.organization_id = $1 and d.number = w.number and d.partner_id = $2
          and d.type in (${quotedNames(PAYABLE.map(({ name }) => name))}) limit 1) f
      union
      select f.id from unnest($4::uuid[]) w (id) cross join lateral (
        select id from documents d
        where d.organization_id = $1 and d.id = w.id and d.partner_id = $2
          and d.type in (${quotedNames(PAYABLE.map(({ name }) => name))}) limit 1) f) f
    cross join lateral (select * from documents d where d.organization_id = $1 and d.id = f.id limit 1) d
    order by coalesce(d.due_on, 'infinity'), d.id`,
  values: [organization_id, partner_id, numbers, ids],
});

/** Credit that a partner may use, by where it comes from. Amounts in minor units. */
export interface UsableCredit {
  source_id: string | null;
  currency: string;
  available: number;
  /** Null: an overpayment. */
  type: string | null;
  number: string | null;
  title: string;
  total: number;
}

/** The oldest first, without what a payment on its way will use. None for who sees only some of the documents. */
export const usableCredits = ({ organization_id, partner_id }: Actor): Query<UsableCredit> => ({
  name: 'usable_credits',
  text: `select e.source_id, e.currency, e.available - coalesce(r.amount, 0) as available, d.type, d.number,
      coalesce(d.title, '') as title,
      coalesce(d.total, 0)::bigint as total
    from (
      select source_id, currency, -sum(amount)::bigint as available, min(created_at) as since from ledger_entries
      where organization_id = $1 and partner_id = $2 and document_id is null
        and sees_sums($2) and coalesce((select true from credits c
          where c.organization_id = $1 and c.partner_id = $2 and c.amount < 0 limit 1), false)
      group by source_id, currency having sum(amount) < 0) e
    left join lateral (select type, number, title, total from documents
      where organization_id = $1 and id = e.source_id limit 1) d on true
    left join lateral (
      select sum(c.amount)::bigint as amount
      from payment_parts x
        join payments p on p.organization_id = x.organization_id and p.id = x.payment_id and p.currency = e.currency
        join payment_credits c on c.organization_id = x.organization_id and c.payment_id = x.payment_id
          and c.document_id = x.document_id and c.source_id is not distinct from e.source_id
      where x.organization_id = $1 and x.partner_id = $2 and x.state = 'processing') r on true
    where e.available > coalesce(r.amount, 0)
    order by e.since limit 50`,
  values: [organization_id, partner_id],
});

/** Whom they pay, and how. */
export interface Payee {
  gateway: string | null;
  payment_note: string;
  address: string;
  accounts: PaymentAccount[];
}

export const payee = ({ organization_id }: Actor): Query<Payee> => ({
  name: 'payee',
  text: `select o.gateway, o.payment_note, o.address, coalesce((
      select json_agg(r order by r.id) from (
        select ${ACCOUNT_COLUMNS.join(', ')} from payment_accounts x
        where x.organization_id = o.id and x.ended_at is null limit 10) r), '[]') as accounts
    from organizations o where o.id = $1`,
  values: [organization_id],
});
