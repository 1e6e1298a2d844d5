import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { today } from '../../pages/days.js';
import { staff } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { todayQueries } from './today_queries.js';
import { todayPage, todayView } from './today_view.js';

/** The desk's first page: what waits for staff, and what staff wait for. */
export function desk(db: Database): Router {
  const router = Router();
  router.get('/:organization/desk', withContext(db)(staff, show));
  return router;
}

async function show(ctx: RequestContext) {
  const { db, res, actor, membership } = ctx;
  const results = await read(db.pool, actor, ...todayQueries(actor, today(actor)));
  res.send(contextPage(ctx, todayPage, translatorOf(ctx)('Today'), todayView(results, actor, membership)));
}
