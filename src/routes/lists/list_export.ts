import type { Request } from 'express';
import writeXlsxFile from 'write-excel-file/node';
import { read } from '../../db/scope.js';
import { type DocumentType, typeNamed } from '../../document_types/index.js';
import { today } from '../../documents/act.js';
import { fromMinor } from '../../documents/content/decimals.js';
import { documentList, type ListedDocument } from '../../documents/queries/list.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import { i18nOf } from '../shared/layout.js';
import type { ListParams } from './list_request.js';
import type { RequestContext } from '../shared/request_context.js';

/** So many rows go into a file; they are read so many at a time, each time on from the last. */
const MOST = 100_000;
const BATCH = 2000;

type Kind = 'csv' | 'xlsx';

/** The kind of file that the address asks for, if it does. */
export const exportKind = ({ query }: Pick<Request, 'query'>): Kind | null =>
  query['format'] === 'csv' || query['format'] === 'xlsx' ? query['format'] : null;

/**
 * The list as it is narrowed and sorted, as a file. CSV is sent as it is read; a client that reads slowly slows the
 * reading down.
 */
export async function exportList(
  ctx: RequestContext,
  types: DocumentType[],
  asked: ListParams,
  kind: Kind,
): Promise<void> {
  const { res, actor } = ctx;
  const name = `${types.length === 1 ? (types[0]?.path ?? '') : 'documents'}-${today(actor)}.${kind}`;
  res.attachment(name);
  const i18n = i18nOf(actor);
  if (kind === 'xlsx') {
    const rows = [headRow(i18n)];
    for await (const row of rowsOf(ctx, types, asked)) rows.push(cellsOf(row, ctx, i18n));
    res.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    res.send(await workbook(rows));
    return;
  }
  res.type('text/csv; charset=utf-8');
  // Spreadsheets take a file for UTF-8 only if it begins with the mark.
  res.write(`\ufeff${csvLine(headRow(i18n))}`);
  for await (const row of rowsOf(ctx, types, asked))
    if (!res.write(csvLine(cellsOf(row, ctx, i18n))))
      await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
  res.end();
}

async function* rowsOf(
  { db, actor, res }: RequestContext,
  types: DocumentType[],
  asked: ListParams,
): AsyncGenerator<ListedDocument> {
  let after: string | null = null;
  for (let count = 0; count < MOST && !res.destroyed; count += BATCH) {
    const [found]: [ListedDocument[]] = await read(
      db.pool,
      actor,
      documentList(actor, types, { ...asked.narrowing, after }, today(actor), BATCH),
    );
    yield* found.slice(0, BATCH);
    after = found[BATCH - 1]?.id ?? null;
    if (found.length <= BATCH) return;
  }
}

type Cell = string | number | null;

const headRow = ({ t }: I18n): Cell[] =>
  [
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
  ].map((name) => t(name));

function cellsOf(row: ListedDocument, { actor }: RequestContext, i18n: I18n): Cell[] {
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const { state_label } = describeState(row, side, today(actor), i18n);
  const amount = (minor: number) => Number(fromMinor(minor, row.currency));
  const { number, title, partner, issued_on, due_on, currency, total, open, reference, project } = row;
  return [
    number,
    i18n.t(typeNamed(row.type).label),
    title,
    partner,
    state_label,
    issued_on,
    due_on,
    currency,
    amount(total),
    amount(open),
    reference,
    project,
  ];
}

/** Text that a spreadsheet would take for a formula is put behind an apostrophe (OWASP, CSV injection). */
export const withoutFormula = (text: string) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);

/** A record of RFC 4180. */
function csvLine(cells: Cell[]): string {
  const shown = cells.map((cell) => (typeof cell === 'string' ? withoutFormula(cell) : (cell ?? '')));
  return `${shown.map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell))).join(',')}\r\n`;
}

/** All cells are text or numbers, never formulas. */
function workbook(rows: Cell[][]): Promise<Buffer> {
  const cell = (value: Cell) =>
    typeof value === 'number' ? { value, type: Number } : { value: withoutFormula(value ?? ''), type: String };
  return writeXlsxFile(rows.map((row) => row.map(cell))).toBuffer();
}
