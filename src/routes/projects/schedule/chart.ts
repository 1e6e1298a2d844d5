import type { I18n } from '../../../documents/queries/sheet.js';
import { addDays } from '../../../pages/days.js';
import { weekdaysIn } from '../../../pages/weeks.js';
import type { Stroke } from '../../../projects/schedule/bar_shapes.js';
import type { DayOff } from '../../../projects/days_off/days_off.js';
import { type Scale, weeksIn } from '../../../projects/schedule/scale.js';
import { latenessOf, type ScheduledTask } from '../../../projects/schedule/scheduled_task.js';

/** A schedule as it is drawn, in units that are pixels where there is room for all of it. */
export interface Chart {
  id: 'wide' | 'narrow';
  width: number;
  height: number;
  title: string;
  description: string;
  weeks: { x: number; label: string }[];
  weekends: { x: number; width: number }[];
  today: { x: number; label: string; left: number; width: number } | null;
  rows: ChartRow[];
  /** Paths from what comes first to what waits for it. */
  arrows: string[];
}

export interface ChartRow {
  /** A line above it; `strong` above a phase. */
  line: { y: number; strong: boolean } | null;
  texts: ChartText[];
  strokes: Stroke[];
  /** What staff may move: its bar, and what the form that moves it begins with. */
  move: Movable | null;
}

export interface ChartText {
  x: number;
  y: number;
  text: string;
  class: string;
  /** It ends at `x` instead of beginning there. */
  ends: boolean;
  /** What follows it, with its class. */
  more?: { text: string; class: string } | null;
}

interface Movable {
  /** As the form that moves it chooses it. */
  number: string;
  title: string;
  starts_on: string;
  due_on: string;
  x: number;
  y: number;
  width: number;
  /** The width of a day. */
  day: number;
}

/** Whom a schedule is drawn for. */
export interface ChartReader {
  i18n: I18n;
  locale: string;
  today: string;
  /** They may move tasks. */
  moves: boolean;
  /** When nobody of the organization works. */
  closed: readonly DayOff[];
  /** How much room their pages have on a usual screen: the desk has a menu at its side. */
  width: number;
}

/** Where the rows begin, below the names of weeks. */
export const HEAD = 36;

/** About as wide as a text is, in Inter. */
export const widthOf = (text: string, size: number) => text.length * size * 0.56;

/** The text, cut to a width. */
export const fitted = (text: string, size: number, width: number): string =>
  widthOf(text, size) <= width ? text : `${text.slice(0, Math.max(1, Math.floor(width / size / 0.56) - 1)).trimEnd()}…`;

/** Weeks, weekends with days off, and today, behind the bars. */
export function backdrop(scale: Scale, { i18n, locale, today, closed }: ChartReader) {
  const { t, format } = i18n;
  const starts = weeksIn(scale);
  const every = Math.max(1, Math.ceil(58 / scale.week));
  const [first = 1] = weekdaysIn(locale);
  const saturday = (6 - first + 7) % 7;
  const off = closed
    .filter(({ starts_on, ends_on }) => starts_on <= scale.to && ends_on >= scale.from)
    .map(({ starts_on, ends_on }) => [starts_on, addDays(ends_on, 1)] as const);
  const weekends = scale.week < 28 ? [] : [...starts.flatMap((day) => weekendOf(day, saturday)), ...off];
  const x = Math.round((scale.x(today) + scale.x(addDays(today, 1))) * 5) / 10;
  const width = Math.max(48, widthOf(t('Today'), 11) + 20);
  const left = Math.min(Math.max(x - width / 2, 0), scale.right - width);
  return {
    weeks: starts
      .filter((_, week) => week % every === 0)
      .map((day) => ({ x: scale.x(day), label: format.dayAndMonth(day) })),
    weekends: weekends.map(([from, to]) => ({ x: scale.x(from), width: scale.x(to) - scale.x(from) })),
    today: today >= scale.from && today <= scale.to ? { x, label: t('Today'), left, width } : null,
  };
}

/** Saturday and Sunday of a week; a week that begins with Sunday has them at its two ends. */
const weekendOf = (start: string, saturday: number): [string, string][] =>
  saturday === 6
    ? [
        [start, addDays(start, 1)],
        [addDays(start, 6), addDays(start, 7)],
      ]
    : [[addDays(start, saturday), addDays(start, saturday + 2)]];

/** "2 days late, now Dec 2"; null for what is in time. */
export function lateText(task: ScheduledTask, today: string, { t, format }: I18n): string | null {
  const late = latenessOf(task, today);
  if (!late) return null;
  const date = late.now ? format.dayAndMonth(late.now) : '';
  if (!late.days) return t('now {{date}}', { date });
  return late.now
    ? t('{{count}} days late, now {{date}}', { count: late.days, date })
    : t('{{count}} days late', { count: late.days });
}

/** What stands beside a bar: that it is late, yours, or waits for a document. */
export function noteOf(task: ScheduledTask, today: string, i18n: I18n): { text: string; class: string } | null {
  const late = lateText(task, today, i18n);
  if (late) return { text: `▲ ${late}`, class: 'gantt-late-words' };
  if (task.state === 'done') return null;
  const { t, format } = i18n;
  if (task.document)
    return { text: t('waits for {{number}}', { number: task.document.number ?? '' }), class: 'gantt-yours-words' };
  if (task.yours) return { text: t('You'), class: 'gantt-yours-words' };
  return task.milestone && task.due_on ? { text: format.dayAndMonth(task.due_on), class: 'gantt-note' } : null;
}
