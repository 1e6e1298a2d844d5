import { isDay } from '../../../input/valid_input.js';
import type { Actor } from '../../../db/scope.js';
import { addDays, today } from '../../../pages/days.js';
import { weekOf } from '../../../pages/weeks.js';
import { one } from '../../forms/field_values.js';
import type { RequestContext } from '../../shared/request_context.js';
import type { Range } from './calendar_queries.js';

const VIEWS = ['month', 'week', 'agenda'] as const;
export type CalendarView = (typeof VIEWS)[number];

/** What an address asks for: a view, and a day in what it shows. */
export interface Asked {
  view: CalendarView;
  on: string;
  today: string;
}

/** An agenda has so many days. */
const AGENDA_DAYS = 60;

/** `?view=week&on=2026-12-04`; else the month of today. */
export function askedOf({ req, actor }: RequestContext): Asked {
  const [view, on] = [one(req.query, 'view'), one(req.query, 'on')];
  const now = today(actor);
  const known = VIEWS.find((name) => name === view) ?? 'month';
  return { view: known, on: isDay(on) && /^20\d\d/.test(on) ? on : now, today: now };
}

/** The days that are shown; of a month, whole weeks of the reader. */
export function rangeOf({ view, on }: Asked, { locale }: Pick<Actor, 'locale'>): Range {
  if (view === 'agenda') return { from: on, to: addDays(on, AGENDA_DAYS - 1) };
  if (view === 'week') return weekOf(on, locale);
  const { first, last } = monthOf(on);
  return { from: weekOf(first, locale).from, to: weekOf(last, locale).to };
}

/** The first and the last day of the month of a day. */
export function monthOf(day: string): { first: string; last: string } {
  const first = `${day.slice(0, 7)}-01`;
  const next = addDays(first, 31).slice(0, 7);
  return { first, last: addDays(`${next}-01`, -1) };
}

/** The day on which the page before or after this one begins. */
export function neighbour({ view, on }: Asked, direction: -1 | 1): string {
  if (view === 'week') return addDays(on, direction * 7);
  if (view === 'agenda') return addDays(on, direction * AGENDA_DAYS);
  const { first, last } = monthOf(on);
  return direction < 0 ? monthOf(addDays(first, -1)).first : addDays(last, 1);
}
