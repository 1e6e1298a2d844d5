import { Router } from 'express';
import type { Config } from '../../../config.js';
import type { Database } from '../../../db/database.js';
import type { Storage } from '../../../files/storage.js';
import { membersOnly, plans, staff } from '../../shared/guard.js';
import { withContext } from '../../shared/request_context.js';
import { uploads } from '../../shared/uploads.js';
import { exportBudget } from './budget_export.js';
import { showBudget } from './budget_page.js';
import { importSheet, showImport } from './import_page.js';
import { makeFromBudget } from './making/make_from_budget.js';

/** The budget of a project, for staff. */
export function budget(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  const path = '/:organization/projects/:key/budget';
  router.get(
    path,
    handle(staff, (ctx) => showBudget(ctx)),
  );
  router.get(`${path}/export`, handle(staff, exportBudget));
  router.get(`${path}/import`, handle(plans, showImport));
  router.post(`${path}/import`, membersOnly, uploads(config, storage), handle(plans, importSheet));
  router.post(`${path}/make`, handle(plans, makeFromBudget));
  return router;
}
