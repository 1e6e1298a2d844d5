import type { Actor, Query } from '../../db/scope.js';
import type { ItemFields, ItemPrice, ItemVendor } from '../../documents/items/item.js';
import { PAGE_SIZE } from '../../documents/queries/list.js';
import { wordSearch } from '../../documents/queries/word_search.js';

/** An item as a line of the list. Prices and cost are decimals. */
export interface ListedItem {
  id: string;
  code: string;
  name: string;
  unit: string;
  group_name: string;
  cost: string | null;
  picture_sha256: string | null;
  archived: boolean;
  prices: ItemPrice[];
}

export const ITEM_SORTS = ['name', 'code'] as const;

/** The filters of the list, null for none. `after`: the last item of the page before. */
export interface ItemFilter {
  archived: boolean;
  group: string | null;
  words: string[] | null;
  sort: (typeof ITEM_SORTS)[number];
  turned: boolean;
  after: string | null;
}

// Whether decimals come as text depends on what reads them: here they are text.
const PRICES = `coalesce((select json_agg(json_build_object('currency', x.currency, 'price', x.price::text)
  order by x.currency) from item_prices x where x.organization_id = i.organization_id and x.item_id = i.id), '[]')`;
const LISTED = `i.id, i.code, i.name, i.unit, i.group_name, i.cost::text as cost, i.picture_sha256, i.archived,
  ${PRICES} as prices`;

/** One page of items, and one more row to tell whether there is a next page. */
export function itemList({ organization_id }: Actor, filter: ItemFilter, size = PAGE_SIZE): Query<ListedItem> {
  const { archived, group, words, sort, turned, after } = filter;
  const values: unknown[] = [organization_id];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const key = `i.${sort}_key`;
  const clauses = ['i.organization_id = $1', `i.archived = ${archived}`];
  if (group !== null) clauses.push(`i.group_name = ${parameter(group)}`);
  if (after) {
    const id = parameter(after);
    const last = `(select ${sort}_key from items where organization_id = $1 and id = ${id})`;
    clauses.push(`(${key}, i.id) ${turned ? '<' : '>'} (${last}, ${id}::uuid)`);
  }
  const found = (words ?? []).map((word) => itemsWith(parameter, word));
  const direction = turned ? 'desc' : 'asc';
  const order = `order by ${key} ${direction}, i.id ${direction} limit ${size + 1}`;
  const name = [sort, direction, archived ? 'r' : '', group === null ? '' : 'g', found.length, after ? 'a' : '', size];
  return { name: `items_${name.join('_')}`, text: listText(clauses.join(' and '), found, order), values };
}

function listText(where: string, words: string[], order: string): string {
  if (!words.length) return `select ${LISTED} from items i where ${where} ${order}`;
  const { with: counted, rare, common } = wordSearch(words, { id: 'i.id', in: 'w.item_id' });
  const page = (more: string) => `(select * from items i where ${where} and ${more} ${order})`;
  return `${counted} select ${LISTED} from (${page(rare)} union all ${page(common)}) i ${order}`;
}

/** SQL: the items that a word of this beginning finds. */
export const itemsWith = (parameter: (value: unknown) => string, word: string) => `select w.item_id from item_words w
  where w.organization_id = $1 and w.word >= ${parameter(word)} and w.word < ${parameter(`${word}\u{10ffff}`)}`;

const MOST_GROUPS = 100;

/** The groups that items are in, each looked up by the one before it. */
export const itemGroups = ({ organization_id }: Actor): Query<{ name: string }> => ({
  name: 'item_groups',
  text: `with recursive g (name, n) as (
      (select i.group_name, 1 from items i where i.organization_id = $1 and not i.archived and i.group_name > ''
        order by i.group_name limit 1)
      union all
      select next.group_name, g.n + 1 from g cross join lateral (
        select i.group_name from items i where i.organization_id = $1 and not i.archived and i.group_name > g.name
        order by i.group_name limit 1) next
      where g.n < ${MOST_GROUPS})
    select name from g`,
  values: [organization_id],
});

/** An item with all that its form has, and who added it. */
export type ItemRow = Omit<ItemFields, 'vendors'> & {
  id: string;
  picture_sha256: string | null;
  archived_at: Date | null;
  created_at: Date;
  added_by: string;
  vendors: (ItemVendor & { name: string })[];
};

const VENDORS = `coalesce((select json_agg(json_build_object('partner_id', v.partner_id, 'code', v.code,
    'currency', v.currency, 'price', v.price::text, 'name', p.name) order by p.name, p.id)
  from item_vendors v cross join lateral (select p.id, p.name from partners p
    where p.organization_id = v.organization_id and p.id = v.partner_id limit 1) p
  where v.organization_id = i.organization_id and v.item_id = i.id), '[]')`;

export const itemById = ({ organization_id }: Actor, id: string): Query<ItemRow> => ({
  name: 'item',
  text: `select i.id, i.code, i.name, i.description, i.unit, i.group_name, i.cost::text as cost, i.tax_series,
      i.picture_sha256, i.archived_at, i.created_at, ${PRICES} as prices, ${VENDORS} as vendors,
      (select s.name from people s where s.organization_id = i.organization_id and s.id = i.created_by) as added_by
    from items i where i.organization_id = $1 and i.id = $2`,
  values: [organization_id, id],
});

/** A line of a document that is of the item. Amounts in minor units. */
export interface ItemUse {
  document_id: string;
  type: string;
  number: string | null;
  state: string;
  title: string;
  partner: string | null;
  issued_on: string;
  currency: string;
  quantity: string;
  unit: string;
  unit_price: string;
  amount: number;
}

/** So many of its newest lines are listed and added up. */
export const MOST_USES = 200;

/** Where an item was sold and bought, the newest first. */
export const itemUses = ({ organization_id }: Actor, id: string): Query<ItemUse> => ({
  name: 'item_uses',
  text: `select u.document_id, d.type, d.number, d.state, d.title, d.issued_on, d.currency,
      l.quantity::text as quantity, l.unit, l.unit_price::text as unit_price, l.amount,
      (select p.name from partners p where p.organization_id = $1 and p.id = d.partner_id) as partner
    from (select * from item_lines u where u.organization_id = $1 and u.item_id = $2
        order by u.document_id desc limit ${MOST_USES}) u
      cross join lateral (select * from documents d where d.organization_id = $1 and d.id = u.document_id limit 1) d
      cross join lateral (select * from lines l where l.organization_id = $1 and l.document_id = u.document_id
        and l.id = u.line_id limit 1) l
    order by u.document_id desc, l.position`,
  values: [organization_id, id],
});

const MOST_VENDORS = 500;

/** The vendors that an item may be bought from. */
export const itemVendorChoices = ({
  organization_id,
}: Actor): Query<{ id: string; name: string; currency: string }> => ({
  name: 'item_vendor_choices',
  text: `select id, name, currency from partners where organization_id = $1 and is_vendor and archived_at is null
    order by name_key, id limit ${MOST_VENDORS}`,
  values: [organization_id],
});
