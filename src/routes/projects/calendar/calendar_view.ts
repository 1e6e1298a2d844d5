import { otherPlace, repeatText, timeText } from '../../../calendar/event_words.js';
import { type Span, spanOn } from '../../../calendar/series.js';
import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { addDays } from '../../../pages/days.js';
import type { Translate } from '../../../pages/i18n.js';
import { type DayOff, dayOffOn } from '../../../projects/days_off/days_off.js';
import type { Link, Tab } from '../../../pages/views/components.js';
import { type Asked, type CalendarView, monthOf, neighbour } from './calendar_range.js';
import type { Range, ShownEvent, ShownTask } from './calendar_queries.js';

/** Something on a day: an event, a task that is due, or a milestone. */
interface CalendarItem {
  kind: 'event' | 'task' | 'milestone';
  title: string;
  url: string;
  /** "9:00 AM", "All day", "Due". */
  time: string;
  /** What takes all of a day goes before what has a time: '09:00'. */
  begins: string;
  /** Where, how often. */
  more: string;
  /** Of an event that is only proposed, a task that is late or done: in words. */
  note: string | null;
  tone: 'plain' | 'waiting' | 'late' | 'done';
}

interface CalendarDay {
  day: string;
  /** "4", and "Friday, December 4". */
  number: string;
  label: string;
  url: string;
  today: boolean;
  /** Of another month than the one shown. */
  outside: boolean;
  items: CalendarItem[];
  /** That it is a day off, and for what. */
  closed: string | null;
}

/** What a calendar shows, with the links to its other views and days. */
export interface CalendarShown {
  view: CalendarView;
  /** "December 2026". */
  title: string;
  views: Tab[];
  previous: Link;
  next: Link;
  today: Link;
  /** "Mon". */
  weekdays: { short: string; long: string }[];
  weeks: CalendarDay[][];
  /** Where something is added. */
  create: Link | null;
  /** Those days with something on them. */
  agenda: CalendarDay[];
}

interface Context {
  actor: Actor;
  i18n: I18n;
  slug: string;
  /** Of the calendar's page. */
  url: string;
  create: Link | null;
}

interface Found {
  events: readonly ShownEvent[];
  tasks: readonly ShownTask[];
  closed: readonly DayOff[];
}

/** A calendar of what is found in a range. */
export function calendarView(
  asked: Asked,
  range: Range,
  { events, tasks, closed }: Found,
  context: Context,
): CalendarShown {
  const { i18n, url, create } = context;
  const byDay = itemsByDay(events, tasks, range, asked.today, context);
  const days = daysIn(range).map((day) => dayView(day, byDay.get(day) ?? [], dayOffOn(closed, day), asked, context));
  const at = (day: string, label: string) => ({ href: `${url}?view=${asked.view}&on=${day}`, label: i18n.t(label) });
  return {
    ...{ view: asked.view, create },
    title: titleOf(asked, range, i18n),
    views: VIEW_LABELS.map(([view, label]) => ({
      ...{ href: `${url}?view=${view}&on=${asked.on}`, label: i18n.t(label), current: view === asked.view },
    })),
    previous: at(neighbour(asked, -1), 'Earlier'),
    next: at(neighbour(asked, 1), 'Later'),
    today: at(asked.today, 'Today'),
    weekdays: days.slice(0, 7).map(({ day }) => weekdayNames(day, context.actor.locale)),
    weeks: asked.view === 'agenda' ? [] : chunks(days, 7),
    agenda: days.filter(({ items, closed }) => items.length || closed),
  };
}

const VIEW_LABELS = [
  ['month', 'Month'],
  ['week', 'Week'],
  ['agenda', 'Agenda'],
] as const;

function titleOf({ view, on }: Asked, { from, to }: Range, { format }: I18n): string {
  if (view === 'month') return format.month(on.slice(0, 7));
  return `${format.shortDate(from)} – ${format.shortDate(to)}`;
}

function daysIn({ from, to }: Range): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, n * size + size));

function weekdayNames(day: string, locale: string) {
  const name = (weekday: 'short' | 'long') =>
    new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' }).format(new Date(day));
  return { short: name('short'), long: name('long') };
}

function dayView(
  day: string,
  items: CalendarItem[],
  off: DayOff | null,
  { view, on, today }: Asked,
  { i18n, url }: Context,
): CalendarDay {
  const { first, last } = monthOf(on);
  return {
    ...{ day, items, today: day === today, number: String(Number(day.slice(8))) },
    label: i18n.format.weekday(day),
    closed: off && i18n.t('Closed: {{name}}', { name: off.name }),
    url: `${url}?view=agenda&on=${day}`,
    outside: view === 'month' && (day < first || day > last),
  };
}

/** What is on each day: first what takes all of it, then by its time. */
function itemsByDay(
  events: readonly ShownEvent[],
  tasks: readonly ShownTask[],
  { from, to }: Range,
  today: string,
  context: Context,
): Map<string, CalendarItem[]> {
  const found = new Map<string, CalendarItem[]>();
  const add = (day: string, item: CalendarItem) => found.set(day, [...(found.get(day) ?? []), item]);
  for (const task of tasks) add(task.due_on, taskItem(task, today, context));
  for (const event of events) {
    const span = spanOf(event);
    const last = lastDay(event, span) < to ? lastDay(event, span) : to;
    for (let day = event.starts_on < from ? from : event.starts_on; day <= last; day = addDays(day, 1))
      add(day, eventItem(event, span, day, context));
  }
  for (const items of found.values()) items.sort((one, other) => one.begins.localeCompare(other.begins));
  return found;
}

/** When this time of an event begins and ends. */
const spanOf = (event: ShownEvent): Span => {
  const { own_starts_at, own_ends_at } = event;
  return own_starts_at && own_ends_at
    ? { starts_at: own_starts_at, ends_at: own_ends_at }
    : spanOn(event, event.original_on);
};

/** What ends at midnight is not on the day that begins then. */
const lastDay = ({ whole_day, starts_on, ends_on }: ShownEvent, { ends_at }: Span): string =>
  !whole_day && ends_at.endsWith('T00:00') && ends_on > starts_on ? addDays(ends_on, -1) : ends_on;

function eventItem(event: ShownEvent, span: Span, day: string, { actor, i18n, slug }: Context): CalendarItem {
  const { t } = i18n;
  const proposed = event.state === 'proposed';
  const begins = !event.whole_day && day === event.starts_on;
  return {
    kind: 'event',
    title: event.title,
    url: `/${slug}/events/${event.number}${event.repeats ? `?on=${event.original_on}` : ''}`,
    time: timeOf(event, span, day, actor, t),
    begins: begins ? span.starts_at.slice(11) : '',
    more: [event.place, repeatText(event, i18n)].filter(Boolean).join(' · '),
    note: proposed ? t('Proposed') : event.own_starts_at ? t('Moved') : null,
    tone: proposed ? 'waiting' : 'plain',
  };
}

/** "9:00 AM", "Until 1:00 AM" on the day it ends, and where clocks show it, if the reader's don't. */
function timeOf(event: ShownEvent, span: Span, day: string, { locale, time_zone }: Actor, t: Translate): string {
  const { whole_day, starts_on, ends_on } = event;
  const [starts, ends] = [day === starts_on, day === ends_on];
  if (whole_day || !(starts || ends)) return t('All day');
  const time = timeText((starts ? span.starts_at : span.ends_at).slice(11), locale);
  const place = otherPlace({ ...event, ...span }, time_zone);
  const text = place ? `${time} (${place})` : time;
  return starts ? text : t('Until {{time}}', { time: text });
}

function taskItem(
  { number, title, state, due_on, milestone }: ShownTask,
  today: string,
  context: Context,
): CalendarItem {
  const { i18n, slug } = context;
  const done = state === 'done';
  const late = !done && due_on < today;
  return {
    ...{ title, kind: milestone ? 'milestone' : 'task', url: `/${slug}/tasks/${number}`, begins: '' },
    time: i18n.t(milestone ? 'Milestone' : 'Due'),
    more: '',
    note: done ? i18n.t('Done') : late ? i18n.t('Late') : null,
    tone: done ? 'done' : late ? 'late' : 'plain',
  };
}
