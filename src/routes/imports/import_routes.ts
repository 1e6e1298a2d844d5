import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { admins, membersOnly } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import { matchColumns, runImport, sendRefused, showImport, undoImport } from './one_import_page.js';
import { beginImport, showImports } from './imports_page.js';

const IMPORTS = '/:organization/settings/organization/imports';

/** Partners and items from tables. For the owner and the admins. */
export function imports(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(IMPORTS, handle(admins, showImports));
  router.post(
    IMPORTS,
    membersOnly,
    uploads(config, storage),
    handle(admins, (ctx) => beginImport(ctx, storage)),
  );
  router.get(`${IMPORTS}/:import`, handle(admins, showImport));
  router.get(`${IMPORTS}/:import/refused.csv`, handle(admins, sendRefused));
  router.post(`${IMPORTS}/:import/match`, handle(admins, matchColumns));
  router.post(`${IMPORTS}/:import/run`, handle(admins, runImport));
  router.post(`${IMPORTS}/:import/undo`, handle(admins, undoImport));
  return router;
}
