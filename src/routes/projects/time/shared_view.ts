import type { I18n } from '../../../documents/queries/sheet.js';
import { hoursText } from '../../../input/hours/hours_text.js';
import type { Badge } from '../../../pages/views/components.js';
import type { Translate } from '../../../pages/i18n.js';
import { lifecycleOf } from '../../../subjects/lifecycles.js';
import { task } from '../../../subjects/project/task_lifecycle.js';
import { weekTitle } from './sheet_view.js';
import { type SharedRow, type SharedWeek, WEEKS } from './shared_queries.js';

/** Approved time as the customer sees it: views/projects/time/shared.ejs, the same for both sides. */
export interface SharedView {
  /** "62:30 hours since October 12, 2026"; null: no hours are shown. */
  sum: string | null;
  hours: boolean;
  weeks: SharedWeekView[];
  earlier: string | null;
}

interface SharedWeekView {
  week: string;
  title: string;
  /** Null: no hours are shown. */
  total: string | null;
  /** As the form that approves it says that it was seen. */
  seen: string;
  /** "Approved by Maya Chen", or that they were asked. */
  state: string | null;
  /** The customer may approve it: what of it, "5:30", or all of it; null: they may not. */
  approve: { hours: string | null; works: { id: string; title: string }[] } | null;
  /** Staff may ask for it. */
  may_ask: boolean;
  rows: { title: string; accepted: boolean; badge: Badge | null; note: string; by: string; hours: string }[];
}

interface SharedParts {
  weeks: readonly SharedWeek[];
  rows: readonly SharedRow[];
  sum: { minutes: number | null; since: string | null } | undefined;
  locale: string;
  i18n: I18n;
  url: string;
  /** The name of who does the work where no person is named. */
  organization: string;
  approves: boolean;
  asks: boolean;
}

export function sharedView(parts: SharedParts): SharedView {
  const { weeks, rows, sum, locale, i18n, url } = parts;
  const shown = weeks.slice(0, WEEKS);
  const hours = shown.some(({ minutes }) => minutes !== null);
  const last = shown.at(-1)?.week;
  return {
    sum: sumText(sum, locale, i18n),
    hours,
    weeks: shown.map((week) =>
      weekView(
        week,
        rows.filter((row) => row.week === week.week),
        parts,
      ),
    ),
    earlier: weeks.length > WEEKS && last ? `${url}?before=${last}#shared-time` : null,
  };
}

const sumText = (sum: SharedParts['sum'], locale: string, { t, format }: I18n): string | null =>
  sum?.since && sum.minutes
    ? t('{{hours}} hours since {{date}}', { hours: hoursText(sum.minutes, locale), date: format.date(sum.since) })
    : null;

function weekView(shown: SharedWeek, rows: readonly SharedRow[], parts: SharedParts): SharedWeekView {
  const { locale, i18n, organization, approves, asks } = parts;
  const { week, minutes, accepted_at, asked_at } = shown;
  return {
    ...{ week, title: weekTitle(week, i18n), seen: String(minutes ?? ''), state: stateOf(shown, i18n) },
    total: minutes === null ? null : hoursText(minutes, locale),
    approve: approves && asked_at !== null && accepted_at === null ? approvalOf(shown, rows, parts) : null,
    may_ask: asks && accepted_at === null,
    rows: rows.map(({ title, state, note, name, trade, minutes: spent, accepted }) => ({
      ...{ title: title ?? i18n.t('Other work'), note, badge: state ? stateBadge(state, i18n.t) : null },
      accepted: accepted && accepted_at === null,
      by: name ? (name.split(' ')[0] ?? name) : trade || organization,
      hours: spent === null ? '' : hoursText(spent, locale),
    })),
  };
}

/** What of a week is still to approve, and the tasks on which it may be approved alone. */
function approvalOf(
  { minutes, accepted_minutes }: SharedWeek,
  rows: readonly SharedRow[],
  { locale, i18n }: SharedParts,
): SharedWeekView['approve'] {
  const open = rows.filter(({ accepted }) => !accepted);
  const works = new Map(open.map(({ work_id, title }) => [work_id, title ?? i18n.t('Other work')]));
  return {
    hours: minutes === null ? null : hoursText(minutes - (accepted_minutes ?? 0), locale),
    works: [...works].map(([id, title]) => ({ id, title })),
  };
}

/** A task's state; whether it is late is not said of what was done. */
function stateBadge(state: string, t: Translate): Badge {
  const { label, tone } = lifecycleOf(task.name).stateLabels[state] ?? { label: state, tone: 'quiet' };
  return { label: t(label), tone };
}

function stateOf(week: SharedWeek, { t }: I18n): string | null {
  const { accepted_at, accepted_by, asked_at, questioned_by } = week;
  if (accepted_at) return t('Approved by {{name}}.', { name: accepted_by ?? '' });
  if (questioned_by) return t('{{name}} has a question', { name: questioned_by });
  if (week.accepted_minutes) return t('Partly approved');
  return asked_at ? t('Waiting for approval') : null;
}
