import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { dropJob, retryJob } from '../../jobs/queue/decide_job.js';
import { once } from '../acts/once.js';
import { settingsSide, settingsUrl } from '../settings/settings_side.js';
import { admins } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { queueQueries } from './queue_queries.js';
import { queueView, queuesPage } from './queue_view.js';

const PAGE = 'organization/jobs';
const URL = `/:organization/settings/${PAGE}`;

/** What is done in the background for an organization, and what fails there. For owners and admins. */
export function queues(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(URL, handle(admins, show));
  router.post(
    `${URL}/:job/retry`,
    handle(admins, (ctx) => decide(ctx, retryJob, 'job_retried')),
  );
  router.post(
    `${URL}/:job/drop`,
    handle(admins, (ctx) => decide(ctx, dropJob, 'job_dropped')),
  );
  return router;
}

async function show(ctx: RequestContext) {
  const { db, actor, membership, res } = ctx;
  const i18n = i18nOf(actor);
  const results = await read(db.pool, actor, ...queueQueries(actor));
  const place = {
    url: settingsUrl(ctx, PAGE),
    mail_room: `/${membership.slug}/mail-room`,
    side: settingsSide(ctx, PAGE),
  };
  res.send(contextPage(ctx, queuesPage, i18n.t('Background jobs'), queueView(results, place, i18n)));
}

/** Ids of jobs are counted. */
const JOB = /^[1-9]\d{0,17}$/;

async function decide(ctx: RequestContext, decideJob: typeof retryJob, done: string) {
  const job = String(ctx.req.params['job']);
  if (!JOB.test(job)) throw new NotFound();
  const work = async ({ db, actor }: RequestContext) => {
    await decideJob(db.knex, actor, job);
    return `${settingsUrl(ctx, PAGE)}?done=${done}`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}
