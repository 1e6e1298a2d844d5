import type { Actor, Query } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import { OPEN } from '../../documents/content/sums.js';
import type { Party } from '../../documents/content/version.js';
import type { StoredMethodRow } from '../../payments/methods/stored_methods.js';

/** A payment as lists show it. Amounts in minor units, days as ISO 8601. */
export interface ListedPayment {
  id: string;
  kind: string;
  day: string;
  amount: number;
  currency: string;
  method: string;
  reference: string;
  state: string;
  /** The first of the documents that it pays, and how many there are. */
  document_id: string;
  number: string | null;
  title: string;
  document_count: number;
  partner: string;
}

/** By what payments are sorted: amounts within each currency. */
export const PAYMENT_SORTS = { date: ['p.day'], amount: ['p.currency', 'p.amount'] } as const;

/** `kinds`: of the documents that were paid. `after`: the id of the last payment on the page before. */
export interface PaymentFilter {
  kinds: readonly string[];
  sort: keyof typeof PAYMENT_SORTS;
  /** The lowest or oldest first. */
  turned: boolean;
  after: string | null;
}

export const PAGE_SIZE = 50;

/** Attempts that were never completed are no payments. In the words of the indexes. */
const LISTED = `p.state not in ('started', 'cancelled')`;

// Of a payment, its reader sees the parts for documents that they see.
const DOCUMENTS = `lateral (
  select count(*)::int as document_count, sum(y.amount)::bigint as amount,
    (array_agg(x.id order by x.number))[1] as document_id, (array_agg(x.number order by x.number))[1] as number,
    (array_agg(x.title order by x.number))[1] as title
  from payment_parts y
    cross join lateral (select id, number, title from documents
      where organization_id = y.organization_id and id = y.document_id limit 1) x
  where y.organization_id = p.organization_id and y.payment_id = p.id) d`;

const COLUMNS = `p.id, p.kind, p.day, d.amount, p.currency, p.method, p.reference, p.state, d.document_id,
  d.number, d.title, d.document_count,
  (select c.name from partners c where c.organization_id = p.organization_id and c.id = p.partner_id) as partner`;

/** A page of payments, and one more row to tell whether there is a next page. A partner reads its own. */
export function paymentList(
  { organization_id, partner_id }: Actor,
  { kinds, sort, turned, after }: PaymentFilter,
): Query<ListedPayment> {
  const direction = turned ? 'asc' : 'desc';
  const keys = [...PAYMENT_SORTS[sort], 'p.id'];
  const order = `order by ${keys.map((key) => `${key} ${direction}`).join(', ')} limit ${PAGE_SIZE + 1}`;
  const values: unknown[] = [organization_id, kinds];
  const conditions = ['p.organization_id = $1', 'p.kind = k.kind', LISTED];
  if (partner_id) conditions.push(`p.partner_id = $${values.push(partner_id)}`);
  if (after) conditions.push(beyond(keys, turned ? '>' : '<', values.push(after)));
  // Of each kind a page, as an index has it.
  const page = `select p.* from unnest($2::text[]) k (kind)
    cross join lateral (select * from payments p where ${conditions.join(' and ')} ${order}) p ${order}`;
  return {
    name: `payments_${sort}_${direction}_${partner_id ? 'p' : 's'}${after ? '_after' : ''}`,
    text: `select ${COLUMNS} from (${page}) p cross join ${DOCUMENTS} ${order}`,
    values,
  };
}

/** SQL: whether a payment follows the one with the id `$n`. Its values one by one, so that the index begins there. */
function beyond(keys: readonly string[], operator: string, n: number): string {
  const last = (key: string) => `(select ${key} from payments p where p.organization_id = $1 and p.id = $${n})`;
  return `(${keys.join(', ')}) ${operator} (${keys.map((key) => (key === 'p.id' ? `$${n}::uuid` : last(key))).join(', ')})`;
}

/** A partner's latest payment that arrived, of these types. */
export const lastPayment = (
  { organization_id, partner_id }: Actor,
  of: readonly DocumentType[],
): Query<ListedPayment> => ({
  name: 'last_payment',
  text: `select ${COLUMNS} from (
      select p.* from unnest($3::text[]) k (kind)
      cross join lateral (
        select * from payments p
        where p.organization_id = $1 and p.partner_id = $2 and p.kind = k.kind and ${LISTED} and p.state = 'succeeded'
        order by p.day desc, p.id desc limit 1) p
      order by p.day desc, p.id desc limit 1) p
    cross join ${DOCUMENTS}`,
  values: [organization_id, partner_id, of.map(({ name }) => name)],
});

/** What a payment paid of one document. */
export interface ReceiptPart {
  id: string;
  kind: string;
  number: string | null;
  title: string;
  reference: string;
  due_on: string | null;
  /** Money, and what of it paid the document: the rest became credit. */
  amount: number;
  applied: number;
  /** Credit that was used with it. */
  credit: number;
  /** What was deducted of a bill that was paid early. */
  discount: number;
  open: number;
}

/** A payment with what its receipt says. */
export interface PaymentPage extends ListedPayment {
  paid_on: string | null;
  /** Why it failed or was reversed. */
  failure: string;
  gateway: string;
  person_id: string | null;
  /** Who paid online; null: it was recorded by staff. */
  payer: string | null;
  /** The stored method that was charged, for those who may see it. */
  stored: Pick<StoredMethodRow, 'method' | 'brand' | 'last_four'> | null;
  created_at: string;
  parts: ReceiptPart[];
  refunds: { amount: number; state: string; created_at: string }[];
  from: Party;
  to: Party;
}

// A reversal has its entries in another kind: a receipt says what the payment had paid.
const APPLIED = `coalesce((select abs(sum(e.amount)) from ledger_entries e where e.organization_id = y.organization_id
  and e.payment_id = y.payment_id and e.document_id = y.document_id and e.kind = 'payment'), 0)::bigint`;

const CREDIT = `coalesce((select sum(e.amount) from payment_credits e where e.organization_id = y.organization_id
  and e.payment_id = y.payment_id and e.document_id = y.document_id), 0)::bigint`;

const DISCOUNT = `coalesce((select sum(e.amount) from ledger_entries e where e.organization_id = y.organization_id
  and e.payment_id = y.payment_id and e.document_id = y.document_id and e.kind = 'discount'), 0)::bigint`;

const PARTS = `coalesce((
  select json_agg(r order by r.number) from (
    select d.id, d.type as kind, d.number, d.title, d.reference, d.due_on, y.amount, ${APPLIED} as applied,
      ${CREDIT} as credit, ${DISCOUNT} as discount, ${OPEN} as open
    from payment_parts y
      cross join lateral (select * from documents x
        where x.organization_id = y.organization_id and x.id = y.document_id limit 1) d
    where y.organization_id = p.organization_id and y.payment_id = p.id) r), '[]')`;

const REFUNDS = `coalesce((select json_agg(r order by r.created_at) from (
  select e.amount, e.state, e.created_at from refunds e
  where e.organization_id = p.organization_id and e.payment_id = p.id) r), '[]')`;

/** A payment by its id, as its reader may see it. */
export const paymentPage = ({ organization_id }: Actor, id: string): Query<PaymentPage> => ({
  name: 'payment_page',
  text: `select ${COLUMNS}, p.paid_on, p.failure, p.gateway, p.person_id, p.created_at,
      case when p.gateway <> 'recorded' then (select w.name from people w
        where w.organization_id = p.organization_id and w.id = p.person_id) end as payer,
      (select json_build_object('method', m.method, 'brand', m.brand, 'last_four', m.last_four) from payment_methods m
        where m.organization_id = p.organization_id and m.id = p.stored_id) as stored,
      ${PARTS} as parts, ${REFUNDS} as refunds, v.snapshot -> 'from' as from, v.snapshot -> 'to' as to
    from payments p
    cross join ${DOCUMENTS}
    cross join lateral (select x.snapshot from versions x
      where x.organization_id = p.organization_id and x.document_id = d.document_id order by x.version desc limit 1) v
    where p.organization_id = $1 and p.id = $2`,
  values: [organization_id, id],
});
