import { read } from '../../db/scope.js';
import { type DocumentType, typeNamed } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { documentList, type ListedDocument } from '../../documents/queries/list.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import type { Cell } from './csv_file.js';
import { type FileKind, sendTable } from './table_file.js';
import type { ListParams } from './list_request.js';

const MAX_ROWS = 100_000;
/** Rows are read so many at a time, each batch on from the last row of the one before. */
const BATCH = 2000;

/** Sends the list, filtered and sorted as it is, as a file. */
export async function exportList(
  ctx: RequestContext,
  types: DocumentType[],
  params: ListParams,
  kind: FileKind,
): Promise<void> {
  const i18n = i18nOf(ctx.actor);
  const name = types.length === 1 ? (types[0]?.path ?? '') : 'documents';
  const heads = HEADS.map((head) => i18n.t(head));
  await sendTable(ctx, { name, kind, heads, rows: cellRows(ctx, readRows(ctx, types, params), i18n) });
}

async function* cellRows(ctx: RequestContext, rows: Rows, i18n: I18n): AsyncGenerator<Cell[]> {
  for await (const row of rows) yield cellsOf(row, ctx, i18n);
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
