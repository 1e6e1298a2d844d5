import type { Knex } from 'knex';
import type { Config } from '../../config.js';
import type { Jobs } from '../../db/jobs.js';
import { honouredSecrets } from '../../db/secrets.js';
import { chargeStored, checkoutOf } from '../../payments/gateways/checkout.js';
import { openGateways } from '../../payments/gateways/gateways.js';
import { deliverWebhook } from '../../payments/gateways/sandbox_gateway.js';
import { forgetMethod } from '../../payments/methods/forget_method.js';
import { sendRefund } from '../../payments/refund_job.js';
import { handleGatewayEvent } from './gateway_events.js';
import { readGatewayEvent } from './read_gateway_event.js';
import { reconcileGateways } from './reconcile_gateways.js';

/** Jobs that deal with gateways. */
export function gatewayTasks(knex: Knex, config: Config, secret: string) {
  const secrets = honouredSecrets(secret, config);
  return {
    charge_stored: ({ organization_id, payment_id }: Jobs['charge_stored']) =>
      chargeStored(checkoutOf({ knex }, config, secrets), organization_id, payment_id),
    refund_payment: async ({ organization_id, refund_id }: Jobs['refund_payment']) => {
      await sendRefund(knex, openGateways({ knex }, config, secrets), organization_id, refund_id);
    },
    forget_method: ({ organization_id, method_id }: Jobs['forget_method']) =>
      forgetMethod(knex, openGateways({ knex }, config, secrets), organization_id, method_id),
    gateway_event: async ({ event }: Jobs['gateway_event']) => {
      const told = readGatewayEvent(event);
      if (told) await handleGatewayEvent(knex, told);
    },
    reconcile_gateways: () => reconcileGateways({ knex, secrets, url: config.stripe_url }),
    sandbox_webhook: ({ body }: Jobs['sandbox_webhook']) => deliverWebhook(config, secret, body),
  };
}
