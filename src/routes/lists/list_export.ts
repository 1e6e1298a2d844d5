import type { Request } from 'express';
import writeXlsxFile from 'write-excel-file/node';
import { read } from '../../db/scope.js';
import { type DocumentType, typeNamed } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { fromMinor } from '../../documents/content/decimals.js';
import { documentList, type ListedDocument } from '../../documents/queries/list.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import type { ListParams } from './list_request.js';

const MAX_ROWS = 100_000;
/** Rows are read so many at a time, each batch on from the last row of the one before. */
const BATCH = 2000;

type Kind = 'csv' | 'xlsx';

/** The kind of file that the address asks for, if it does. */
export const exportKind = ({ query }: Pick<Request, 'query'>): Kind | null =>
  query['format'] === 'csv' || query['format'] === 'xlsx' ? query['format'] : null;

/** Sends the list, filtered and sorted as it is, as a file. */
export async function exportList(
  ctx: RequestContext,
  types: DocumentType[],
  params: ListParams,
  kind: Kind,
): Promise<void> {
  const { res, actor } = ctx;
  res.attachment(`${types.length === 1 ? (types[0]?.path ?? '') : 'documents'}-${today(actor)}.${kind}`);
  const rows = readRows(ctx, types, params);
  return kind === 'xlsx' ? sendWorkbook(ctx, rows) : sendCsv(ctx, rows);
}

type Rows = AsyncGenerator<ListedDocument>;

async function* readRows({ db, actor, res }: RequestContext, types: DocumentType[], params: ListParams): Rows {
  let after: string | null = null;
  for (let count = 0; count < MAX_ROWS && !res.destroyed; count += BATCH) {
    const [found]: [ListedDocument[]] = await read(
      db.pool,
      actor,
      documentList(actor, types, { ...params.filter, after }, today(actor), BATCH),
    );
    yield* found.slice(0, BATCH);
    after = found[BATCH - 1]?.id ?? null;
    if (found.length <= BATCH) return;
  }
}

async function sendWorkbook(ctx: RequestContext, rows: Rows): Promise<void> {
  const i18n = i18nOf(ctx.actor);
  const cells = [headRow(i18n)];
  for await (const row of rows) cells.push(cellsOf(row, ctx, i18n));
  ctx.res.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
  ctx.res.send(await workbook(cells));
}

/** Sent while it is read. A client that is slow to take it slows the reading down. */
async function sendCsv(ctx: RequestContext, rows: Rows): Promise<void> {
  const { res } = ctx;
  const i18n = i18nOf(ctx.actor);
  res.type('text/csv; charset=utf-8');
  // Spreadsheets read a file as UTF-8 only if it begins with the byte order mark.
  res.write(`\ufeff${csvLine(headRow(i18n))}`);
  for await (const row of rows)
    if (!res.write(csvLine(cellsOf(row, ctx, i18n))))
      await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
  res.end();
}

type Cell = string | number | null;

const HEADS = [
  'Number',
  'Type',
  'What it is for',
  'Partner',
  'State',
  'Date',
  'Due',
  'Currency',
  'Total',
  'Open',
  'Reference',
  'Project',
];
const headRow = ({ t }: I18n): Cell[] => HEADS.map((name) => t(name));

function cellsOf(row: ListedDocument, { actor }: RequestContext, i18n: I18n): Cell[] {
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const { state_label } = describeState(row, side, today(actor), i18n);
  const amount = (minor: number) => Number(fromMinor(minor, row.currency));
  const { number, title, partner, issued_on, due_on, currency, total, open, reference, project } = row;
  const type = i18n.t(typeNamed(row.type).label);
  return [
    ...[number, type, title, partner, state_label, issued_on, due_on],
    ...[currency, amount(total), amount(open), reference, project],
  ];
}

/** Puts an apostrophe before text that a spreadsheet would run as a formula (OWASP, CSV injection). */
const withoutFormula = (text: string) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);

/** A record of RFC 4180. */
function csvLine(cells: Cell[]): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const texts = cells.map((cell) => (typeof cell === 'string' ? withoutFormula(cell) : String(cell ?? '')));
  return `${texts.map(quoted).join(',')}\r\n`;
}

/** All cells are text or numbers, never formulas. */
function workbook(rows: Cell[][]): Promise<Buffer> {
  const cell = (value: Cell) =>
    typeof value === 'number' ? { value, type: Number } : { value: withoutFormula(value ?? ''), type: String };
  return writeXlsxFile(rows.map((row) => row.map(cell))).toBuffer();
}
