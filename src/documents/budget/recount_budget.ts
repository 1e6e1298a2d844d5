import type { Knex } from 'knex';
import { send } from '../../db/writing/transaction.js';
import type { Document } from '../content/document.js';
import { AGREED, APPROVED, BILLED, CHANGES, CREDITS, INVOICED, OFFERED, ORDERED } from './budget_classes.js';

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

/** Lines of the item that count, `net` of tax. A document of another project is none of this budget's. */
const LINES = `select d.*, l.quantity,
    case when d.tax_included then round(l.amount / (1 + l.tax_rate / 100)) else l.amount end as net,
    sign(l.unit_price) * l.quantity * i.unit_cost * i.minor as cost
  from budget_lines b
    cross join lateral (select d.* from documents d
      where d.organization_id = b.organization_id and d.id = b.document_id limit 1) d
    cross join lateral (select l.* from lines l where l.organization_id = b.organization_id
      and l.document_id = b.document_id and l.id = b.line_id limit 1) l
  where b.organization_id = i.organization_id and b.item_id = i.id
    and (d.project_id is null or d.project_id = i.project_id)
    and not l.refused and (l.choice = '' or l.picked)`;

const sum = (value: string, when: string) => `coalesce(sum(${value}) filter (where own and (${when})), 0)`;

/** Without an agreement that came before it, a change order is one itself, and changes what it is above the budget. */
const changed = (value: string, first: string) =>
  `case when ${sum('1', `${AGREED} and not ${CHANGES}`)} > 0 then ${sum(value, `${AGREED} and ${CHANGES}`)} else ${first} end`;

const newest = (when: string) => `(array_agg(d.number order by d.id desc) filter (where ${when}))[1]`;

const COUNT = `insert into budget_item_sums (organization_id, item_id, offered, offered_in, accepted, changed, changed_cost,
    invoiced, invoiced_quantity, ordered, ordered_quantity, ordered_in, billed, billed_quantity, actual, foreign_lines)
  select i.organization_id, i.id, s.* from (ITEMS) x
    cross join lateral (
      select i.*, p.currency, power(10, currency_digits(p.currency)) as minor from budget_items i
        join projects j on j.organization_id = i.organization_id and j.id = i.project_id
        join partners p on p.organization_id = j.organization_id and p.id = j.partner_id
      where i.organization_id = x.organization_id and i.id = x.id limit 1) i
    cross join lateral (
      select ${sum('net', OFFERED)}::bigint, ${newest(OFFERED)}, ${sum('net', AGREED)}::bigint,
        (${changed('net', `greatest(0, ${sum('net', `${AGREED} and ${CHANGES}`)} - i.price)`)})::bigint,
        round(${changed('cost', '0')})::bigint,
        (${sum('net', INVOICED)} - 2 * ${sum('net', `(${INVOICED}) and ${CREDITS}`)})::bigint,
        ${sum('quantity', INVOICED)} - 2 * ${sum('quantity', `(${INVOICED}) and ${CREDITS}`)},
        ${sum('net', ORDERED)}::bigint, ${sum('quantity', ORDERED)}, ${newest(ORDERED)},
        ${sum('net', BILLED)}::bigint, ${sum('quantity', BILLED)}, ${sum('net', APPROVED)}::bigint,
        (count(*) filter (where not own and d.state <> 'draft' and d.state <> 'discarded'))::integer
      from (select d.*, d.currency = i.currency as own from (${LINES}) d) d) s
  on conflict (organization_id, item_id) do update set (offered, offered_in, accepted, changed, changed_cost, invoiced,
      invoiced_quantity, ordered, ordered_quantity, ordered_in, billed, billed_quantity, actual, foreign_lines)
    = (excluded.offered, excluded.offered_in, excluded.accepted, excluded.changed, excluded.changed_cost,
      excluded.invoiced, excluded.invoiced_quantity, excluded.ordered, excluded.ordered_quantity, excluded.ordered_in,
      excluded.billed, excluded.billed_quantity, excluded.actual, excluded.foreign_lines)`;

/** The lines of a copy are of the same items as those at their places in the document it was made from. */
export const copyBudgetLines = (db: Knex.Transaction, from: Key, copy: string): Promise<void> =>
  send(db, db.raw(COPY, [copy, from.organization_id, from.id]));

const COPY = `insert into budget_lines (organization_id, document_id, line_id, item_id)
  select b.organization_id, n.document_id, n.id, b.item_id
  from budget_lines b
    cross join lateral (select l.position from lines l where l.organization_id = b.organization_id
      and l.document_id = b.document_id and l.id = b.line_id limit 1) l
    cross join lateral (select n.document_id, n.id from lines n where n.organization_id = b.organization_id
      and n.document_id = ? and n.position = l.position limit 1) n
  where b.organization_id = ? and b.document_id = ? on conflict do nothing`;
