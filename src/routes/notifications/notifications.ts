import { Router } from 'express';
import { z } from 'zod';
import type { Listener } from '../../activity/listen.js';
import { markAllRead, markReadUpTo } from '../../activity/notify.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { setMuted } from '../../mail/suppression/mute.js';
import { once } from '../acts/once.js';
import { formInput } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { idParam, pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { notificationSettings } from './email_settings.js';
import { notificationStream } from './notification_stream.js';
import { askingOf, FILTERS, notificationsOf, participationIn, subjectOfNotification } from './notification_queries.js';
import { addressOf, notificationsPage, notificationsView } from './notifications_view.js';

const Address = z.object({ show: z.enum(FILTERS).catch('all'), before: idParam });

/** What a person is told: the list behind the bell, its live count, and which of it comes by email. */
export function notifications(db: Database, listener: Listener): Router {
  const router = Router();
  const handle = withContext(db);
  const all = '/:organization/notifications';
  router.get(all, handle(verified, show));
  router.post(
    `${all}/read`,
    handle(verified, (ctx) => change(ctx, readAll)),
  );
  router.post(
    `${all}/:id/read`,
    handle(verified, (ctx) => change(ctx, readOne)),
  );
  router.post(
    `${all}/:id/mute`,
    handle(verified, (ctx) => change(ctx, (inner) => mute(inner, true))),
  );
  router.post(
    `${all}/:id/unmute`,
    handle(verified, (ctx) => change(ctx, (inner) => mute(inner, false))),
  );
  router.use(notificationStream(db, listener), notificationSettings(db));
  return router;
}

async function show(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const { show: filter, before } = Address.parse(req.query);
  const first = filter === 'all' && !before;
  const [rows, asking = []] = await read(
    db.pool,
    actor,
    notificationsOf(actor, filter, before),
    ...(first ? [askingOf(actor)] : []),
  );
  const shown = { actor, slug: membership.slug, i18n: i18nOf(actor), filter, before, rows, asking };
  res.send(contextPage(ctx, notificationsView, translatorOf(ctx)('Notifications'), notificationsPage(shown)));
}

type Change = (ctx: RequestContext) => Promise<void>;

/** Changes something, and leads back to the list as it was narrowed, or to the settings. */
async function change(ctx: RequestContext, work: Change) {
  const { slug } = ctx.membership;
  const { show: filter } = Address.parse(formInput(ctx));
  const back =
    formInput(ctx)['back'] === 'settings'
      ? `/${slug}/settings/notifications?done=saved`
      : addressOf(`/${slug}/notifications`, filter);
  const done = await once(ctx, async (inner) => {
    await work(inner);
    return back;
  });
  ctx.res.redirect(303, done);
}

/** Up to what the page showed: what came since stays new. */
async function readAll(ctx: RequestContext) {
  const { upto } = formInput(ctx);
  if (typeof upto === 'string' && isId(upto)) await markAllRead(ctx.db.knex, ctx.actor, upto);
}

/** A notification and what came before on the same subject. @throws NotFound if it is not theirs */
async function readOne(ctx: RequestContext) {
  const { db, req, actor } = ctx;
  const id = pathId(req, 'id');
  const [[found]] = await read(db.pool, actor, subjectOfNotification(actor, id));
  if (!found) throw new NotFound();
  await markReadUpTo(db.knex, actor, found.subject_id, id);
}

/** @throws NotFound if they don't take part */
async function mute({ db, req, actor }: RequestContext, muted: boolean) {
  const { organization_id, person_id, partner_id } = actor;
  const subject_id = pathId(req, 'id');
  const [[found]] = await read(db.pool, actor, participationIn(actor, subject_id));
  if (!found || !organization_id || !person_id) throw new NotFound();
  await setMuted(db.knex, { organization_id, subject_id, person_id, partner_id }, muted);
}
