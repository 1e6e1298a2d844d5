import type { Request } from 'express';
import writeXlsxFile from 'write-excel-file/node';
import { currencyDigits, fromMinor } from '../../documents/content/decimals.js';
import { readLocale } from '../../input/locale_tag.js';
import { today } from '../../pages/days.js';
import type { Link } from '../../pages/views/components.js';
import type { RequestContext } from '../shared/request_context.js';
import { sendStream } from './send_stream.js';
import { BYTE_ORDER_MARK, type Cell, csvLine, withoutFormula } from './csv_file.js';

export type FileKind = 'csv' | 'xlsx';

/** The kind of file that the address asks for, if it does. */
export const exportKind = ({ query }: Pick<Request, 'query'>): FileKind | null =>
  query['format'] === 'csv' || query['format'] === 'xlsx' ? query['format'] : null;

/** A link to each kind of file, at the address that `url` makes. */
export const exportLinks = (url: (format: FileKind) => string): Link[] =>
  (['csv', 'xlsx'] as const).map((format) => ({ href: url(format), label: format.toUpperCase() }));

interface TableFile {
  /** Of the file, without the day and its ending. */
  name: string;
  kind: FileKind;
  heads: string[];
  rows: AsyncIterable<Cell[]>;
}

/** Sends a table as a file, as the reader's spreadsheet expects it. */
export function sendTable(ctx: RequestContext, { name, kind, ...table }: TableFile): Promise<void> {
  const named = () => ctx.res.attachment(`${name}-${today(ctx.actor)}.${kind}`);
  return kind === 'xlsx' ? sendWorkbook(ctx, table, named) : sendCsv(ctx, table, named);
}

type Table = Pick<TableFile, 'heads' | 'rows'>;
/** Names the file, once it is sure that there is one. */
type Named = () => void;

async function sendWorkbook({ res, actor }: RequestContext, { heads, rows }: Table, named: Named): Promise<void> {
  const cells: Cell[][] = [heads];
  for await (const row of rows) cells.push(row);
  named();
  res.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
  res.send(await workbook(cells, actor.locale));
}

/** Sent while it is read. */
const sendCsv = ({ res, actor }: RequestContext, { heads, rows }: Table, named: Named): Promise<void> =>
  sendStream(res, linesOf(rows, heads, actor.locale), () => {
    named();
    res.type('text/csv; charset=utf-8');
  });

/** The lines of a file; the first come with its headings. */
async function* linesOf(rows: AsyncIterable<Cell[]>, heads: string[], locale: string): AsyncGenerator<string> {
  let begun = `${BYTE_ORDER_MARK}${csvLine(heads, locale)}`;
  for await (const row of rows) {
    yield begun + csvLine(row, locale);
    begun = '';
  }
  if (begun) yield begun;
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
  if ('decimal' in cell) return { value: Number(cell.decimal), type: Number };
  const digits = currencyDigits(cell.currency);
  const format = digits ? `#,##0.${'0'.repeat(digits)}` : '#,##0';
  return { value: Number(fromMinor(cell.minor, cell.currency)), type: Number, format };
}

function workbook(rows: Cell[][], locale: string): Promise<Buffer> {
  const dates = dateFormat(locale);
  return writeXlsxFile(rows.map((row) => row.map((cell) => workbookCell(cell, dates)))).toBuffer();
}
