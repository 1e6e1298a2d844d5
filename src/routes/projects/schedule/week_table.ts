import type { I18n } from '../../../documents/queries/sheet.js';
import { addDays } from '../../../pages/days.js';
import { weekOf } from '../../../pages/weeks.js';
import { type Window, weeksIn } from '../../../projects/schedule/scale.js';
import { isOver, type ScheduledTask, spanOf } from '../../../projects/schedule/scheduled_task.js';
import { type ChartReader, lateText } from './chart.js';

/** What begins and ends in a week, in words. */
export interface ScheduleWeek {
  label: string;
  /** "this week" */
  now: string | null;
  items: { text: string; late: string | null; yours: boolean }[];
  /** "Dec 2, Dec 4" */
  ends: string;
}

/** The weeks of a window in which a task begins or ends. */
export const weekTable = (tasks: readonly ScheduledTask[], window: Window, reader: ChartReader): ScheduleWeek[] =>
  weeksIn(window).flatMap((from) => weekRow(tasks, { from, to: addDays(from, 6) }, reader) ?? []);

function weekRow(tasks: readonly ScheduledTask[], week: Window, reader: ChartReader): ScheduleWeek | null {
  const { i18n, today, locale } = reader;
  const isIn = (day: string) => day >= week.from && day <= week.to;
  const found = tasks
    .flatMap((task) => {
      const span = task.kind === 'phase' ? null : spanOf(task);
      return span && (isIn(span.from) || isIn(span.to))
        ? [{ task, ...span, begins: isIn(span.from), ends: isIn(span.to) }]
        : [];
    })
    .toSorted((a, b) => ((a.ends ? a.to : a.from) < (b.ends ? b.to : b.from) ? -1 : 1));
  if (!found.length) return null;
  const days = [...new Set(found.filter(({ ends }) => ends).map(({ to }) => to))].toSorted();
  return {
    label: i18n.format.dayAndMonth(week.from),
    now: weekOf(today, locale).from === week.from ? i18n.t('this week') : null,
    items: found.map(({ task, begins, ends }) => ({
      text: sentence(task, begins, ends, i18n),
      late: ends ? lateText(task, today, i18n) : null,
      yours: task.yours && !isOver(task),
    })),
    ends: days.map((day) => i18n.format.dayAndMonth(day)).join(', '),
  };
}

function sentence(task: ScheduledTask, begins: boolean, ends: boolean, { t, format }: I18n): string {
  const span = spanOf(task);
  const values = {
    task: task.title,
    from: format.dayAndMonth(span?.from ?? ''),
    to: format.dayAndMonth(span?.to ?? ''),
  };
  if (isOver(task)) return ends ? t('{{task}}: done, planned to {{to}}', values) : t('{{task}}: from {{from}}', values);
  if (begins && ends)
    return span?.from === span?.to ? t('{{task}}: on {{to}}', values) : t('{{task}}: {{from}} to {{to}}', values);
  return begins ? t('{{task}}: starts {{from}}', values) : t('{{task}}: finishes {{to}}', values);
}
