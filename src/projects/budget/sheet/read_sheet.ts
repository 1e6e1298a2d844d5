import Papa from 'papaparse';
import { Invalid } from '../../../errors.js';
import { oneLine } from '../../../input/valid_input.js';
import { cellName, columnsOf, type SheetColumn, type SheetColumns } from './sheet_columns.js';
import { type NumberCell, readColumn } from './sheet_numbers.js';

const MOST_ROWS = 2000;
const MOST_LETTERS = 10_000;
/** Of a group, item or vendor. */
const MOST_NAME = 200;

/** A row of a sheet; decimals as strings. */
export interface SheetRow {
  /** Of the vendor's cell, for what is said about it. */
  vendor_cell: string;
  vendor: string;
  group: string;
  name: string;
  unit: string;
  quantity?: string;
  unit_cost?: string;
  markup?: string;
  unit_price?: string;
}

const NUMBERS = ['quantity', 'unit_cost', 'markup', 'unit_price'] as const;

const MONEY: ReadonlySet<string> = new Set(['unit_cost', 'unit_price']);

/** As those of an item's form (subjects/project/budget_actions.ts). */
const LIMITS = {
  quantity: { min: 0, max: 1e7, decimals: 4 },
  unit_cost: { min: 0, max: 1e9, decimals: 6 },
  markup: { min: -100, max: 1e6, decimals: 4, percent: true },
  unit_price: { min: 0, max: 1e9, decimals: 6 },
} as const;

interface Row {
  cells: string[];
  /** Its place in the sheet, from 0. */
  at: number;
}

/**
 * The items of a sheet with a row of headings, as CSV or as pasted from a spreadsheet. `usual`: the group of rows
 * without one; a row with nothing but a group begins it. `currency`: of the budget. @throws Invalid that names the cell
 * that can't be used
 */
export function readSheet(text: string, usual: string, currency: string): SheetRow[] {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''));
  const rows = data.map((cells, at) => ({ cells, at })).filter(({ cells }) => cells.some((cell) => cell.trim()));
  const [heading, ...body] = rows;
  if (!heading || !body.length) throw new Invalid({ sheet: 'Paste a row of headings and at least one item.' });
  if (body.length > MOST_ROWS) throw new Invalid({ sheet: 'This sheet has too many rows: 2,000 at most.' });
  body.forEach(refuseUnusable);
  const columns = columnsOf(heading.cells);
  const numbers = NUMBERS.map((column) => [column, numbersOf(body, columns, column, currency)] as const);
  let group = usual;
  const items = body.flatMap((row, n) => {
    const own = nameIn(row, columns, 'group');
    group = own || group;
    const name = nameIn(row, columns, 'name');
    if (!name && own && row.cells.filter((cell) => cell.trim()).length === 1) return [];
    if (!name)
      throw new Invalid({ sheet: 'Cell {{cell}}: this row has no name.' }, { cell: cellOf(row, columns.name) });
    const decimals = Object.fromEntries(
      numbers.flatMap(([column, values]) => (values[n] ? [[column, values[n]]] : [])),
    );
    const [unit, vendor] = [nameIn(row, columns, 'unit').slice(0, 40), nameIn(row, columns, 'vendor')];
    return [{ group, name, unit, vendor, vendor_cell: cellOf(row, columns.vendor), ...decimals }];
  });
  if (!items.length) throw new Invalid({ sheet: 'Paste a row of headings and at least one item.' });
  return items;
}

const cellOf = ({ at }: Row, column = 0) => cellName(at, column);

/** @throws Invalid for a formula, which would be computed elsewhere, and for a row that is no budget's */
function refuseUnusable({ cells, at }: Row): void {
  if (cells.reduce((sum, cell) => sum + cell.length, 0) > MOST_LETTERS)
    throw new Invalid({ sheet: 'Row {{row}} is too long.' }, { row: at + 1 });
  const formula = cells.findIndex((cell) => /^\s*(?:[=@＝＠]|[+＋-][A-Za-z(])/.test(cell));
  if (formula >= 0)
    throw new Invalid(
      { sheet: 'Cell {{cell}} holds a formula. Paste values instead.' },
      { cell: cellName(at, formula) },
    );
}

/** @throws Invalid if it is too long */
function nameIn(row: Row, columns: SheetColumns, column: SheetColumn): string {
  const at = columns[column];
  const name = at === undefined ? '' : oneLine(row.cells[at] ?? '');
  if (name.length > MOST_NAME)
    throw new Invalid({ sheet: 'Cell {{cell}}: use at most 200 characters.' }, { cell: cellOf(row, at) });
  return name;
}

/** By row; '' where nothing was typed. */
function numbersOf(
  body: readonly Row[],
  columns: SheetColumns,
  column: (typeof NUMBERS)[number],
  currency: string,
): string[] {
  const at = columns[column];
  if (at === undefined) return [];
  const typed = body.map((row): NumberCell => ({ cell: cellOf(row, at), typed: (row.cells[at] ?? '').trim() }));
  const read = readColumn(
    typed.filter(({ typed }) => typed),
    { ...LIMITS[column], ...(MONEY.has(column) ? { currency } : {}) },
  );
  return typed.map(({ typed }) => (typed ? (read.shift() ?? '') : ''));
}
