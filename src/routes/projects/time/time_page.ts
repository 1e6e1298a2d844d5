import { z } from 'zod';
import { actionsFor } from '../../../acting/permitted.js';
import type { Actor, QueryRows } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { isDay } from '../../../input/valid_input.js';
import { addDays, today } from '../../../pages/days.js';
import { defineView } from '../../../pages/views/render.js';
import { daysOff } from '../../../projects/days_off/days_off.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { projectSubject } from '../../../projects/project_subject.js';
import { mondayOf } from '../../../projects/time/weeks_of.js';
import { submittedText } from '../../../people/form_values.js';
import { isOffered } from '../../../subjects/may.js';
import { one } from '../../forms/field_values.js';
import type { ActionPage, Errors } from '../../shared/form.js';
import { idParam } from '../../shared/params.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { closedPeriod, projectTime, sharedRows, sharedSum, sharedWeeks } from './shared_queries.js';
import { type SharedView, sharedView } from './shared_view.js';
import { showTimeSettings } from './time_settings_page.js';
import { type SheetView, sheetView } from './sheet_view.js';
import { type StaffTime, staffTime } from './staff_view.js';
import {
  everybodysWeek,
  loggedAndPlanned,
  loggedWeek,
  projectWorks,
  runningTimer,
  weekState,
  weeksToApprove,
  worksOfWeek,
} from './time_queries.js';

interface TimeInput {
  frame: ProjectFrame;
  url: string;
  /** Of the reader, or of the person whose week staff look at; null: the reader logs no time here. */
  sheet: SheetView | null;
  /** Whose week it is, if not the reader's. */
  whose: string | null;
  staff: StaffTime | null;
  shared: SharedView | null;
  /** The form for time with notes, as typed. */
  entry: { day: string; values: Readonly<Record<string, string>>; errors: Errors };
}

export const timeTab = defineView<TimeInput>('projects/time/page');

const Params = z.object({ person: idParam, add: idParam });

/** What was wrong with a form, and what was typed. */
interface TypedTime {
  typed: Readonly<Record<string, string>>;
  errors: Errors;
  notice?: string | undefined;
}

const NOTHING: TypedTime = { typed: {}, errors: {} };

/** A project's time. `form`: of a form that comes back. */
export async function timePage(ctx: RequestContext, form: TypedTime): Promise<string> {
  const { head, input } = await readTime(ctx, form);
  return contextPage(ctx, timeTab, head.name, input, { notice: form.notice ?? unplaced(input, form.errors) });
}

/** What no field of the page can show. */
function unplaced({ sheet }: TimeInput, errors: Errors): string | undefined {
  const placed = new Set(sheet?.open ? sheet.rows.flatMap(({ cells }) => cells.map(({ name }) => name)) : []);
  for (const name of sheet?.open ? ['work', 'day', 'hours'] : []) placed.add(name);
  return Object.entries(errors).find(([name]) => !placed.has(name))?.[1];
}

export const showTime = async (ctx: RequestContext) => ctx.res.send(await timePage(ctx, NOTHING));

/** The toast after an act on a project's time. */
const DONE: Record<string, string> = {
  start_timer: 'timer_started',
  stop_timer: 'timer_stopped',
  discard_timer: 'timer_discarded',
  submit_week: 'sent',
  withdraw_week: 'saved',
  approve_week: 'approved',
  send_back_week: 'sent_back',
  ask_time: 'asked_back',
  approve_time: 'approved',
  question_time: 'sent',
};

/** Their week is no week of a sheet. */
const CUSTOMERS = new Set(['approve_time', 'question_time']);

/** Where acts on a project's time come back to. */
export const timeFormPage: ActionPage = {
  async show(ctx, { action, errors }) {
    if (action === 'set_time') return showTimeSettings(ctx, errors);
    return ctx.res.send(await timePage(ctx, { typed: submittedText(ctx.req.body), errors }));
  },
  next(ctx, { created_id, number }, action) {
    const { membership, req } = ctx;
    if (created_id) return `/${membership.slug}/documents/${created_id}/edit`;
    const week = submittedText(req.body)['week'];
    const at = week && isDay(week) && !CUSTOMERS.has(action) ? `week=${week}&` : '';
    return `/${membership.slug}/projects/${number}/time?${at}done=${DONE[action] ?? 'saved'}`;
  },
};

/** What the page shows, in one round trip. @throws as `readPage` */
export async function readTime(ctx: RequestContext, form: TypedTime): Promise<{ head: ProjectHead; input: TimeInput }> {
  const { actor } = ctx;
  const asked = askedFor(ctx);
  const { head, frame, i18n, url, found } = await readPage(ctx, 'time', ...queriesOf(ctx, asked));
  const [works, , , , [timer], , [terms], , , , waiting, everybody, planned] = found;
  const parts: TimeParts = {
    ctx,
    head,
    i18n,
    url: `${url}/time`,
    asked,
    may: actionsFor(projectSubject(head), actor, asked.day),
  };
  const own = asked.person === actor.person_id;
  const staff = terms && { ...parts, head, terms, timer, works, waiting, everybody, planned, week: asked.week };
  const input: TimeInput = {
    ...{ frame, url: parts.url, sheet: sheetOf(parts, found, form), shared: sharedOf(parts, found) },
    whose: own ? null : (everybody.find(({ person_id }) => person_id === asked.person)?.name ?? ''),
    staff: staff ? staffTime(staff) : null,
    entry: { day: asked.chosen, values: submittedText(form.typed), errors: form.errors },
  };
  return { head, input };
}

type Asked = ReturnType<typeof askedFor>;

interface TimeParts {
  ctx: RequestContext;
  head: ProjectHead;
  i18n: I18n;
  /** '/harbor/projects/MAPLE/time'. */
  url: string;
  asked: Asked;
  /** The actions that are offered. */
  may: object;
}

const queriesOf = (ctx: RequestContext, { week, person, before, adds }: Asked) => {
  const { req, actor } = ctx;
  const key = keyIn(ctx);
  return [
    projectWorks(actor, key, adds),
    loggedWeek(actor, key, person, week),
    weekState(actor, key, person, week),
    worksOfWeek(actor, key, person, addDays(week, -7)),
    ...([runningTimer(actor), closedPeriod(actor), projectTime(actor, key)] as const),
    ...([sharedWeeks(actor, key, before), sharedRows(actor, key, before), sharedSum(actor, key)] as const),
    weeksToApprove(actor, key),
    everybodysWeek(actor, key, week),
    loggedAndPlanned(actor, key, most(req)),
    daysOff(actor, week),
  ] as const;
};

type Found = QueryRows<ReturnType<typeof queriesOf>>;

/** The reader's own week, or that of the person whom staff look at; null: they log no time here. */
function sheetOf({ ctx, head, i18n, url, asked, may }: TimeParts, found: Found, form: TypedTime): SheetView | null {
  const { req, actor } = ctx;
  const { day: today, week, chosen, person, adds } = asked;
  const [works, cells, [state = null], last, [timer], [closed], , , , , , , , days_off] = found;
  const own = person === actor.person_id;
  if (own ? !mayLog(actor, works, may) : actor.side !== 'staff') return null;
  return sheetView({
    ...{ actor, i18n, url, week, today, chosen, works, cells, own, state, closed_on: closed?.closed_on ?? null },
    days_off,
    added: [...adds, ...(one(req.query, 'copy') ? last.map(({ work_id }) => work_id) : [])],
    running: own && timer?.project_key === head.key ? timer.work_id : null,
    ...{ typed: form.typed, errors: form.errors },
  });
}

/** What the customer sees, for them and for staff; null for vendors, and where they see nothing. */
function sharedOf({ ctx, head, i18n, url, may }: TimeParts, found: Found): SharedView | null {
  const { actor, membership } = ctx;
  const [, , , , , , [terms], weeks, rows, [sum]] = found;
  const sees = actor.side === 'staff' ? terms?.time_shown !== 'none' : actor.partner_id === head.partner_id;
  if (!sees) return null;
  return sharedView({
    ...{ weeks, rows, sum, locale: actor.locale, i18n, url, organization: membership.organization },
    approves: 'approve_time' in may,
    asks: 'ask_time' in may && terms?.asks_approval === true,
  });
}

/** So many tasks are compared with their plan, or all of them. */
const most = (req: RequestContext['req']) => (one(req.query, 'all') ? 200 : 8);

/** The week, day and person of the address; of a form, those that it says. */
function askedFor(ctx: RequestContext) {
  const { req, actor } = ctx;
  const day = today(actor);
  const fields = { ...req.query, ...submittedText(req.body) };
  const given = (name: string) => {
    const value = one(fields, name);
    return isDay(value) && value > '2000' && value <= '2200' ? value : null;
  };
  const wanted = given('show') ?? given('day') ?? given('week') ?? day;
  const week = mondayOf(wanted);
  const { person, add } = Params.parse(req.query);
  return {
    ...{ day, week, before: given('before'), adds: [...(add ? [add] : []), ...worksIn(fields)] },
    chosen: given('day') ?? (mondayOf(day) === week ? day : week),
    person: actor.side === 'staff' && person ? person : actor.person_id,
  };
}

/** The works of a week's form: its rows come back with it, also those without time yet. */
const worksIn = (fields: object) => Object.keys(fields).flatMap((name) => /^was:(.+)$/.exec(name)?.[1] ?? []);

/** Staff log on every project that they plan; a vendor's people on its tasks. */
const mayLog = (actor: Actor, works: readonly { vendor_id: string | null }[], may: object): boolean =>
  actor.side === 'staff'
    ? 'log_time' in may
    : isOffered(actor, { permits: 'answering' }) &&
      works.some(({ vendor_id }) => vendor_id !== null && vendor_id === actor.partner_id);
