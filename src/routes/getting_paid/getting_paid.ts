import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { admins } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { askDetails, saveDetails } from './details_page.js';
import { showGettingPaid } from './getting_paid_page.js';
import { saveMethods } from './online_methods_form.js';
import { addAccount, askAccount, removeAccount } from './payment_account_page.js';

const PAGE = '/:organization/settings/organization/getting-paid';

/** Where the organization is paid: what its invoices say. For owners and admins, and changed only after a code. */
export function gettingPaidSettings(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(PAGE, handle(admins, showGettingPaid));
  router.get(`${PAGE}/details`, handle(admins, askDetails));
  router.post(`${PAGE}/details`, handle(admins, saveDetails));
  router.post(`${PAGE}/methods`, handle(admins, saveMethods));
  router.get(`${PAGE}/accounts/new`, handle(admins, askAccount));
  router.post(`${PAGE}/accounts`, handle(admins, addAccount));
  router.post(`${PAGE}/accounts/:account/remove`, handle(admins, removeAccount));
  return router;
}
