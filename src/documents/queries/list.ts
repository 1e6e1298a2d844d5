import type { Actor, Query } from '../../db/scope.js';
import { finds } from '../../db/planner.js';
import type { DocumentType } from '../../document_types/index.js';
import { orderTypes, typesThatOwe } from '../../document_types/relations.js';
import { isOneOf, quotedNames } from '../../document_types/type_sql.js';
import { type FilterSql, filterSql, type ListFilter, SORTS } from './list_clauses.js';
import { wordSearch } from './word_search.js';
import { COUNTED, LEFT, OPEN, PAYING } from '../content/sums.js';

export { type ListFilter, searchWords } from './list_clauses.js';

export const PAGE_SIZE = 50;

/** A row of a list. Amounts in minor units, days as ISO 8601. */
export interface ListedDocument {
  id: string;
  type: string;
  number: string | null;
  state: string;
  title: string;
  reference: string;
  issued_on: string;
  due_on: string | null;
  currency: string;
  total: number;
  open: number;
  /** Of an order: what is not billed or invoiced yet, before tax, and the number of its bills or invoices. */
  left: number;
  counted: number;
  paying: boolean;
  /** Null for a request for proposal. */
  partner: string | null;
  project: string | null;
  started_by: 'staff' | 'partner';
  pay_on: string | null;
  changes_proposed: boolean;
  promised_on: string | null;
  disputed_on: string | null;
  /** For staff: it is to be paid to bank details that are a few days old. */
  bank_changed: boolean;
}

// Row security shows the activity to staff alone.
const BANK_CHANGED = `case when ${isOneOf('d.type', typesThatOwe('payable'))} then ${finds(`activities a
    where a.organization_id = d.organization_id and a.partner_id = d.partner_id
      and a.action in ('change_bank_account', 'remove_bank_account', 'ask_bank_change')
      and a.action <> 'ask_bank_change' and a.created_at > app_now() - interval '7 days'`)} else false end`;

/**
 * The columns of `ListedDocument`, for documents `d`. What belongs to a document is looked up in the select list, for
 * the rows that are shown: joined, the planner might read all partners for it.
 */
export const LISTED_COLUMNS = `d.id, d.type, d.number, d.state, d.title, d.reference, d.issued_on, d.due_on,
  d.currency, d.total, d.started_by, d.pay_on, d.promised_on, d.disputed_on,
  d.proposed is not null as changes_proposed,
  (select p.name from partners p where p.organization_id = d.organization_id and p.id = d.partner_id) as partner,
  ${OPEN} as open, ${LEFT} as left,
  case when ${isOneOf('d.type', orderTypes)}
    then (select count(*) from documents m where ${COUNTED}) else 0 end::int as counted,
  (select j.key || ' · ' || j.name from projects j
    where j.organization_id = d.organization_id and j.id = d.project_id) as project,
  ${PAYING} as paying, ${BANK_CHANGED} as bank_changed`;

export const LISTED = `${LISTED_COLUMNS} from documents d`;

/** A page of a filtered and sorted list of these types, and one more row to tell whether there is a next page. */
export function documentList(
  actor: Actor,
  types: DocumentType[],
  filter: ListFilter,
  today: string,
  size = PAGE_SIZE,
): Query<ListedDocument> {
  const sql = filterSql(actor, types, filter, today);
  const { by, down } = SORTS[filter.sort];
  const direction = down === filter.turned ? 'asc' : 'desc';
  const order = by === 'd.id' ? `d.id ${direction}` : `${by} ${direction}, d.id ${direction}`;
  const page = `order by ${order} limit ${size + 1}`;
  return {
    name: `list_${sql.keys}_${filter.sort}_${direction}_${size}`,
    text: sql.words.length
      ? searched(sql, filter, direction, page)
      : `select ${LISTED_COLUMNS} from (${inOrder(sql, page)}) d ${page}`,
    values: sql.values,
  };
}

function searched(sql: FilterSql, filter: ListFilter, direction: string, page: string): string {
  const { with: counted, found, common, leads } = wordSearch(sql.words, { id: 'd.id', in: 'w.subject_id' });
  const walks =
    filter.sort === 'newest'
      ? sql.words.map((word, i) => byBlocks(sql, { word, ...leads[i] }, filter, direction, page))
      : [inOrder(sql, page, common)];
  const ways = [lookedUp(sql, found, filter, direction, page), ...walks].map((way) => `(${way})`).join(' union all ');
  return `${counted} select ${LISTED_COLUMNS} from (${ways}) d ${page}`;
}

/** Those that hold a rare word, by their keys; the newest first, if they are wanted, until there is a page. */
function lookedUp(
  { where, kinds }: FilterSql,
  { ids, other }: { ids: string; other: string },
  { sort }: ListFilter,
  direction: string,
  page: string,
): string {
  return `select d.* from (select distinct id from unnest(${ids}) id order by id ${direction}) f
    cross join lateral (
      select * from documents d where d.id = f.id and ${where} and ${kinds} and ${other} limit 1) d
    ${sort === 'newest' ? `order by f.id ${direction} ${limitOf(page)}` : page}`;
}

const limitOf = (page: string) => page.slice(page.indexOf('limit'));

/**
 * The newest that hold a frequent word, wherever they are: block after block of the words, in the order of their ids,
 * until there is a page. `leads`: whether this word is the one to go by; `others`: the condition on the other words.
 */
function byBlocks(
  { where, kinds, values }: FilterSql,
  { word, leads = 'false', others = 'true' }: { word: string; leads?: string; others?: string },
  { after }: ListFilter,
  direction: string,
  page: string,
): string {
  const from = after && direction === 'desc' ? `and b.id <= $${values.length}` : '';
  const order = `order by block_id ${direction}, subject_id ${direction}`;
  return `select d.* from (
      select distinct b.id as block_id, w.subject_id
      from (
          select b.id from word_blocks b where b.organization_id = $1 and ${leads} ${from} order by b.id ${direction}) b
        cross join lateral (${word} and w.block_id = b.id offset 0) w
      ${order}) w
    cross join lateral (
      select * from documents d where d.id = w.subject_id and ${where} and ${kinds} and ${others} limit 1) d
    ${order} ${limitOf(page)}`;
}

/** A page, sorted. */
const filtered = ({ where, kinds }: FilterSql, page: string, more = 'true') =>
  `select * from documents d where ${where} and ${kinds} and ${more} ${page}`;

/** The same in the order of an index, which ends with the page; of what it doesn't sort together, a page of each. */
const inOrder = (sql: FilterSql, page: string, more = 'true') =>
  sql.split
    ? `select d.* from ${sql.split.rows}
        cross join lateral (${filtered({ ...sql, kinds: sql.split.where }, page, more)}) d ${page}`
    : filtered(sql, page, more);

const MAX_COUNT = 100;

/** The number of documents in these states; counts up to 100. */
export function countOf(actor: Actor, type: DocumentType, states: readonly string[]): Query<{ n: number }> {
  const partner = actor.side === 'partner';
  return {
    name: `count_${type.name}_${partner ? 'p' : 's'}`,
    text: `select count(*)::int as n from (
      select from documents d where d.organization_id = $1 and d.type = $2 and d.state in (${quotedNames(states)})
      ${partner ? 'and d.partner_id = $3' : ''} limit ${MAX_COUNT}) c`,
    values: [actor.organization_id, type.name, ...(partner ? [actor.partner_id] : [])],
  };
}
