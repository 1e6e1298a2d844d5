import type { Knex } from 'knex';
import { send } from '../../db/writing/transaction.js';
import type { Document } from '../content/document.js';
import { AGREED, APPROVED, BILLED, CHANGES, CREDITS, IN_EFFECT, INVOICED, OFFERED, ORDERED } from './budget_classes.js';

type Key = Pick<Document, 'organization_id' | 'id'>;

/**
 * Counts again what documents come to for the items of a project's budget that lines of this one are of. Changes wait
 * for each other at the items: the second one counts what the first has changed.
 */
export const recountBudget = (db: Knex.Transaction, { organization_id, id }: Key): Promise<void> =>
  recount(db, OF_DOCUMENT, [organization_id, id]);

/** The same for one item. */
export const recountItem = (db: Knex.Transaction, { organization_id, id }: Key): Promise<void> =>
  recount(db, OF_ITEM, [organization_id, id]);

/** The same for items with lines in a currency that no rate led to: once there are others, some may be counted. */
export const recountForeign = (db: Knex.Transaction, organization_id: string): Promise<void> =>
  recount(db, OF_FOREIGN, [organization_id]);

async function recount(db: Knex.Transaction, items: string, values: string[]): Promise<void> {
  await send(
    db,
    db.raw(
      `select i.id from (${items}) x join budget_items i on i.organization_id = x.organization_id and i.id = x.id
      order by i.id for no key update of i`,
      values,
    ),
  );
  await send(db, db.raw(COUNT.replace('ITEMS', items), values));
}

const OF_DOCUMENT = `select distinct b.organization_id, b.item_id as id from budget_lines b
  where b.organization_id = ? and b.document_id = ?`;
const OF_ITEM = `select i.organization_id, i.id from budget_items i where i.organization_id = ? and i.id = ?`;

const OF_FOREIGN = `select s.organization_id, s.item_id as id from budget_item_sums s
  where s.organization_id = ? and s.foreign_lines > 0 order by s.item_id limit 1000`;

/** The newest rate from one currency to another, not after the day of the document `d`. */
const rate = (value: string, from: string, to: string) => `(select ${value} from exchange_rates r
    where r.organization_id = d.organization_id and r.from_currency = ${from} and r.to_currency = ${to}
      and r.day <= d.issued_on order by r.day desc, r.id desc limit 1)`;

/** What minor units of `d` are multiplied by for the budget; null: no rate leads there. */
const FACTOR = `case when d.currency = i.currency then 1 else power(10::numeric, i.digits - d.digits)
  * coalesce(${rate('r.rate', 'd.currency', 'i.currency')}, ${rate('1 / r.rate', 'i.currency', 'd.currency')}) end`;

/**
 * Lines of the item that count, `net` of tax, in the budget's currency. `own`: they can be counted. What is not at the
 * item's price changes its amount, not its quantity. A document of another project is none of this budget's.
 */
const LINES = `select d.*, l.quantity, d.factor is not null as own, d.currency <> i.currency as converted, n.net,
    b.moves, case when l.at_price then sign(l.unit_price) * l.quantity else 0 end as moved,
    case when l.at_price then sign(l.unit_price) * l.quantity * i.unit_cost * i.minor
      when i.unit_price <> 0 then n.net * i.unit_cost / i.unit_price else 0 end as cost
  from budget_lines b
    cross join lateral (select d.*, ${FACTOR} as factor from documents d
      where d.organization_id = b.organization_id and d.id = b.document_id limit 1) d
    cross join lateral (select l.*, abs(l.unit_price) = i.unit_price as at_price from lines l
      where l.organization_id = b.organization_id and l.document_id = b.document_id and l.id = b.line_id limit 1) l
    cross join lateral (select round(d.factor
      * case when d.tax_included then round(l.amount / (1 + l.tax_rate / 100)) else l.amount end) as net) n
  where b.organization_id = i.organization_id and b.item_id = i.id
    and (d.project_id is null or d.project_id = i.project_id)
    and not l.refused and (l.choice = '' or l.picked)`;

const sum = (value: string, when: string) => `coalesce(sum(${value}) filter (where own and (${when})), 0)`;

/** Without an agreement that came before it, a change order is one itself, and changes what it is above the budget. */
const changed = (value: string, first: string) => `case when ${sum('1', `${AGREED} and not ${CHANGES}`)} > 0
    then ${sum(value, `${AGREED} and ${CHANGES} and moves`)} else ${first} end`;

/** Of a change order, what it changes in quantity. */
const agreedQuantity = (when: string) => sum(`case when ${CHANGES} then moved else quantity end`, when);

const newest = (when: string) => `(array_agg(d.number order by d.id desc) filter (where ${when}))[1]`;

const NET_CREDITS = `(${INVOICED}) and ${CREDITS}`;

/** What is stored of an item, and how it is counted. */
const SUMS: Readonly<Record<string, string>> = {
  offered: `${sum('net', OFFERED)}::bigint`,
  offered_in: newest(OFFERED),
  offered_quantity: agreedQuantity(OFFERED),
  accepted: `${sum('net', AGREED)}::bigint`,
  accepted_quantity: agreedQuantity(AGREED),
  changed: `(${changed('net', `greatest(0, ${sum('net', `${AGREED} and ${CHANGES}`)} - i.price)`)})::bigint`,
  changed_cost: `round(${changed('cost', '0')})::bigint`,
  changed_quantity: changed('moved', '0'),
  invoiced: `(${sum('net', INVOICED)} - 2 * ${sum('net', NET_CREDITS)})::bigint`,
  invoiced_quantity: `${sum('quantity', INVOICED)} - 2 * ${sum('quantity', NET_CREDITS)}`,
  ordered: `${sum('net', ORDERED)}::bigint`,
  ordered_quantity: sum('quantity', ORDERED),
  ordered_in: newest(ORDERED),
  billed: `${sum('net', BILLED)}::bigint`,
  billed_quantity: sum('quantity', BILLED),
  unordered: `${sum('net', `(${BILLED}) and d.origin_id is null`)}::bigint`,
  actual: `${sum('net', APPROVED)}::bigint`,
  foreign_lines: `(count(*) filter (where not own and (${IN_EFFECT})))::integer`,
  converted_lines: `(count(*) filter (where own and converted and (${IN_EFFECT})))::integer`,
};
const NAMES = Object.keys(SUMS).join(', ');

const COUNT = `insert into budget_item_sums (organization_id, item_id, ${NAMES})
  select i.organization_id, i.id, s.* from (ITEMS) x
    cross join lateral (
      select i.*, p.currency, currency_digits(p.currency) as digits,
        power(10::numeric, currency_digits(p.currency)) as minor
      from budget_items i
        join projects j on j.organization_id = i.organization_id and j.id = i.project_id
        join partners p on p.organization_id = j.organization_id and p.id = j.partner_id
      where i.organization_id = x.organization_id and i.id = x.id limit 1) i
    cross join lateral (select ${Object.values(SUMS).join(',\n      ')} from (${LINES}) d) s
  on conflict (organization_id, item_id) do update set (${NAMES})
    = (${Object.keys(SUMS)
      .map((name) => `excluded.${name}`)
      .join(', ')})`;

/** The lines of a copy are of the same items as those at their places in the document it was made from. */
export const copyBudgetLines = (db: Knex.Transaction, from: Key, copy: string): Promise<void> =>
  send(db, db.raw(COPY, [copy, from.organization_id, from.id]));

const COPY = `insert into budget_lines (organization_id, document_id, line_id, item_id, moves)
  select b.organization_id, n.document_id, n.id, b.item_id, b.moves
  from budget_lines b
    cross join lateral (select l.position from lines l where l.organization_id = b.organization_id
      and l.document_id = b.document_id and l.id = b.line_id limit 1) l
    cross join lateral (select n.document_id, n.id from lines n where n.organization_id = b.organization_id
      and n.document_id = ? and n.position = l.position limit 1) n
  where b.organization_id = ? and b.document_id = ? on conflict do nothing`;
