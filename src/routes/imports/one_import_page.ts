import { z } from 'zod';
import { read } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { FIELDS, type ImportSettings } from '../../imports/import_kinds.js';
import {
  type Import,
  type ImportState,
  importQuery,
  leadImport,
  type LeftRow,
  refusedRows,
} from '../../imports/import_store.js';
import type { Translate } from '../../pages/i18n.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { BYTE_ORDER_MARK, csvLine } from '../lists/csv_file.js';
import { KIND_LABELS, STATE_LABELS } from './import_words.js';
import { IMPORTS } from './imports_page.js';

interface RefusedRow {
  row: number;
  field: string;
  cell: string;
  reason: string;
}

interface ImportInput {
  side: SettingsSide;
  url: string;
  back: string;
  title: string;
  state: ImportState;
  state_label: string;
  /** A job is at it: the page looks again by itself. */
  busy: boolean;
  problem: string;
  /** How the file is written. */
  written: string;
  errors: Errors;
  /** A line for each field that a column can be. */
  fields: { name: string; label: string; required: boolean; value: string; sample: string }[];
  columns: Choice[];
  numbers: 'point' | 'comma';
  usual_kind: 'customer' | 'vendor' | null;
  counts: { label: string; value: string }[];
  /** How many are imported by the button. */
  fresh: number;
  made: number;
  refused: RefusedRow[];
  /** Not undone, since they have been used. */
  kept: RefusedRow[];
  refused_url: string | null;
}

export const importView = defineView<ImportInput>('imports/show');

const BUSY: readonly ImportState[] = ['reading', 'checking', 'running', 'undoing'];
/** Refused rows that are shown; all are in the file. */
const SHOWN = 50;
const MOST = 50_000;

/** An import, wherever it is. */
export const showImport = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

const Numbers = z.enum(['point', 'comma']).catch('point');
const UsualKind = z.enum(['customer', 'vendor']).catch('customer');

/** Says which column is which field; the rows are checked then. */
export function matchColumns(ctx: RequestContext) {
  const typed = submittedText(ctx.req.body);
  const work = async (ctx: RequestContext) => {
    const found = await findImport(ctx);
    const { headings = [] } = found.facts;
    const columns: Record<string, number> = {};
    for (const { name } of FIELDS[found.kind]) {
      const at = typed[`column.${name}`] ?? '';
      if (/^\d{1,3}$/.test(at) && Number(at) < headings.length) columns[name] = Number(at);
    }
    const missing = FIELDS[found.kind].filter(({ name, required }) => required && columns[name] === undefined);
    if (missing.length)
      throw new Invalid(Object.fromEntries(missing.map(({ name }) => [`column.${name}`, 'Choose a column.'])));
    const settings: ImportSettings = {
      ...{ columns, headings, numbers: Numbers.parse(typed['numbers']) },
      usual_kind: UsualKind.parse(typed['usual_kind']),
    };
    return lead(ctx, found.id, 'match', settings);
  };
  return submitOnce(ctx, work, (errors) => page(ctx, errors));
}

/** Imports the rows that are new. */
export const runImport = (ctx: RequestContext) =>
  submitOnce(
    ctx,
    (ctx) => lead(ctx, pathId(ctx.req, 'import'), 'run'),
    (errors) => page(ctx, errors),
  );

/** Takes back what was imported and nobody has used since. */
export const undoImport = (ctx: RequestContext) =>
  submitOnce(
    ctx,
    (ctx) => lead(ctx, pathId(ctx.req, 'import'), 'undo'),
    (errors) => page(ctx, errors),
  );

async function lead(ctx: RequestContext, id: string, ...step: LeadStep): Promise<string> {
  await leadImport(ctx.db.knex, ctx.actor, id, ...step);
  return `${settingsUrl(ctx, IMPORTS)}/${id}`;
}

type LeadStep = [step: 'match' | 'run' | 'undo', settings?: ImportSettings];

/** The refused rows as they were, with the reason in a column of its own. */
export async function sendRefused(ctx: RequestContext): Promise<void> {
  const { db, res, actor } = ctx;
  const { t } = i18nOf(actor);
  const found = await findImport(ctx);
  const [rows] = await read(db.pool, actor, refusedRows(actor, found.id, MOST));
  const heading = [...(found.facts.headings ?? []), t('Reason')];
  const width = heading.length - 1;
  const table = rows.map(({ cells, reason }) => [
    ...Array.from({ length: width }, (_, at) => cells[at] ?? ''),
    t(reason),
  ]);
  res.type('text/csv; charset=utf-8').attachment('refused.csv');
  res.send(BYTE_ORDER_MARK + [heading, ...table].map((cells) => csvLine(cells, actor.locale)).join(''));
}

async function findImport(ctx: RequestContext): Promise<Import> {
  const { db, req, actor } = ctx;
  const [[found]] = await read(db.pool, actor, importQuery(actor, pathId(req, 'import')));
  if (!found) throw new NotFound();
  return found;
}

async function page(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { db, req, actor } = ctx;
  const { t, format } = i18nOf(actor);
  const id = pathId(req, 'import');
  const [[found], refused, kept] = await read(
    db.pool,
    actor,
    importQuery(actor, id),
    refusedRows(actor, id, SHOWN),
    refusedRows(actor, id, SHOWN, 'kept'),
  );
  if (!found) throw new NotFound();
  const { kind, state, facts, settings, counts, name } = found;
  const { headings = [], written = '', separator = '' } = facts;
  const url = `${settingsUrl(ctx, IMPORTS)}/${id}`;
  return contextPage(ctx, importView, name, {
    ...{ side: settingsSide(ctx, IMPORTS), url, back: settingsUrl(ctx, IMPORTS), errors, state },
    title: `${t(KIND_LABELS[kind])} · ${name}`,
    state_label: t(STATE_LABELS[state]),
    busy: BUSY.includes(state),
    problem: found.problem && t(found.problem),
    written: writtenAs(written, separator, ctx),
    ...fieldsOf(found, ctx),
    columns: headings.map((heading, at) => ({ value: `${at}`, label: heading || t('Column {{n}}', { n: at + 1 }) })),
    numbers: settings.numbers ?? 'point',
    usual_kind: kind === 'partners' ? (settings.usual_kind ?? 'customer') : null,
    counts: OUTCOMES.flatMap(([outcome, label]) =>
      counts[outcome] ? [{ label: t(label), value: format.number(`${counts[outcome]}`) }] : [],
    ),
    ...{ fresh: counts.new ?? 0, made: counts.made ?? 0 },
    kept: kept.map((row) => rowShown(row, found, t)),
    refused: refused.map((row) => rowShown(row, found, t)),
    refused_url: refused.length ? `${url}/refused.csv` : null,
  });
}

/** A row with the cell that is why, in the reader's words. */
const rowShown = ({ row, cells, field, reason }: LeftRow, { kind, settings }: Import, t: Translate): RefusedRow => ({
  ...{ row, reason: t(reason), cell: cells[settings.columns?.[field] ?? -1] ?? '' },
  field: t(FIELDS[kind].find((one) => one.name === field)?.label ?? 'Name'),
});

const OUTCOMES = [
  ['left', 'Not checked yet'],
  ['new', 'New'],
  ['made', 'Imported'],
  ['same', 'Already here'],
  ['refused', 'Can’t be imported'],
  ['undone', 'Undone'],
  ['kept', 'Not undone'],
] as const;

const SEPARATORS: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' };

function writtenAs(written: string, separator: string, { actor }: RequestContext): string {
  const { t } = i18nOf(actor);
  const between = SEPARATORS[separator];
  return between ? t('{{encoding}}, with {{separators}}', { encoding: written, separators: t(between) }) : written;
}

/** The fields with the columns that were chosen, and what stands in them. */
function fieldsOf({ kind, settings, facts }: Import, { actor, req }: RequestContext): Pick<ImportInput, 'fields'> {
  const { t } = i18nOf(actor);
  const typed = submittedText(req.body);
  const fields = FIELDS[kind].map(({ name, label, required = false }) => {
    const at = settings.columns?.[name];
    const samples = (facts.samples ?? []).map((cells) => cells[at ?? -1] ?? '').filter(Boolean);
    return {
      ...{ name, label: t(label), required, sample: samples.slice(0, 2).join(' · ') },
      value: typed[`column.${name}`] ?? (at === undefined ? '' : `${at}`),
    };
  });
  return { fields };
}
