import type { I18n } from '../../../documents/queries/sheet.js';
import type { BudgetGroup, BudgetRow } from '../../../projects/budget/budget_rows.js';
import { type Cells, cellsOf } from './budget_cells.js';
import type { BudgetRequest } from './budget_request.js';
import { type BudgetTotals, shareIn } from './budget_summary.js';

/** A row of the table: an item, a group or the sum of all. */
export interface BudgetLine {
  id: string;
  name: string;
  /** Its form, or of a closed group the page that opens it; null: it has none. */
  url: string | null;
  /** "Northern Timber · PO-0017" */
  sub: string;
  cost: string;
  markup: string;
  price: string;
  cells: Cells;
  chosen: boolean;
}

export interface GroupRows extends BudgetLine {
  /** Its items are not shown, since the budget is large; their number. */
  closed: number | null;
  edited: boolean;
  items: (BudgetLine & { edited: boolean })[];
  add_url: string;
  /** An item is being added. */
  adding: boolean;
}

interface TableContext {
  currency: string;
  i18n: I18n;
  /** '/harbor/projects/MAPLE/budget' */
  url: string;
  request: BudgetRequest;
}

/** The groups of the table with those of their items that are shown. */
export const groupRows = (groups: BudgetGroup[], rows: BudgetRow[], context: TableContext): GroupRows[] =>
  groups
    .map((group) => {
      const items = rows.filter(({ group_id }) => group_id === group.id);
      const { request, url } = context;
      const all = request.over ? group.over_items : group.items;
      const closed = all > 0 && !items.length ? all : null;
      return {
        ...lineOf(group, context),
        ...{ url: groupUrl(group, closed, context), closed, sub: '' },
        chosen: request.chosen.all || request.chosen.groups.includes(group.id),
        edited: request.edit === group.id,
        items: items.map((row) => ({ ...itemLine(row, context), edited: request.edit === row.id })),
        ...{ add_url: `${url}?add=${group.id}#add`, adding: request.add === group.id },
      };
    })
    .filter(({ items, closed }) => items.length || closed !== null || !context.request.over);

/** Its form, or if it is closed the page that opens it. */
const groupUrl = ({ id }: BudgetGroup, closed: number | null, { url, request }: TableContext): string =>
  closed === null ? `${url}?edit=${id}` : `${url}?${request.over ? 'over=1&' : ''}group=${id}`;

/** The sum of all. */
export const totalLine = (totals: BudgetTotals, context: TableContext): BudgetLine =>
  lineOf({ ...totals, id: '', name: context.i18n.t('Total') }, context);

function lineOf(group: BudgetGroup, { currency, i18n }: TableContext): BudgetLine {
  const { format } = i18n;
  const { id, name, cost, price } = group;
  return {
    ...{ id, name, url: null, sub: '', chosen: false },
    ...{ cost: format.amount(cost, currency), price: format.amount(price, currency) },
    markup: cost ? format.percent(shareIn(price - cost, cost)) : '',
    cells: cellsOf(group, { currency, i18n }),
  };
}

function itemLine(row: BudgetRow, { currency, i18n, url, request }: TableContext): BudgetLine {
  const { format } = i18n;
  const { id, group_id, name, quantity, unit, cost, price, markup } = row;
  const { all, items, groups } = request.chosen;
  const many = Number(quantity) === 1 && !unit ? '' : `, ${[format.number(quantity), unit].filter(Boolean).join(' ')}`;
  return {
    ...{ id, name: `${name}${many}`, url: `${url}?edit=${id}#i-${id}`, sub: subOf(row, i18n) },
    ...{ cost: format.amount(cost, currency), price: format.amount(price, currency) },
    markup: markup === null ? (cost ? format.percent(shareIn(price - cost, cost)) : '') : format.percent(markup),
    cells: cellsOf(row, { currency, i18n, own: isOwn(row) }),
    chosen: all || groups.includes(group_id) || items.includes(id),
  };
}

const isOwn = ({ task_id, vendor_id }: BudgetRow) => task_id !== null && vendor_id === null;

function subOf(row: BudgetRow, { t, format }: I18n): string {
  const hours = format.number((row.own_minutes / 60).toFixed(1));
  return [
    row.vendor,
    row.ordered ? row.ordered_in : null,
    row.own_minutes ? t('{{hours}} h logged', { hours }) : null,
    row.offered && row.offered_in ? t('{{number}} waits for an answer', { number: row.offered_in }) : null,
    row.converted_lines ? t('Converted from another currency: {{lines}}', { lines: row.converted_lines }) : null,
    row.foreign_lines ? t('In another currency, not counted: {{lines}}', { lines: row.foreign_lines }) : null,
  ]
    .filter(Boolean)
    .join(' · ');
}
