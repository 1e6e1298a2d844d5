import type { I18n } from '../../../documents/queries/sheet.js';
import { hoursText } from '../../../input/hours/hours_text.js';
import { addDays, today } from '../../../pages/days.js';
import type { Choice, Tab } from '../../../pages/views/components.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { one } from '../../forms/field_values.js';
import type { RequestContext } from '../../shared/request_context.js';
import type { ProjectTime } from './shared_queries.js';
import type { PersonWeek, PlannedRow, Timer, WeekState, WorkRow } from './time_queries.js';
import { weekTitle } from './sheet_view.js';

/** What staff see of a project's time besides a sheet. Times are texts. */
export interface StaffTime {
  /** The reader's timer, wherever it runs. `started_at` ISO 8601. */
  timer: (Pick<Timer, 'work' | 'note' | 'project'> & { started_at: Date; iso: string; url: string }) | null;
  /** Where timers are started; null where the reader logs no time. */
  start_url: string | null;
  works: Choice[];
  tabs: Tab[];
  /** The week that is looked at: "Nov 23 – Nov 29", and those beside it; none after the present. */
  week: { title: string; previous: string; next: string | null };
  /** Who logged what in the week; null: it isn't asked for. */
  everyone: { name: string; partner: string | null; hours: string; state: string; url: string }[] | null;
  waiting: { person: string; name: string; week: string; title: string; hours: string; url: string }[];
  may_decide: boolean;
  planned: PlannedView[];
  all_url: string;
  report_url: string;
  customer: string;
  /** What the customer sees, in a sentence. */
  sees: string;
  settings_url: string | null;
  billing: { text: string; url: string | null } | null;
  activity_url: string | null;
}

interface PlannedView {
  title: string;
  url: string | null;
  logged: string;
  planned: string;
  left: string;
  over: boolean;
  value: number;
  max: number;
}

interface StaffParts {
  ctx: RequestContext;
  head: ProjectHead;
  terms: ProjectTime;
  timer: Timer | undefined;
  works: readonly WorkRow[];
  waiting: readonly WeekState[];
  everybody: readonly PersonWeek[];
  planned: readonly PlannedRow[];
  /** The actions that are offered. */
  may: object;
  url: string;
  week: string;
  i18n: I18n;
}

const SEES = {
  hours: 'Approved time with its hours. No rates, costs or running timers.',
  notes: 'What was done in approved time, without hours, rates or costs.',
  none: 'No time. Choose what they see in the settings.',
} as const;

export function staffTime(parts: StaffParts): StaffTime {
  const { ctx, head, terms, timer, waiting, planned, may, url, i18n } = parts;
  const { actor, membership } = ctx;
  const project = url.replace(/\/time$/, '');
  const logs = 'log_time' in may;
  return {
    timer: timer ? timerView(timer, `/${membership.slug}/projects/${timer.project_key}`) : null,
    start_url: logs ? `${project}/start_timer` : null,
    works: logs ? worksToChoose(parts) : [],
    ...everyoneOf(parts),
    waiting: waiting.map(({ person_id, name, week, minutes }) => ({
      ...{ person: person_id, name, week, title: weekTitle(week, i18n), hours: hoursText(minutes, actor.locale) },
      url: `${url}?person=${person_id}&week=${week}`,
    })),
    may_decide: 'approve_week' in may,
    planned: planned.map((row) => plannedView(row, parts)),
    ...{ all_url: `${url}?all=1`, report_url: `${url}/report`, customer: head.partner },
    sees: i18n.t(SEES[terms.time_shown]),
    settings_url: 'set_time' in may ? `${url}/settings` : null,
    billing: billOf(parts, project),
    activity_url: 'add_activity' in may ? `${project}/add_activity` : null,
  };
}

const timerView = ({ work, note, project, started_at }: Timer, url: string) => ({
  ...{ work, note, project, url, started_at: new Date(started_at) },
  iso: new Date(started_at).toISOString(),
});

const worksToChoose = ({ works }: StaffParts): Choice[] =>
  works
    .filter(({ state }) => state !== 'dropped')
    .map(({ id, title, parent }) => ({ value: id, label: parent ? `${title} · ${parent}` : title }));

const STATES = {
  open: 'Not submitted',
  submitted: 'Submitted',
  approved: 'Approved',
  sent_back: 'Sent back',
} as const;

function everyoneOf({ ctx, everybody, url, week, i18n }: StaffParts): Pick<StaffTime, 'tabs' | 'week' | 'everyone'> {
  const { req, actor } = ctx;
  const { t } = i18n;
  const all = Boolean(one(req.query, 'everyone'));
  const of = (everyone: boolean, from = week) => `${url}?week=${from}${everyone ? '&everyone=1' : ''}`;
  const next = addDays(week, 7);
  return {
    week: {
      ...{ title: weekTitle(week, i18n), previous: of(all, addDays(week, -7)) },
      next: next > today(actor) ? null : of(all, next),
    },
    tabs: [
      { href: of(false), label: t('Mine'), current: !all && !one(req.query, 'person') },
      { href: of(true), label: t('Everyone'), current: all },
    ],
    everyone: all
      ? everybody.map(({ person_id, name, partner, minutes, state }) => ({
          ...{ name, partner, hours: hoursText(minutes, actor.locale), state: t(STATES[state ?? 'open']) },
          url: `${url}?person=${person_id}&week=${week}`,
        }))
      : null,
  };
}

function plannedView({ title, number, logged, planned }: PlannedRow, { ctx, i18n: { t } }: StaffParts): PlannedView {
  const { actor, membership } = ctx;
  const hours = (minutes: number) => hoursText(minutes, actor.locale);
  const left = (planned ?? 0) - logged;
  const over = planned !== null && left < 0;
  return {
    ...{ title, url: number ? `/${membership.slug}/tasks/${number}` : null, logged: hours(logged), over },
    planned: planned === null ? '' : hours(planned),
    left: planned === null ? '' : over ? t('{{hours}} over', { hours: hours(-left) }) : hours(left),
    value: Math.min(logged, planned ?? 0),
    max: planned ?? 0,
  };
}

/** What can be billed, and how far the customer has approved it. */
function billOf({ ctx, terms, may, i18n: { t } }: StaffParts, project: string): StaffTime['billing'] {
  const { asks_approval, unbilled_minutes, accepted_minutes } = terms;
  if (!unbilled_minutes) return null;
  const hours = (minutes: number) => hoursText(minutes, ctx.actor.locale);
  const ready = asks_approval ? accepted_minutes : unbilled_minutes;
  const text = asks_approval
    ? t('{{hours}} hours not billed, {{accepted}} approved by the customer', {
        hours: hours(unbilled_minutes),
        accepted: hours(accepted_minutes),
      })
    : t('{{hours}} approved hours not billed', { hours: hours(unbilled_minutes) });
  return { text, url: ready && 'bill_time' in may ? `${project}/bill_time` : null };
}
