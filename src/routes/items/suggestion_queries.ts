import type { Actor, Query } from '../../db/scope.js';
import { type DocumentType, types } from '../../document_types/index.js';
import { isOneOf } from '../../document_types/type_sql.js';
import { finds } from '../../db/planner.js';
import { wordSearch } from '../../documents/queries/word_search.js';
import { itemsWith } from './item_queries.js';

/** A line that the partner got, or sent, before. */
interface EarlierPrice {
  unit_price: string;
  number: string;
  issued_on: string;
}

/** An item that a line may be of. Prices are decimals in the line's currency. */
export interface SuggestedItem {
  id: string;
  name: string;
  code: string;
  description: string;
  unit: string;
  group_name: string;
  tax_series: string[] | null;
  /** In the organization's currency. */
  cost: string | null;
  price: string | null;
  /** What this vendor calls it and charges; null: it is not known to sell it. */
  vendor: { code: string; price: string | null } | null;
  last: EarlierPrice | null;
}

/** An earlier line of the partner that is of no item. */
export type EarlierLine = EarlierPrice & { description: string; unit: string };

interface Suggesting {
  words: string[];
  type: DocumentType;
  /** Null: nobody in particular. */
  partner_id: string | null;
  currency: string;
}

const MOST_ITEMS = 8;
const MOST_LINES = 6;
/** So many of the partner's newest documents are looked through. */
const MOST_DOCUMENTS = 30;

const sameSide = ({ partner }: DocumentType) =>
  isOneOf(
    'd.type',
    types.filter((type) => type.partner === partner),
  );

/** SQL: the last line of the item that this partner had in this currency. $2: the partner, $3: the currency. */
const lastPrice = (type: DocumentType) => `(select json_build_object('unit_price', l.unit_price::text,
    'number', d.number, 'issued_on', d.issued_on)
  from (select u.document_id, u.line_id from item_lines u where u.organization_id = $1 and u.item_id = i.id
      and u.partner_id = $2 order by u.document_id desc limit 10) u
    cross join lateral (select d.number, d.issued_on from documents d where d.organization_id = $1
      and d.id = u.document_id and d.number is not null and d.currency = $3 and ${sameSide(type)} limit 1) d
    cross join lateral (select l.unit_price from lines l where l.organization_id = $1
      and l.document_id = u.document_id and l.id = u.line_id limit 1) l
  order by u.document_id desc limit 1)`;

/** The items with all of these words, by name. */
export function suggestedItems({ organization_id }: Actor, asked: Suggesting): Query<SuggestedItem> {
  const { words, type, partner_id, currency } = asked;
  const values: unknown[] = [organization_id, partner_id, currency];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const found = words.map((word) => itemsWith(parameter, word));
  const { with: counted, rare, common } = wordSearch(found, { id: 'i.id', in: 'w.item_id' });
  const order = `order by i.name_key, i.id limit ${MOST_ITEMS}`;
  const page = (more: string) =>
    `(select * from items i where i.organization_id = $1 and i.archived = false and ${more} ${order})`;
  return {
    name: `suggested_items_${type.partner}_${words.length}`,
    text: `${counted} select i.id, i.name, i.code, i.description, i.unit, i.group_name, i.tax_series,
        i.cost::text as cost,
        (select x.price::text from item_prices x
          where x.organization_id = $1 and x.item_id = i.id and x.currency = $3) as price,
        (select json_build_object('code', v.code, 'price', case when v.currency = $3 then v.price::text end)
          from item_vendors v where v.organization_id = $1 and v.item_id = i.id and v.partner_id = $2) as vendor,
        ${lastPrice(type)} as last
      from (${page(rare)} union all ${page(common)}) i ${order}`,
    values,
  };
}

/** The partner's newest lines with all of these words that are of no item. */
export function earlierLines({ organization_id }: Actor, asked: Suggesting): Query<EarlierLine> {
  const { words, type, partner_id, currency } = asked;
  const values: unknown[] = [organization_id, partner_id, currency, ...words];
  const holds = words.map((_, n) => `strpos(folded(left(l.description, 300)), $${n + 4}) > 0`).join(' and ');
  return {
    name: `earlier_lines_${type.partner}_${words.length}`,
    text: `select l.description, l.unit, l.unit_price::text as unit_price, d.number, d.issued_on
      from (select * from documents d where d.organization_id = $1 and d.partner_id = $2
          order by d.id desc limit ${MOST_DOCUMENTS}) d
        cross join lateral (select * from (select * from lines l where l.organization_id = $1 and l.document_id = d.id
            order by l.position limit 40) l where ${holds}) l
      where d.number is not null and d.currency = $3 and ${sameSide(type)}
        and not ${finds('item_lines u where u.organization_id = $1 and u.document_id = d.id and u.line_id = l.id')}
      order by d.id desc, l.position limit ${MOST_LINES}`,
    values,
  };
}
