import express, { type Request, type Response, Router } from 'express';
import Stripe from 'stripe';
import { isId } from '../../db/ids.js';
import { systemActor, withActor } from '../../db/scope.js';
import { handleGatewayEvent } from '../../jobs/gateways/gateway_events.js';
import { tellUndone } from '../../jobs/gateways/tell_undone.js';
import {
  findStripeAccount,
  type StripeAccess,
  type StripeAccount,
} from '../../payments/gateways/stripe/stripe_account.js';
import { askStored } from '../../payments/gateways/stripe/stripe_methods.js';
import { removeDetached } from '../../payments/methods/managing_methods.js';
import { storeMethod } from '../../payments/methods/store_method.js';
import { readStripeEvent } from '../../payments/gateways/stripe/stripe_events.js';

/** Older requests are refused, so that none is replayed. */
const MAX_AGE_SECONDS = 300;

/** Events from Stripe, at an address of each organization. Each is signed over its raw body; repeats count once. */
export function stripeWebhook(access: StripeAccess): Router {
  const router = Router();
  const raw = express.raw({ type: () => true, limit: '512kb' });
  router.post('/webhooks/stripe/:organization', raw, (req, res) => receive(access, req, res));
  return router;
}

async function receive(access: StripeAccess, req: Request, res: Response) {
  const organization_id = String(req.params['organization']);
  const account = isId(organization_id) ? await findStripeAccount(access, organization_id) : null;
  const event = account && verifiedEvent(account, req);
  if (!account || !event) return res.sendStatus(401);
  // Of the same account, but the other mode: no money of ours.
  if (event.livemode !== account.keys.livemode) return res.sendStatus(400);
  if (!(await isKnown(account, event))) await take(account, event);
  return res.sendStatus(200);
}

/** Null unless it was signed within the last minutes by one of the account's secrets. */
function verifiedEvent({ stripe, keys }: StripeAccount, req: Request): Stripe.Event | null {
  const body: unknown = req.body;
  const signature = req.get('Stripe-Signature') ?? '';
  if (!Buffer.isBuffer(body)) return null;
  for (const secret of keys.webhook_secrets) {
    try {
      return stripe.webhooks.constructEvent(body, signature, secret, MAX_AGE_SECONDS);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    }
  }
  return null;
}

const isKnown = ({ knex, organization_id }: StripeAccount, { id }: Stripe.Event): Promise<boolean> =>
  withActor(knex, systemActor(organization_id), async (db) =>
    Boolean(await db('gateway_events').where({ organization_id, gateway: 'stripe', event_id: id }).first('event_id')),
  );

/** What its payer wanted to keep for later. */
async function keepStored(account: StripeAccount, session: unknown): Promise<void> {
  const stored = await askStored(account, session);
  if (!stored) return;
  const { by, ...method } = stored;
  await storeMethod(account.knex, account.organization_id, by, method);
}

/** Once it is all done it is noted; what failed before comes again, and changes nothing the second time. */
async function take(account: StripeAccount, event: Stripe.Event): Promise<void> {
  const { knex, organization_id } = account;
  if (event.type === 'checkout.session.completed') await keepStored(account, event.data.object);
  if (event.type === 'payment_method.detached')
    await removeDetached(knex, organization_id, 'stripe', event.data.object.id);
  for (const told of await readStripeEvent(account, event))
    if (!(await handleGatewayEvent(knex, told))) await tellUndone(knex, told);
  const payload = JSON.stringify({ type: event.type });
  await withActor(knex, systemActor(organization_id), (db) =>
    db('gateway_events')
      .insert({ organization_id, gateway: 'stripe', event_id: event.id, payload })
      .onConflict()
      .ignore(),
  );
}
