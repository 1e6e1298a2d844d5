import { z } from 'zod';
import type { Actor, Query } from '../../../db/scope.js';
import { typeNamed } from '../../../document_types/index.js';
import { isDay } from '../../../input/valid_input.js';
import { addDays, today } from '../../../pages/days.js';
import type { Link, Tab } from '../../../pages/views/components.js';
import { type DayOff, daysOff } from '../../../projects/days_off/days_off.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { weeksAround, weeksFrom, type Window } from '../../../projects/schedule/scale.js';
import { type Dependency, type ScheduledTask, spanOf } from '../../../projects/schedule/scheduled_task.js';
import { isOffered } from '../../../subjects/may.js';
import { i18nOf } from '../../shared/layout.js';
import type { RequestContext } from '../../shared/request_context.js';
import { keyIn } from '../project_page.js';
import { type Chart, type ChartReader, lateText } from './chart.js';
import { type MoveForm, moveForm } from './move_form.js';
import { narrowChart } from './narrow_chart.js';
import { ROWS_DRAWN, scheduledTasks, scheduleDependencies } from './schedule_queries.js';
import { type ScheduleWeek, weekTable } from './week_table.js';
import { wideChart } from './wide_chart.js';

/** The schedule of a project, as `views/projects/schedule/section.ejs` shows it. */
export interface ScheduleSection {
  charts: Chart[];
  scales: Tab[];
  /** The weeks before and after those that are shown; `always`: on large screens, too. */
  steps: { earlier: string; later: string; always: boolean };
  weeks: ScheduleWeek[];
  /** "The first 200 tasks", with those behind. */
  more: Link | null;
  /** For staff. */
  move: MoveForm | null;
}

/** Days off before that are not drawn. */
const YEARS_BACK = 2;
const NARROW_WEEKS = 4;
const WIDE_WEEKS = 8;

const Params = z.object({
  scale: z.literal('weeks').nullable().catch(null),
  from: z.string().refine(isDay).nullable().catch(null),
  after: z.string().max(80).catch(''),
});

/** What a page asks for besides its own to show the schedule: for `scheduleSection`. */
export const scheduleQueries = (
  ctx: RequestContext,
): readonly [Query<ScheduledTask>, Query<Dependency>, Query<DayOff>] => {
  const { actor, req } = ctx;
  const { after, from } = Params.parse(req.query);
  const key = keyIn(ctx);
  const since = addDays(from ?? today(actor), -YEARS_BACK * 366);
  return [scheduledTasks(actor, key, after), scheduleDependencies(actor, key, after), daysOff(actor, since)];
};

/** The schedule from what `scheduleQueries` found; null for a project without tasks. */
export function scheduleSection(
  ctx: RequestContext,
  head: Pick<ProjectHead, 'key' | 'starts_on' | 'ends_on'>,
  found: readonly ScheduledTask[],
  waits: readonly Dependency[],
  closed: readonly DayOff[],
): ScheduleSection | null {
  if (!found.length) return null;
  const { actor, membership, req } = ctx;
  const { scale, from } = Params.parse(req.query);
  const url = `/${membership.slug}/projects/${head.key}/schedule`;
  const reader = readerOf(actor, closed);
  const tasks = found.slice(0, ROWS_DRAWN).map(waiting);
  const week = from ?? reader.today;
  const whole = scale === null ? weeksAround(daysOf(tasks, head), actor.locale) : null;
  const wide = whole ?? weeksFrom(from ?? addDays(week, -7), WIDE_WEEKS, actor.locale);
  const narrow = weeksFrom(week, NARROW_WEEKS, actor.locale);
  const charts = [
    { ...wideChart(tasks, waits, wide, whole !== null, reader), ...wordsOf(wide, tasks, reader) },
    { ...narrowChart(tasks, narrow, reader), ...wordsOf(narrow, tasks, reader) },
  ];
  const { t } = reader.i18n;
  const step = (days: number) => `${url}?${scale ? 'scale=weeks&' : ''}from=${addDays(narrow.from, days)}#schedule`;
  return {
    charts,
    scales: [
      { href: `${url}?scale=weeks#schedule`, label: t('Weeks'), current: scale === 'weeks' },
      { href: `${url}#schedule`, label: t('Whole project'), current: scale === null },
    ],
    steps: { earlier: step(-NARROW_WEEKS * 7), later: step(NARROW_WEEKS * 7), always: whole === null },
    weeks: weekTable(tasks, wide, reader),
    more: moreLink(found, url, scale, reader),
    move: reader.moves ? moveForm(ctx, url, tasks) : null,
  };
}

const readerOf = (actor: Actor, closed: readonly DayOff[]): ChartReader => ({
  closed,
  ...{ i18n: i18nOf(actor), locale: actor.locale, today: today(actor) },
  moves: isOffered(actor, 'planning'),
  width: actor.side === 'staff' ? 936 : 1088,
});

/** Only a document that somebody still has to answer holds a task up. */
function waiting(task: ScheduledTask): ScheduledTask {
  const { document } = task;
  if (!document?.number) return { ...task, document: null };
  return typeNamed(document.type).stateLabels[document.state]?.awaits === 'partner'
    ? task
    : { ...task, document: null };
}

const daysOf = (tasks: readonly ScheduledTask[], { starts_on, ends_on }: Pick<ProjectHead, 'starts_on' | 'ends_on'>) =>
  tasks
    .flatMap((task) => {
      const span = spanOf(task);
      return [span?.from, span?.to, task.planned_starts_on, task.planned_due_on];
    })
    .concat(starts_on, ends_on)
    .filter((day) => typeof day === 'string');

function wordsOf({ from, to }: Window, tasks: readonly ScheduledTask[], { i18n, today, closed }: ChartReader) {
  const { t, format } = i18n;
  const late = tasks.flatMap((task) => {
    const text = lateText(task, today, i18n);
    return text ? [`${task.title} (${text})`] : [];
  });
  const dates = { from: format.dayAndMonth(from), to: format.dayAndMonth(to) };
  const sentence = late.length ? ` ${t('Late: {{tasks}}.', { tasks: format.list(late.slice(0, 5)) })}` : '';
  const off = closed
    .filter(({ starts_on, ends_on }) => starts_on <= to && ends_on >= from)
    .map(({ name, starts_on, ends_on }) => `${name} (${format.range(starts_on, ends_on)})`);
  const closing = off.length ? ` ${t('Closed: {{name}}', { name: format.list(off.slice(0, 10)) })}.` : '';
  return {
    title: t('Schedule, {{from}} to {{to}}', dates),
    description: `${t('The same dates are in the table below.')}${sentence}${closing}`,
  };
}

function moreLink(found: readonly ScheduledTask[], url: string, scale: string | null, { i18n }: ChartReader) {
  const last = found[ROWS_DRAWN - 1];
  if (found.length <= ROWS_DRAWN || !last) return null;
  const query = `${scale ? 'scale=weeks&' : ''}after=${last.position}`;
  return { href: `${url}?${query}#schedule`, label: i18n.t('Tasks after “{{task}}”', { task: last.title }) };
}
