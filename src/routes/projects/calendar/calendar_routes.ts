import { Router } from 'express';
import type { Config } from '../../../config.js';
import type { Database } from '../../../db/database.js';
import { limited } from '../../limits/rates.js';
import { members, verified } from '../../shared/guard.js';
import { withContext } from '../../shared/request_context.js';
import { showEvent } from '../events/event_page.js';
import { createEvent, newEventPage, showEdit } from '../events/event_form.js';
import { showCalendar, showOwnCalendar } from './calendar_page.js';
import { changeFeed, sendFeed, showFeed } from './feed_pages.js';

/** Calendar programs ask every few minutes; an office has many. */
const FEEDS = { person: 600, address: 2000, seconds: 600 };

/** Events: in a project's calendar, in everybody's own, and in other programs. */
export function calendars(db: Database, config: Config): Router {
  const router = Router();
  const handle = withContext(db);
  const project = '/:organization/projects/:key';
  router.get(`${project}/calendar`, handle(members, showCalendar));
  router.get(
    `${project}/calendar/new`,
    handle(members, async (ctx) => ctx.res.send(await newEventPage(ctx))),
  );
  router.post(`${project}/events`, handle(members, createEvent));
  router.get(
    '/:organization/events/:key',
    handle(members, (ctx) => showEvent(ctx)),
  );
  router.get(
    '/:organization/events/:key/edit',
    handle(members, (ctx) => showEdit(ctx)),
  );
  router.get('/:organization/calendar', handle(verified, showOwnCalendar));
  const settings = '/:organization/settings/calendar';
  router.get(settings, handle(verified, showFeed));
  router.post(
    settings,
    handle(verified, (ctx) => changeFeed(ctx, config)),
  );
  router.get(
    '/calendar/:token.ics',
    limited(FEEDS, () => 1),
    (req, res) => sendFeed(db, config, req, res),
  );
  return router;
}
