import type { Actor, Query } from '../../db/scope.js';
import { IN_EFFECT } from '../../documents/budget/budget_classes.js';
import { PROJECT_ID } from '../project_head.js';
import type { BudgetItem } from './budget_item.js';
import { OWN_TIME, type OwnTime } from './own_time.js';

/** What documents come to. Minor units; quantities decimal. `price` and `cost` with what change orders added. */
export interface Figures {
  cost: number;
  price: number;
  offered: number;
  accepted: number;
  invoiced: number;
  ordered: number;
  billed: number;
  /** Approved bills and time. */
  actual: number;
  /** What was ordered, or billed for it if that is more, and bills and time without an order. */
  committed: number;
  /**
   * What is left to invoice of what was agreed, or of the budget where nothing was. Below zero: more is invoiced than
   * was agreed and than the budget has.
   */
  to_invoice: number;
}

/** An item as the page shows it. */
export interface BudgetRow extends BudgetItem, Figures, OwnTime {
  group: string;
  vendor: string | null;
  offered_in: string | null;
  ordered_in: string | null;
  invoiced_quantity: string;
  ordered_quantity: string;
  billed_quantity: string;
  offered_quantity: string;
  accepted_quantity: string;
  /** With what change orders added. */
  full_quantity: string;
  foreign_lines: number;
  converted_lines: number;
}

/** A group with the sums of its items. */
export interface BudgetGroup extends Figures {
  id: string;
  name: string;
  items: number;
  /** How many items have more committed than they may cost, and by how much. */
  over_items: number;
  over: number;
  /** What will be spent: of each item its cost, or what is committed if that is more. */
  expected: number;
}

/** Where less was agreed than the budget has, an invoice for the rest of it takes nothing from what is left. */
const TO_INVOICE = `case when s.accepted <> 0 or s.invoiced <> 0 then greatest(
      coalesce(nullif(s.accepted, 0), i.price + s.changed) - s.invoiced,
      least(0, greatest(s.accepted, i.price + s.changed) - s.invoiced)) else 0 end`;

/** SQL: the items `i` of a budget with their sums; `condition`: which. */
const items = (
  condition: string,
) => `select i.organization_id, i.id, i.project_id, i.group_id, i.position, i.name, i.unit,
    i.quantity, i.unit_cost, i.markup, i.unit_price, i.vendor_id, i.task_id, i.catalog_id, i.added_by,
    i.cost + coalesce(s.changed_cost, 0) as cost, i.price + coalesce(s.changed, 0) as price,
    coalesce(s.offered, 0) as offered, s.offered_in, coalesce(s.accepted, 0) as accepted,
    coalesce(s.invoiced, 0) as invoiced, coalesce(s.invoiced_quantity, 0) as invoiced_quantity,
    coalesce(s.ordered, 0) as ordered, coalesce(s.ordered_quantity, 0) as ordered_quantity, s.ordered_in,
    coalesce(s.billed, 0) as billed, coalesce(s.billed_quantity, 0) as billed_quantity,
    coalesce(s.offered_quantity, 0) as offered_quantity, coalesce(s.accepted_quantity, 0) as accepted_quantity,
    i.quantity + coalesce(s.changed_quantity, 0) as full_quantity,
    coalesce(s.foreign_lines, 0) as foreign_lines, coalesce(s.converted_lines, 0) as converted_lines,
    o.own_minutes, o.own_cost, coalesce(s.actual, 0) + o.own_cost as actual,
    coalesce(greatest(s.ordered, s.billed - s.unordered) + s.unordered, 0) + o.own_cost as committed,
    ${TO_INVOICE} as to_invoice
  from budget_items i
    left join lateral (select s.* from budget_item_sums s
      where s.organization_id = i.organization_id and s.item_id = i.id limit 1) s on true
    cross join lateral (${OWN_TIME}) o
  where i.organization_id = $1 and ${condition} and i.removed_at is null`;

const FIGURES = [
  ...['cost', 'price', 'offered', 'accepted', 'invoiced', 'to_invoice', 'ordered', 'billed', 'actual', 'committed'],
];

/** The groups of the budget of the project with this key, with their sums. */
export const budgetGroups = ({ organization_id }: Actor, key: string): Query<BudgetGroup> => ({
  name: 'budget_groups',
  text: `select g.id, g.name, s.* from budget_groups g
    cross join lateral (
      select ${FIGURES.map((name) => `coalesce(sum(i.${name}), 0)::bigint as ${name}`).join(', ')},
        count(*)::integer as items,
        (count(*) filter (where i.committed > i.cost))::integer as over_items,
        coalesce(sum(i.committed - i.cost) filter (where i.committed > i.cost), 0)::bigint as over,
        coalesce(sum(greatest(i.cost, i.committed)), 0)::bigint as expected
      from (${items('i.group_id = g.id')}) i) s
    where g.organization_id = $1 and g.project_id = ${PROJECT_ID} and g.removed_at is null
    order by g.position limit 500`,
  values: [organization_id, key],
});

/** Above so many items one group is open at a time, unless all are asked for; above that, always. */
const OPEN_ITEMS = 300;
export const MOST_OPEN = 1000;
/** So many of a group are shown, and of all that are over budget. */
const PAGE = 1000;
const MOST_OVER = 200;

/** SQL: whether a group `g` is open, where more than `most` items leave all but one closed. */
const isOpen = (most: number) => `g.place = 1 or (select count(*) from (select from budget_items c
  where c.organization_id = $1 and c.project_id = ${PROJECT_ID} and c.removed_at is null
  limit ${most + 1}) c) <= ${most}`;

const ROW = `i.*, g.name as "group",
  (select n.name from partners n where n.organization_id = i.organization_id and n.id = i.vendor_id) as vendor`;

/**
 * The items of open groups: of all, or in a large budget of `group` or else the first. `open`: all of a budget that
 * isn't too large; `over`: only those over budget, the first ones of all groups or of `group`.
 */
export const budgetItems = (
  { organization_id }: Actor,
  key: string,
  { group, over, open = false }: { group: string | null; over: boolean; open?: boolean },
): Query<BudgetRow> => ({
  name: `budget_items${over ? '_over' : ''}${open ? '_open' : ''}`,
  text: `select ${ROW} from (
      select g.id, g.name, g.position, row_number() over (order by g.id is distinct from $3::uuid, g.position) as place
      from budget_groups g where g.organization_id = $1 and g.project_id = ${PROJECT_ID} and g.removed_at is null) g
    cross join lateral (select * from (${items('i.group_id = g.id')}) i
      ${over ? 'where i.committed > i.cost' : ''} order by i.position limit ${PAGE}) i
    where ${over ? '$3::uuid is null or g.id = $3::uuid' : isOpen(open ? MOST_OPEN : OPEN_ITEMS)}
    order by g.position, i.position ${over ? `limit ${MOST_OVER}` : ''}`,
  values: [organization_id, key, group],
});

/** What was ticked: items, all of some groups, or everything. */
export interface Selection {
  items: string[];
  groups: string[];
  all: boolean;
}

/** So many items a document may be made of: as many as it may have lines. */
export const MOST_CHOSEN = 500;

/** The items that were ticked, in their order; one more than may be chosen. */
export const chosenItems = ({ organization_id }: Actor, key: string, chosen: Selection): Query<BudgetRow> => ({
  name: 'budget_chosen',
  text: `select ${ROW} from budget_groups g
    cross join lateral (${items('i.group_id = g.id')}
      and ($5 or i.group_id = any ($4::uuid[]) or i.id = any ($3::uuid[])) order by i.position) i
    where g.organization_id = $1 and g.project_id = ${PROJECT_ID} and g.removed_at is null
    order by g.position, i.position limit ${MOST_CHOSEN + 1}`,
  values: [organization_id, key, chosen.items, chosen.groups, chosen.all],
});

/** A line of a document in effect that is of no item yet. */
export interface UnplacedLine {
  document_id: string;
  line_id: string;
  type: string;
  number: string | null;
  state: string;
  description: string;
  amount: number;
  currency: string;
}

/** So many of the newest documents are looked through for them. */
const DOCUMENTS_LOOKED_AT = 50;

/** Lines of the project's agreed, ordered, invoiced and billed documents that are in no item; the newest documents'. */
export const unplacedLines = ({ organization_id }: Actor, key: string): Query<UnplacedLine> => ({
  name: 'budget_unplaced',
  text: `select d.id as document_id, l.id as line_id, d.type, d.number, d.state, l.description, l.amount, d.currency
    from (select d.* from documents d where d.organization_id = $1 and d.project_id = ${PROJECT_ID} and (${IN_EFFECT})
        order by d.id desc limit ${DOCUMENTS_LOOKED_AT}) d
      cross join lateral (select l.* from lines l where l.organization_id = d.organization_id and l.document_id = d.id
        and not l.refused and (l.choice = '' or l.picked) order by l.position limit 100) l
    where coalesce((select false from budget_lines b where b.organization_id = d.organization_id
      and b.document_id = d.id and b.line_id = l.id limit 1), true)
    order by d.id desc, l.position limit 50`,
  values: [organization_id, key],
});

/** All items of a budget, in their order. */
export const exportedItems = ({ organization_id }: Actor, key: string): Query<BudgetRow> => ({
  name: 'budget_exported',
  text: `select ${ROW} from budget_groups g cross join lateral (${items('i.group_id = g.id')} order by i.position) i
    where g.organization_id = $1 and g.project_id = ${PROJECT_ID} and g.removed_at is null
    order by g.position, i.position limit 5000`,
  values: [organization_id, key],
});
