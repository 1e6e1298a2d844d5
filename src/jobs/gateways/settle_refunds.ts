import { systemActor, withActor } from '../../db/scope.js';
import type { Gateway, GatewayEvent } from '../../payments/gateways/gateway.js';
import type { StripeAccount } from '../../payments/gateways/stripe/stripe_account.js';
import { isUnknown } from '../../payments/gateways/stripe/stripe_client.js';
import { askRefund } from '../../payments/gateways/stripe/stripe_events.js';
import { sendRefund } from '../../payments/refund_job.js';
import { handleGatewayEvent } from './gateway_events.js';
import { tellUndone } from './tell_undone.js';

/** So many of an organization's refunds are asked for in a night, the oldest first. */
const MOST = 500;

/**
 * Asks Stripe for what became of refunds of which it told nothing for an hour; those that it never got are sent again.
 * Returns why some could not be asked for: that keeps no other back.
 */
export async function settleRefunds(account: StripeAccount, gateway: Gateway): Promise<unknown[]> {
  const failed: unknown[] = [];
  for (const asked of await unsettledRefunds(account))
    try {
      for (const event of await askFor(account, gateway, asked))
        if (!(await handleGatewayEvent(account.knex, event))) await tellUndone(account.knex, event);
    } catch (error) {
      failed.push(error);
    }
  return failed;
}

interface AskedRefund {
  id: string;
  gateway_reference: string;
}

/** Those of payments that were begun since the account was connected: another one knows nothing of them. */
const unsettledRefunds = ({ knex, organization_id, keys }: StripeAccount): Promise<AskedRefund[]> =>
  withActor(knex, systemActor(organization_id), (db) =>
    db('refunds as r')
      .join('payments as p', (on) => on.on('p.organization_id', 'r.organization_id').on('p.id', 'r.payment_id'))
      .where({ 'r.organization_id': organization_id, 'r.state': 'asked', 'p.gateway': 'stripe' })
      .where('p.created_at', '>', keys.connected_at)
      .whereRaw(`r.created_at < app_now() - interval '1 hour'`)
      .orderBy('r.id')
      .limit(MOST)
      .select('r.id', 'r.gateway_reference'),
  );

/** Nothing, if Stripe doesn't know it. */
async function askFor(account: StripeAccount, gateway: Gateway, asked: AskedRefund): Promise<GatewayEvent[]> {
  const { knex, organization_id } = account;
  const { id, gateway_reference } = asked;
  try {
    const reference = gateway_reference || (await sendRefund(knex, () => gateway, organization_id, id));
    return reference ? await askRefund({ account, id: `asked-${id}` }, reference) : [];
  } catch (error) {
    if (isUnknown(error)) return [];
    throw error;
  }
}
