import { fromMinor } from '../../../input/currency.js';
import { formatDecimalInput } from '../../../documents/content/decimals.js';
import { read } from '../../../db/scope.js';
import { today } from '../../../pages/days.js';
import { type BudgetRow, exportedItems } from '../../../projects/budget/budget_rows.js';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../../lists/csv_file.js';
import { type RequestContext, translatorOf } from '../../shared/request_context.js';
import { findProject, keyIn } from '../project_page.js';

const HEADS = [
  ...['Group', 'Item', 'Quantity', 'Unit', 'Unit cost', 'Markup %', 'Unit price', 'Vendor', 'Cost', 'Price'],
  ...['Accepted', 'Invoiced', 'Ordered', 'Billed', 'Actual'],
];

/** The budget as CSV; its first columns can be imported again. */
export async function exportBudget(ctx: RequestContext) {
  const { db, actor, res } = ctx;
  const t = translatorOf(ctx);
  const { key, currency } = await findProject(ctx);
  const [rows] = await read(db.pool, actor, exportedItems(actor, keyIn(ctx)));
  const lines = [HEADS.map((name) => t(name)), ...rows.map((row) => cellsOfRow(row, currency, actor.locale))];
  res.attachment(`budget-${key}-${today(actor)}.csv`).type('text/csv; charset=utf-8');
  res.send(BYTE_ORDER_MARK + lines.map((cells) => csvLine(cells, actor.locale)).join(''));
}

function cellsOfRow(row: BudgetRow, currency: string, locale: string): Cell[] {
  const decimal = (value: string | null) => (value === null ? '' : formatDecimalInput(value, locale));
  const { group, name, quantity, unit, unit_cost, markup, unit_price, vendor } = row;
  const amounts = [row.cost, row.price, row.accepted, row.invoiced, row.ordered, row.billed, row.actual];
  return [
    ...[group, name, decimal(quantity), unit, decimal(unit_cost), decimal(markup), decimal(unit_price), vendor ?? ''],
    ...amounts.map((minor) => decimal(fromMinor(minor, currency))),
  ];
}
