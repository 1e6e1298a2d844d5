import { act } from '../../../act.js';
import { requirePermitted } from '../../../acting/permitted.js';
import { today } from '../../../pages/days.js';
import { projectSubject } from '../../../projects/project_subject.js';
import { Invalid } from '../../../errors.js';
import { isId } from '../../../db/ids.js';
import { isDay } from '../../../input/valid_input.js';
import { readDuration } from '../../../input/hours/read_duration.js';
import { submittedText } from '../../../people/form_values.js';
import type { TimeCell } from '../../../subjects/project/time_actions.js';
import { submitOnce } from '../../acts/once.js';
import { translated } from '../../shared/form.js';
import type { RequestContext } from '../../shared/request_context.js';
import { translatorOf } from '../../shared/request_context.js';
import { readPage } from '../project_page.js';
import { cellName } from './sheet_view.js';
import { readTime, timePage } from './time_page.js';

type Typed = Readonly<Record<string, string>>;

const NOT_HOURS = 'Enter hours like 1:30.';

/** What a cell of a form became, with the field that its errors belong to. */
interface TypedCell {
  field: string;
  cell: TimeCell;
}

/** The cells of a week's form that were changed. @throws Invalid by field, for all that are no hours */
function cellsIn(typed: Typed, locale: string): TypedCell[] {
  const wrong: Record<string, string> = {};
  const cells = new Map<string, TypedCell>();
  for (const [field, value] of Object.entries(typed)) {
    const [kind, work = '', day = ''] = field.split(':');
    if (!['m', 'n', 'i'].includes(kind ?? '') || !isId(work) || !isDay(day)) continue;
    const key = cellName(work, day);
    const { cell } = cells.get(key) ?? { cell: { work, day } };
    const minutes = kind === 'm' ? minutesIn(value, locale) : null;
    if (kind === 'm' && minutes === undefined) wrong[field] = NOT_HOURS;
    if (kind === 'm' && (minutes ?? 0) === savedMinutes(typed, work, day)) continue;
    const change =
      kind === 'm' ? { minutes } : kind === 'n' ? { note: value || null } : { internal_note: value || null };
    cells.set(key, { field: key, cell: { ...cell, ...change } });
  }
  if (Object.keys(wrong).length) throw new Invalid(wrong);
  return [...cells.values()];
}

/** Null: nothing; undefined: no duration. */
const minutesIn = (typed: string, locale: string): number | null | undefined =>
  typed.trim() ? (readDuration(typed, locale) ?? undefined) : null;

/** The minutes of a cell when its page was made. */
function savedMinutes(typed: Typed, work: string, day: string): number {
  const minutes = (typed[`was:${work}`] ?? '').split(',');
  const weekday = new Date(day).getUTCDay() || 7;
  return Number(minutes[weekday - 1] ?? 0);
}

/** The entry of the form for one, with its note. @throws Invalid by field */
function entryIn({ work = '', day = '', hours = '', note, internal_note }: Typed, locale: string): TypedCell[] {
  const minutes = readDuration(hours, locale);
  const wrong = {
    ...(isId(work) ? {} : { work: 'Choose a task.' }),
    ...(isDay(day) ? {} : { day: 'Give a date.' }),
    ...(minutes ? {} : { hours: NOT_HOURS }),
  };
  if (Object.keys(wrong).length) throw new Invalid(wrong);
  const cell = { work, day, minutes, note: note || undefined, internal_note: internal_note || undefined, add: true };
  return [{ field: 'hours', cell }];
}

/** Saves what was typed into a week or the form of an entry, once; by script, a cell as soon as it is left. */
export async function saveTime(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const typed = submittedText(req.body);
  const script = req.get('Accept')?.includes('application/json') ?? false;
  const { head: project } = await readPage(ctx, 'time');
  if (actor.side === 'staff') requirePermitted(projectSubject(project), actor, 'log_time', today(actor));
  const back = `/${membership.slug}/projects/${project.key}/time?day=${dayIn(typed)}&done=saved`;
  const work = async (ctx: RequestContext) => {
    const cells = 'hours' in typed ? entryIn(typed, actor.locale) : cellsIn(typed, actor.locale);
    if (cells.length) await saveAll(ctx, project.id, cells);
    await decide(ctx, project.id, typed);
    return back;
  };
  if (!script) return submitOnce(ctx, work, (errors) => timePage(ctx, { typed, errors }));
  try {
    await work(ctx);
    return res.json(await totalsOf(ctx));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return res.status(error.status).json({ errors: translated(error.fields, translatorOf(ctx), error.values) });
  }
}

const dayIn = ({ show = '', week = '', day = '' }: Typed) => [show, day, week].find(isDay) ?? '';

/** Staff act on the project, a vendor's people on each of its tasks. @throws Invalid by field */
async function saveAll({ db, actor }: RequestContext, project_id: string, cells: readonly TypedCell[]): Promise<void> {
  const staff = actor.side === 'staff';
  const name = staff ? 'log_time' : 'log_hours';
  for (const id of staff ? [project_id] : new Set(cells.map(({ cell }) => cell.work))) {
    const group = staff ? cells : cells.filter(({ cell }) => cell.work === id);
    try {
      await act(db.knex, actor, id, name, { cells: group.map(({ cell }) => cell) });
    } catch (error) {
      throw error instanceof Invalid ? byField(error, group) : error;
    }
  }
}

/** The errors of cells, by the fields of the form. */
const byField = ({ fields, values }: Invalid, cells: readonly TypedCell[]): Invalid =>
  new Invalid(
    Object.fromEntries(
      Object.entries(fields).map(([path, message]) => {
        const n = /^cells\.(\d+)\./.exec(path)?.[1];
        return [n === undefined ? 'form' : (cells[Number(n)]?.field ?? 'form'), message];
      }),
    ),
    values,
  );

const DECISIONS: Record<string, { staff: string; partner: string }> = {
  submit: { staff: 'submit_week', partner: 'submit_hours' },
  withdraw: { staff: 'withdraw_week', partner: 'withdraw_hours' },
};

/** Submits the week that was saved, or withdraws it; of a vendor's people on the first of its tasks. */
async function decide({ db, actor }: RequestContext, project_id: string, typed: Typed): Promise<void> {
  const names = DECISIONS[typed['then'] ?? ''];
  if (!names) return;
  const staff = actor.side === 'staff';
  const id = staff ? project_id : (typed['task'] ?? '');
  if (!isId(id)) throw new Invalid({ form: 'There is no time in this week.' });
  await act(db.knex, actor, id, staff ? names.staff : names.partner, { week: typed['week'] ?? '' });
}

/** What a script shows after a cell was saved. */
async function totalsOf(ctx: RequestContext) {
  const { input } = await readTime(ctx, { typed: {}, errors: {} });
  const { sheet } = input;
  return {
    total: sheet?.total,
    days: sheet?.days.map(({ total }) => total),
    rows: Object.fromEntries(
      (sheet?.rows ?? []).map(({ work, total, was, cells }) => [
        work,
        { total, was, cells: Object.fromEntries(cells.map(({ name, value }) => [name, value])) },
      ]),
    ),
  };
}
