import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { admins } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { replayOne, showDelivery } from './delivery_page.js';
import { askChange, askWebhook, createWebhook, saveWebhook } from './webhook_form_page.js';
import { pause, remove, replaySince, resume, revealSecret, rotate, showWebhook, testWebhook } from './webhook_page.js';
import { showWebhooks } from './webhooks_page.js';

const PAGE = '/:organization/settings/organization/webhooks';
const ONE = `${PAGE}/:webhook`;

/** Programs that are told what happens. For owners and admins, and changed only after a code. */
export function webhookSettings(db: Database, { webhook_reach: reach }: Config, secrets: readonly string[]): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(PAGE, handle(admins, showWebhooks));
  router.get(`${PAGE}/new`, handle(admins, askWebhook));
  router.post(
    PAGE,
    handle(admins, (ctx) => createWebhook(ctx, secrets, reach)),
  );
  router.get(ONE, handle(admins, showWebhook));
  router.get(`${ONE}/edit`, handle(admins, askChange));
  router.post(
    `${ONE}/edit`,
    handle(admins, (ctx) => saveWebhook(ctx, reach)),
  );
  router.post(`${ONE}/pause`, handle(admins, pause));
  router.post(`${ONE}/resume`, handle(admins, resume));
  router.post(`${ONE}/remove`, handle(admins, remove));
  router.post(
    `${ONE}/rotate`,
    handle(admins, (ctx) => rotate(ctx, secrets)),
  );
  router.post(
    `${ONE}/secret`,
    handle(admins, (ctx) => revealSecret(ctx, secrets)),
  );
  router.post(`${ONE}/test`, handle(admins, testWebhook));
  router.post(`${ONE}/replay`, handle(admins, replaySince));
  router.get(`${ONE}/deliveries/:message`, handle(admins, showDelivery));
  router.post(`${ONE}/deliveries/:message/replay`, handle(admins, replayOne));
  return router;
}
