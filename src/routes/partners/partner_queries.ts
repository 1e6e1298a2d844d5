import type { Actor, Query } from '../../db/scope.js';
import type { PartnerFields } from '../../people/partner.js';
import { DUE } from '../../documents/queries/list_clauses.js';
import { LISTED, type ListedDocument, PAGE_SIZE, pattern } from '../../documents/queries/list.js';
import { BALANCE, type Balance, FEED, type FeedRow, OWED } from '../home/home_queries.js';

/** A partner as a line of the list. Amounts in minor units of its currency. */
export interface ListedPartner {
  id: string;
  name: string;
  is_customer: boolean;
  is_vendor: boolean;
  currency: string;
  contacts: number;
  open: number;
  overdue: number;
  latest: Date | null;
}

export type PartnerRow = PartnerFields & { id: string };

export interface ContactRow {
  id: string;
  name: string;
  email: string;
  title: string;
  locale: string;
  time_zone: string;
  bounced_at: Date | null;
  guest: boolean;
  /** Further addresses that staff have confirmed as theirs. */
  addresses: string[];
}

/** The filters of a list of partners, null for none. `after` is the last partner of the page before. */
export interface PartnerFilter {
  kind: 'customer' | 'vendor' | null;
  words: string[] | null;
  after: string | null;
}

const COLUMNS = `p.id, p.name, p.is_customer, p.is_vendor, p.currency,
  (select count(*) from people s where s.organization_id = p.organization_id and s.partner_id = p.id and s.removed_at is null) as contacts,
  coalesce((select sum(e.amount) from ledger_entries e
    where e.organization_id = p.organization_id and e.partner_id = p.id and e.currency = p.currency), 0)::bigint as open,
  coalesce((select sum(e.amount) from documents d join ledger_entries e on e.organization_id = d.organization_id and e.document_id = d.id
    where d.organization_id = p.organization_id and d.partner_id = p.id and d.currency = p.currency and (${OWED})
      and ${DUE} < $2), 0)::bigint as overdue,
  (select a.created_at from activities a where a.organization_id = p.organization_id and a.partner_id = p.id order by a.id desc limit 1) as latest`;

/** One page of partners by name. One more than fits says that there is a next page. */
export function partnerList(
  { organization_id }: Actor,
  { kind, words, after }: PartnerFilter,
  day: string,
): Query<ListedPartner> {
  const values: unknown[] = [organization_id, day];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const clauses = ['p.organization_id = $1'];
  if (kind) clauses.push(kind === 'customer' ? 'p.is_customer' : 'p.is_vendor');
  if (words) clauses.push(`concat_ws(' ', p.name, p.email) ilike all (${parameter(words.map(pattern))}::text[])`);
  if (after) {
    const id = parameter(after);
    const last = `(select name_key from partners where organization_id = $1 and id = ${id})`;
    clauses.push(`(p.name_key, p.id) > (${last}, ${id}::uuid)`);
  }
  return {
    name: `partners_${kind ?? ''}_${words ? 'q' : ''}${after ? 'a' : ''}`,
    text: `select ${COLUMNS} from partners p where ${clauses.join(' and ')}
      order by p.name_key, p.id limit ${PAGE_SIZE + 1}`,
    values,
  };
}

const PARTNER =
  'id, name, is_customer, is_vendor, email, address, tax_number, currency, locale, terms_days, tolerance_percent::text';
const CONTACTS = `select id, name, email, title, locale, time_zone, bounced_at, guest,
  array(select x.email from person_addresses x where x.organization_id = people.organization_id and x.person_id = people.id order by x.email) as addresses from people where organization_id = $1 and partner_id = $2 and removed_at is null`;

/** A partner and its contacts. */
export const partnerAndContacts = ({ organization_id }: Actor, id: string): [Query<PartnerRow>, Query<ContactRow>] => [
  {
    name: 'partner',
    text: `select ${PARTNER} from partners where organization_id = $1 and id = $2`,
    values: [organization_id, id],
  },
  { name: 'contacts', text: `${CONTACTS} order by id limit 200`, values: [organization_id, id] },
];

export type PartnerPage = [
  Query<PartnerRow>,
  Query<ContactRow>,
  documents: Query<ListedDocument>,
  balances: Query<Balance>,
  latest: Query<FeedRow>,
];

/** A partner's page at the desk, in one round trip. */
export function partnerPage(actor: Actor, id: string): PartnerPage {
  const values = [actor.organization_id, id];
  return [
    ...partnerAndContacts(actor, id),
    {
      name: 'partner_documents',
      text: `select ${LISTED} where d.organization_id = $1 and d.partner_id = $2 order by d.id desc limit 20`,
      values,
    },
    { name: 'partner_balance', text: BALANCE, values },
    {
      name: 'partner_latest',
      text: `select ${FEED} where a.organization_id = $1 and a.partner_id = $2 and a.action not in ('start', 'edit', 'detach') order by a.id desc limit 15`,
      values,
    },
  ];
}
