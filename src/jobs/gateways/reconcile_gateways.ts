import { systemActor, withActor } from '../../db/scope.js';
import type { GatewayEvent } from '../../payments/gateways/gateway.js';
import {
  findStripeAccount,
  type StripeAccess,
  type StripeAccount,
} from '../../payments/gateways/stripe/stripe_account.js';
import { stripeDifferences } from '../../payments/gateways/stripe/stripe_differences.js';
import { askIntent, askSession, intentEvent } from '../../payments/gateways/stripe/stripe_events.js';
import { isUnknown } from '../../payments/gateways/stripe/stripe_client.js';
import { stripeGateway } from '../../payments/gateways/stripe/stripe_gateway.js';
import { tellDifferences } from '../../payments/ledger/tell_differences.js';
import { handleGatewayEvent } from './gateway_events.js';
import { settleRefunds } from './settle_refunds.js';

/** So many of an organization's payments are asked for in a night, the oldest first. */
const MOST = 500;

/**
 * Asks Stripe for what became of payments and refunds of which it told nothing for an hour, and tells staff where its
 * books and ours differ. @throws Error that names the organizations that could not be compared
 */
export async function reconcileGateways(access: StripeAccess): Promise<void> {
  const failed: string[] = [];
  const ids: string[] = await access.knex('organizations').where({ gateway: 'stripe' }).orderBy('id').pluck('id');
  for (const id of ids)
    await reconcile(access, id).catch((error: unknown) => {
      failed.push(`${id}: ${reasonOf(error)}`);
    });
  if (failed.length) throw new Error(`Stripe could not be compared with the ledger. ${failed.join('; ')}`);
}

/** What Stripe says of a refusal, or what else went wrong. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && 'reason' in error ? String(error.reason) : String(error);

async function reconcile(access: StripeAccess, organization_id: string): Promise<void> {
  const account = await findStripeAccount(access, organization_id);
  if (!account) return;
  for (const { id, gateway_reference } of await unsettledPayments(account))
    for (const event of await askFor(account, id, gateway_reference)) await handleGatewayEvent(access.knex, event);
  const failed = await settleRefunds(account, stripeGateway(access));
  const { events, differences } = await stripeDifferences(account);
  for (const event of events) await handleGatewayEvent(access.knex, event);
  await tellDifferences(access.knex, organization_id, await differences());
  if (failed.length) throw new AggregateError(failed, failed.map(reasonOf).join('; '));
}

/** Those that were begun since the account was connected: another one knows nothing of them. */
const unsettledPayments = ({
  knex,
  organization_id,
  keys,
}: StripeAccount): Promise<{ id: string; gateway_reference: string }[]> =>
  withActor(knex, systemActor(organization_id), (db) =>
    db('payments')
      .where({ organization_id, gateway: 'stripe' })
      .whereIn('state', ['started', 'processing'])
      .whereNot({ gateway_reference: '' })
      .where('created_at', '>', keys.connected_at)
      .whereRaw(`created_at < app_now() - interval '1 hour'`)
      .orderBy('id')
      .limit(MOST)
      .select('id', 'gateway_reference'),
  );

/** Nothing, if Stripe doesn't know it. */
async function askFor(account: StripeAccount, id: string, reference: string): Promise<GatewayEvent[]> {
  const source = { account, id: `asked-${id}` };
  try {
    if (reference.startsWith('cs_')) return await askSession(source, reference);
    return intentEvent(source, await askIntent(account, reference));
  } catch (error) {
    if (isUnknown(error)) return [];
    throw error;
  }
}
