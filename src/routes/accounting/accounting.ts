import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { keepsBooks, setsTaxes } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { saveAccounts, showAccounts } from './accounts_page.js';
import { showAccounting } from './accounting_page.js';

/** What an accountant's program takes over, and the accounts that it is booked on. */
export function accounting(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const settings = '/:organization/settings/organization/accounting';
  router.get('/:organization/accounting', handle(keepsBooks, showAccounting));
  router.get(settings, handle(setsTaxes, showAccounts));
  router.post(settings, handle(setsTaxes, saveAccounts));
  return router;
}
