import { formatDecimalInput } from '../../../documents/content/decimals.js';
import { type Query, read } from '../../../db/scope.js';
import { isId } from '../../../db/ids.js';
import { NotFound } from '../../../errors.js';
import { isDay } from '../../../input/valid_input.js';
import { addDays, today } from '../../../pages/days.js';
import { hoursText } from '../../../input/hours/hours_text.js';
import type { Tab } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import { mondayOf } from '../../../projects/time/weeks_of.js';
import { one } from '../../forms/field_values.js';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../../lists/csv_file.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { weekTitle } from './sheet_view.js';
import {
  type EntryCursor,
  type Grouping,
  GROUPINGS,
  type LoggedEntry,
  timeEntries,
  timeReport,
} from './report_queries.js';

interface ReportInput {
  frame: ProjectFrame;
  url: string;
  from: string;
  to: string;
  by: Grouping;
  /** What the sums are of: "Person". */
  what: string;
  tabs: Tab[];
  rows: { label: string; hours: string; approved: string }[];
  total: { hours: string; approved: string };
  entries: { day: string; person: string; work: string; note: string; hours: string; approved: boolean }[];
  next: string | null;
  csv_url: string;
}

export const timeReportView = defineView<ReportInput>('projects/time/report');

const PAGE = 50;
const MOST_WEEKS = 53;
const WHAT: Record<Grouping, string> = { person: 'Person', task: 'Task', week: 'Week' };
const LABELS: Record<Grouping, string> = { person: 'By person', task: 'By task', week: 'By week' };

/** The weeks of the address, at most a year of them; or else the last 13. */
function periodOf({ req, actor }: RequestContext) {
  const day = (name: string) => {
    const value = one(req.query, name);
    return isDay(value) && value > '2000' && value <= '2200' ? mondayOf(value) : null;
  };
  const to = day('to') ?? mondayOf(today(actor));
  const from = day('from') ?? addDays(to, -7 * 12);
  const first = addDays(to, -7 * MOST_WEEKS);
  return { to, from: from < first ? first : from > to ? to : from };
}

/** "2026-11-27_0190…": where the list of entries goes on. */
function cursorIn({ req }: RequestContext): EntryCursor | null {
  const [day = '', id = ''] = one(req.query, 'after').split('_');
  return isDay(day) && isId(id) ? { day, id } : null;
}

/** Who spent how much time on what: sums, and the entries. For staff. */
export async function showReport(ctx: RequestContext) {
  const { actor, req, res } = ctx;
  const by = GROUPINGS.find((one) => one === req.query['by']) ?? 'person';
  const weeks = periodOf(ctx);
  const key = keyIn(ctx);
  const { head, frame, i18n, url, found } = await readPage(
    ctx,
    'time',
    timeReport(actor, key, by, weeks),
    timeEntries(actor, key, weeks, cursorIn(ctx), PAGE),
  );
  const [rows, entries] = found;
  const hours = (minutes: number) => hoursText(minutes, actor.locale);
  const sum = (of: 'minutes' | 'approved') => hours(rows.reduce((total, row) => total + row[of], 0));
  const page = `${url}/time/report`;
  const address = (more: object) => `${page}?${new URLSearchParams({ ...weeks, by, ...more })}`;
  const last = entries[PAGE - 1];
  const input: ReportInput = {
    ...{ frame, url: page, ...weeks, by, what: i18n.t(WHAT[by]), csv_url: `${page}.csv?${new URLSearchParams(weeks)}` },
    tabs: GROUPINGS.map((one) => ({ href: address({ by: one }), label: i18n.t(LABELS[one]), current: one === by })),
    rows: rows.map(({ label, minutes, approved }) => ({
      label: by === 'week' ? weekTitle(label, i18n) : (label ?? ''),
      ...{ hours: hours(minutes), approved: hours(approved) },
    })),
    total: { hours: sum('minutes'), approved: sum('approved') },
    entries: entries.slice(0, PAGE).map(({ day, person, work, note, minutes, approved }) => ({
      ...{ day: i18n.format.dayAndMonth(day), person, work: work ?? '', note, hours: hours(minutes), approved },
    })),
    next: entries.length > PAGE && last ? address({ after: `${last.day}_${last.id}` }) : null,
  };
  res.send(contextPage(ctx, timeReportView, head.name, input));
}

const BATCH = 2000;
const MOST_ROWS = 100_000;

/** The entries of some weeks for spreadsheets, sent while they are read. For staff. */
export async function sendTimeCsv(ctx: RequestContext) {
  const { actor, res } = ctx;
  if (actor.side !== 'staff') throw new NotFound();
  const { head } = await readPage(ctx, 'time');
  const weeks = periodOf(ctx);
  const { t } = i18nOf(actor);
  res.attachment(`time-${head.key}-${weeks.from}.csv`).type('text/csv; charset=utf-8');
  const heads = [t('Date'), t('Who'), t('Task'), t('What was done'), t('Hours'), t('State')];
  res.write(`${BYTE_ORDER_MARK}${csvLine(heads, actor.locale)}`);
  for await (const { day, person, work, note, minutes, approved } of entriesIn(ctx, head.key, weeks)) {
    const hours = String(Math.round((minutes / 60) * 10_000) / 10_000);
    const cells: Cell[] = [
      { day },
      person,
      work ?? '',
      note,
      formatDecimalInput(hours, actor.locale),
      approved ? t('Approved') : t('Open'),
    ];
    if (!res.write(csvLine(cells, actor.locale))) await drained(res);
  }
  res.end();
}

/** Waits until more can be sent, or nobody reads any more. */
const drained = (res: RequestContext['res']) =>
  new Promise<void>((resolve) => {
    const go = () => {
      res.off('drain', go).off('close', go);
      resolve();
    };
    res.on('drain', go).on('close', go);
  });

async function* entriesIn({ db, actor, res }: RequestContext, key: string, weeks: { from: string; to: string }) {
  let after: EntryCursor | null = null;
  for (let count = 0; count < MOST_ROWS && !res.destroyed; count += BATCH) {
    const query: Query<LoggedEntry> = timeEntries(actor, key, weeks, after, BATCH);
    const [found]: [LoggedEntry[]] = await read(db.pool, actor, query);
    yield* found.slice(0, BATCH);
    after = found[BATCH - 1] ?? null;
    if (found.length <= BATCH) return;
  }
}
