import { repeatText, timeText } from '../../../calendar/event_words.js';
import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { addDays } from '../../../pages/days.js';
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

/** A calendar of what is found in a range. */
export function calendarView(
  asked: Asked,
  range: Range,
  { events, tasks }: { events: readonly ShownEvent[]; tasks: readonly ShownTask[] },
  context: Context,
): CalendarShown {
  const { i18n, url, create } = context;
  const byDay = itemsByDay(events, tasks, range, asked.today, context);
  const days = daysIn(range).map((day) => dayView(day, byDay.get(day) ?? [], asked, context));
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
    agenda: days.filter(({ items }) => items.length),
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

function dayView(day: string, items: CalendarItem[], { view, on, today }: Asked, { i18n, url }: Context): CalendarDay {
  const { first, last } = monthOf(on);
  return {
    ...{ day, items, today: day === today, number: String(Number(day.slice(8))) },
    label: i18n.format.weekday(day),
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
  for (const event of events.toSorted((one, other) => rank(one).localeCompare(rank(other)))) {
    const last = event.ends_on < to ? event.ends_on : to;
    for (let day = event.starts_on < from ? from : event.starts_on; day <= last; day = addDays(day, 1))
      add(day, eventItem(event, day, context));
  }
  return found;
}

const rank = ({ whole_day, starts_at }: ShownEvent) => (whole_day ? '' : starts_at.slice(11));

function eventItem(event: ShownEvent, day: string, { actor, i18n, slug }: Context): CalendarItem {
  const { t } = i18n;
  const begins = day === event.starts_on && !event.whole_day;
  const proposed = event.state === 'proposed';
  return {
    kind: 'event',
    title: event.title,
    url: `/${slug}/events/${event.number}`,
    time: begins ? timeText(event.starts_at.slice(11), actor.locale) : t('All day'),
    more: [event.place, repeatText(event, i18n)].filter(Boolean).join(' · '),
    note: proposed ? t('Proposed') : null,
    tone: proposed ? 'waiting' : 'plain',
  };
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
    ...{ title, kind: milestone ? 'milestone' : 'task', url: `/${slug}/tasks/${number}` },
    time: i18n.t(milestone ? 'Milestone' : 'Due'),
    more: '',
    note: done ? i18n.t('Done') : late ? i18n.t('Late') : null,
    tone: done ? 'done' : late ? 'late' : 'plain',
  };
}
