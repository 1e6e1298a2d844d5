import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { today } from '../../documents/act.js';
import { todayQueries } from './today_queries.js';
import { renderPage } from '../../pages/render.js';
import { layoutLocals, i18nOf } from '../shared/layout.js';
import { staff } from '../shared/guard.js';
import { todayView } from './today_view.js';

/** The desk's first page: whose move it is, everywhere at once. */
export function desk(db: Database): Router {
  const router = Router();
  router.get(
    '/:organization/desk',
    staff(async (req, res, actor, membership) => {
      const results = await read(db.pool, actor, ...todayQueries(actor, today(actor)));
      const around = layoutLocals(req, actor, membership, i18nOf(actor).t('Today'));
      res.send(renderPage('home/today', { ...around, ...todayView(results, actor, membership) }));
    }),
  );
  return router;
}
