import type { Actor, Query } from '../../db/scope.js';
import type { PartnerFields } from '../../people/partner.js';
import { LISTED, type ListedDocument, PAGE_SIZE } from '../../documents/queries/list.js';
import { wordSearch } from '../../documents/queries/word_search.js';
import { type TaxRate, taxRates } from '../../documents/taxes/tax_rates.js';
import { BALANCE, type Balance, balancesOf, OVERDUE } from '../../payments/ledger/balances.js';
import type { StoredMethodRow } from '../../payments/methods/stored_methods.js';
import { type ContactState, LAST_INVITATION, STATE_COLUMNS } from '../colleagues/contact_queries.js';
import { FEED, type FeedRow } from '../home/home_queries.js';
import { FEW } from '../shared_files/files_view.js';
import { sharedFileList, type SharedFileRow } from '../shared_files/folder_queries.js';

/** A partner as a line of the list. Amounts in minor units of its currency. */
export interface ListedPartner {
  id: string;
  name: string;
  is_customer: boolean;
  is_vendor: boolean;
  archived: boolean;
  currency: string;
  contacts: number;
  open: number;
  overdue: number;
  latest: Date | null;
}

export type PartnerRow = PartnerFields & {
  id: string;
  /** Payment reminders were stopped. */
  reminders_stopped_at: Date | null;
  reminders_stopped_by: string | null;
  /** What late payment costs it: null as all customers, or `own`, or `none`. */
  late_charges: 'own' | 'none' | null;
  /** Series of the taxes that it pays; null: nobody has said yet. */
  tax_series: string[] | null;
  /** Of those that it charges. */
  vendor_tax_series: string[] | null;
  archived: boolean;
  bank_debit_allowed: boolean;
  /** What they stored at the organization's gateway, the default first. */
  stored_methods: Pick<StoredMethodRow, 'method' | 'brand' | 'last_four'>[];
};

export interface ContactRow extends ContactState {
  id: string;
  name: string;
  email: string;
  title: string;
  photo_sha256: string | null;
  locale: string;
  time_zone: string;
  /** Further addresses that staff have confirmed as theirs. */
  addresses: string[];
}

/** The filters of a list of partners, null for none. `after` is the last partner of the page before. */
export interface PartnerFilter {
  kind: 'customer' | 'vendor' | null;
  /** Those that were archived, instead of the others; null: all. */
  archived?: boolean | null;
  words: string[] | null;
  after: string | null;
}

const COLUMNS = `p.id, p.name, p.is_customer, p.is_vendor, p.archived_at is not null as archived, p.currency,
  (select count(*) from people s where s.organization_id = p.organization_id and s.partner_id = p.id and s.removed_at is null) as contacts,
  ${BALANCE} as open, ${OVERDUE} as overdue,
  (select a.created_at from activities a where a.organization_id = p.organization_id and a.partner_id = p.id order by a.id desc limit 1) as latest`;

/** One page of partners by name. One more than fits says that there is a next page. */
export function partnerList(
  { organization_id }: Actor,
  { kind, words, after, archived = false }: PartnerFilter,
  day: string,
  size = PAGE_SIZE,
): Query<ListedPartner> {
  const page = pageOf(size);
  const values: unknown[] = [organization_id, day];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const clauses = ['p.organization_id = $1'];
  if (archived !== null) clauses.push(`p.archived_at is ${archived ? 'not null' : 'null'}`);
  if (kind && !archived) clauses.push(kind === 'customer' ? 'p.is_customer' : 'p.is_vendor');
  if (after) {
    const id = parameter(after);
    const last = `(select name_key from partners where organization_id = $1 and id = ${id})`;
    clauses.push(`(p.name_key, p.id) > (${last}, ${id}::uuid)`);
  }
  const found = (words ?? []).map((word) => wordOf(word.toLowerCase(), parameter));
  return {
    name: `partners_${archived === null ? 'all' : archived ? 'archived' : ''}${kind ?? ''}_${found.length}${after ? 'a' : ''}_${size}`,
    text: found.length
      ? searched(clauses.join(' and '), found, page)
      : `select ${COLUMNS} from partners p where ${clauses.join(' and ')} ${page}`,
    values,
  };
}

const pageOf = (size: number) => `order by p.name_key, p.id limit ${size + 1}`;

/** SQL: partners with a word of this prefix in their name or address. */
const wordOf = (word: string, parameter: (value: unknown) => string) => `select w.partner_id from partner_words w
  where w.organization_id = $1 and w.word >= ${parameter(word)} and w.word < ${parameter(`${word}\u{10ffff}`)}`;

function searched(where: string, words: string[], limit: string): string {
  const { with: counted, rare, common } = wordSearch(words, { id: 'p.id', in: 'w.partner_id' });
  const page = (more: string) => `(select * from partners p where ${where} and ${more} ${limit})`;
  return `${counted} select ${COLUMNS} from (${page(rare)} union all ${page(common)}) p ${limit}`;
}

const PARTNER = `id, name, is_customer, is_vendor, archived_at is not null as archived, email, address, tax_number, currency, locale, terms_days, tolerance_percent::text,
  discount_percent::text, discount_days, debtor_number, creditor_number,
  reminders_stopped_at, (select s.name from people s where s.organization_id = partners.organization_id
    and s.id = partners.reminders_stopped_by) as reminders_stopped_by, late_charges,
    tax_series, vendor_tax_series, bank_debit_allowed,
  coalesce((select json_agg(m) from (select x.method, x.brand, x.last_four from payment_methods x
    where x.organization_id = partners.organization_id and x.partner_id = partners.id and x.removed_at is null
    order by x.is_default desc, x.id desc limit 5) m), '[]') as stored_methods`;
const CONTACTS = `select people.id, name, email, title, photo_sha256, locale, time_zone, ${STATE_COLUMNS},
  array(select x.email from person_addresses x where x.organization_id = people.organization_id and x.person_id = people.id order by x.email) as addresses
  from people ${LAST_INVITATION} where people.organization_id = $1 and people.partner_id = $2 and removed_at is null`;

/** A partner and its contacts. */
export const partnerAndContacts = ({ organization_id }: Actor, id: string): [Query<PartnerRow>, Query<ContactRow>] => [
  {
    name: 'partner',
    text: `select ${PARTNER} from partners where organization_id = $1 and id = $2`,
    values: [organization_id, id],
  },
  { name: 'contacts', text: `${CONTACTS} order by people.id limit 200`, values: [organization_id, id] },
];

export type PartnerPage = [
  Query<PartnerRow>,
  Query<ContactRow>,
  documents: Query<ListedDocument>,
  balances: Query<Balance>,
  latest: Query<FeedRow>,
  taxes: Query<TaxRate>,
  shared: Query<SharedFileRow>,
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
    balancesOf(actor, id),
    {
      name: 'partner_latest',
      text: `select ${FEED} where a.organization_id = $1 and a.partner_id = $2 and a.action not in ('start', 'edit', 'detach') order by a.id desc limit 15`,
      values,
    },
    taxRates(actor),
    sharedFileList(actor, id, FEW),
  ];
}
