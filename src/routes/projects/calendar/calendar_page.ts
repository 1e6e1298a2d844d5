import { read } from '../../../db/scope.js';
import { defineView } from '../../../pages/views/render.js';
import { daysOff } from '../../../projects/days_off/days_off.js';
import { mayAskForMeeting } from '../../../projects/events/add_event.js';
import { isOffered } from '../../../subjects/may.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { allEvents, ownDueTasks, projectDueTasks, projectEvents } from './calendar_queries.js';
import { askedOf, rangeOf } from './calendar_range.js';
import { type CalendarShown, calendarView } from './calendar_view.js';

interface CalendarInput {
  frame: ProjectFrame;
  calendar: CalendarShown;
}

export const calendarTab = defineView<CalendarInput>('projects/calendar/page');

/** A project's events and the days on which its tasks are due. */
export async function showCalendar(ctx: RequestContext) {
  const { res, actor, membership } = ctx;
  const asked = askedOf(ctx);
  const range = rangeOf(asked, actor);
  const key = keyIn(ctx);
  const queries = [
    projectEvents(actor, range, key),
    projectDueTasks(actor, range, key),
    daysOff(actor, range.from),
  ] as const;
  const { head, frame, found, i18n, url } = await readPage(ctx, 'calendar', ...queries);
  const [events, tasks, closed] = found;
  const plans = isOffered(actor, 'planning');
  const create = plans ? 'New event' : mayAskForMeeting(actor, head) ? 'Ask for a meeting' : null;
  const context = {
    ...{ actor, i18n, slug: membership.slug, url: `${url}/calendar` },
    create: create && { href: `${url}/calendar/new?on=${asked.on}`, label: i18n.t(create) },
  };
  const calendar = calendarView(asked, range, { events, tasks, closed }, context);
  res.send(contextPage(ctx, calendarTab, head.name, { frame, calendar }));
}

interface OwnCalendarInput {
  calendar: CalendarShown;
  /** Where it is had in another program. */
  feed_url: string;
}

export const ownCalendarView = defineView<OwnCalendarInput>('projects/calendar/own');

/** All events that somebody sees, and their own tasks. */
export async function showOwnCalendar(ctx: RequestContext) {
  const { db, res, actor, membership } = ctx;
  const asked = askedOf(ctx);
  const range = rangeOf(asked, actor);
  const queries = [allEvents(actor, range), ownDueTasks(actor, range), daysOff(actor, range.from)] as const;
  const [events, tasks, closed] = await read(db.pool, actor, ...queries);
  const i18n = i18nOf(actor);
  const { slug } = membership;
  const context = { actor, i18n, slug, url: `/${slug}/calendar`, create: null };
  const calendar = calendarView(asked, range, { events, tasks, closed }, context);
  const feed_url = `/${slug}/settings/calendar`;
  res.send(contextPage(ctx, ownCalendarView, i18n.t('Calendar'), { calendar, feed_url }));
}
