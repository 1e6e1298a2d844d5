import type { Request } from 'express';
import writeXlsxFile from 'write-excel-file/node';
import { read } from '../../db/scope.js';
import { type DocumentType, typeNamed } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { currencyDigits, fromMinor } from '../../documents/content/decimals.js';
import { documentList, type ListedDocument } from '../../documents/queries/list.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import { readLocale } from '../../input/locale_tag.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { BYTE_ORDER_MARK, type Cell, csvLine, withoutFormula } from './csv_file.js';
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
  ctx.res.send(await workbook(cells, ctx.actor.locale));
}

/** Sent while it is read. A client that is slow to take it slows the reading down. */
async function sendCsv(ctx: RequestContext, rows: Rows): Promise<void> {
  const { res } = ctx;
  const { locale } = ctx.actor;
  const i18n = i18nOf(ctx.actor);
  res.type('text/csv; charset=utf-8');
  res.write(`${BYTE_ORDER_MARK}${csvLine(headRow(i18n), locale)}`);
  for await (const row of rows)
    if (!res.write(csvLine(cellsOf(row, ctx, i18n), locale)))
      await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
  res.end();
}

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
  const { number, title, partner, issued_on, due_on, currency, total, open, reference, project } = row;
  const type = i18n.t(typeNamed(row.type).label);
  return [
    ...[number, type, title, partner, state_label, { day: issued_on }, { day: due_on }],
    ...[currency, { minor: total, currency }, { minor: open, currency }, reference, project],
  ];
}

const DATE_PARTS: Record<string, string> = { day: 'dd', month: 'mm', year: 'yyyy' };

/** How the locale writes a date, as a format of spreadsheets: "dd.mm.yyyy". */
const dateFormat = (locale: string) =>
  readLocale(locale).dates === 'iso'
    ? 'yyyy-mm-dd'
    : new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', year: 'numeric' })
        .formatToParts(0)
        .map(({ type, value }) => DATE_PARTS[type] ?? value)
        .join('');

/** Text is never read as a formula or a number, whatever it looks like. */
function workbookCell(cell: Cell, dates: string) {
  if (cell === null || typeof cell === 'string')
    return { value: withoutFormula(cell ?? '', 'typed'), type: String, format: '@' };
  if ('day' in cell) return cell.day ? { value: new Date(cell.day), type: Date, format: dates } : null;
  const digits = currencyDigits(cell.currency);
  const format = digits ? `#,##0.${'0'.repeat(digits)}` : '#,##0';
  return { value: Number(fromMinor(cell.minor, cell.currency)), type: Number, format };
}

function workbook(rows: Cell[][], locale: string): Promise<Buffer> {
  const dates = dateFormat(locale);
  return writeXlsxFile(rows.map((row) => row.map((cell) => workbookCell(cell, dates)))).toBuffer();
}
