import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { admins } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { askStripeKeys, endOldSecret, endStripe, keepStripeKeys } from './stripe_keys_page.js';
import { showOnlinePayment } from './online_payment_page.js';

const PAGE = '/:organization/settings/organization/online-payment';

/** Through which gateway customers pay online. For owners and admins, and changed only after a code. */
export function gatewaySettings(db: Database, config: Config, secrets: readonly string[]): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    PAGE,
    handle(admins, (ctx) => showOnlinePayment(ctx, config.base_url)),
  );
  router.get(`${PAGE}/keys`, handle(admins, askStripeKeys));
  router.post(
    `${PAGE}/keys`,
    handle(admins, (ctx) => keepStripeKeys(ctx, secrets, config.stripe_url)),
  );
  router.post(`${PAGE}/old-secret/remove`, handle(admins, endOldSecret));
  router.post(`${PAGE}/remove`, handle(admins, endStripe));
  return router;
}
