import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { today } from '../../pages/days.js';
import { readWithRates } from '../../people/preferences/preferred_amount.js';
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
  const queries = todayQueries(actor, today(actor));
  const [results, rates] = await readWithRates(db.pool, actor, membership.currency, ...queries);
  res.send(contextPage(ctx, todayPage, translatorOf(ctx)('Today'), todayView(results, rates, actor, membership)));
}
