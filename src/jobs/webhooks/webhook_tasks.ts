import type { Knex } from 'knex';
import type { Config } from '../../config.js';
import type { Jobs } from '../../db/jobs.js';
import { honouredSecrets } from '../../db/secrets.js';
import { sendWebhook } from '../../webhooks/deliver.js';
import { deleteOldDeliveries, replayWebhook } from '../../webhooks/replay.js';

/** Jobs that tell other programs what happened. */
export function webhookTasks(db: Knex, config: Config, secret: string) {
  const { base_url, webhook_reach: reach } = config;
  const context = { db, secrets: honouredSecrets(secret, config), base_url, reach };
  return {
    send_webhook: (job: Jobs['send_webhook']) => sendWebhook(context, job),
    replay_webhook: (job: Jobs['replay_webhook']) => replayWebhook(db, job),
    delete_old_deliveries: () => deleteOldDeliveries(db),
  };
}
