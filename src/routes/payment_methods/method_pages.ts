import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Checkout } from '../../payments/gateways/checkout.js';
import { GatewayUnavailable } from '../../payments/gateways/gateway.js';
import { makeDefault, removeMethod } from '../../payments/methods/managing_methods.js';
import { openSetup, startSetup } from '../../payments/methods/method_setup.js';
import { offeredMethods, offerTo } from '../../payments/methods/offered_methods.js';
import { storedMethods } from '../../payments/methods/stored_methods.js';
import { submittedText } from '../../people/form_values.js';
import { requireMay } from '../../subjects/may.js';
import { once } from '../acts/once.js';
import { verified } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { paymentMethodList, paymentMethodsView } from './payment_methods_view.js';

const PAGE = '/:organization/payment-methods';

/** The cards and accounts that a partner stored at the organization's gateway, for its contacts who may pay. */
export function paymentMethods(db: Database, checkout: Checkout): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(PAGE, handle(verified, show));
  router.post(
    PAGE,
    handle(verified, (ctx) => add(ctx, checkout)),
  );
  router.post(
    `${PAGE}/:method/default`,
    handle(verified, (ctx) => change(ctx, makeDefault, 'saved')),
  );
  router.post(
    `${PAGE}/:method/remove`,
    handle(verified, (ctx) => change(ctx, removeMethod, 'method_removed')),
  );
  return router;
}

/** @throws NotFound for staff and guests, NotAllowed for contacts who may not pay */
function requirePayer({ actor }: RequestContext): void {
  if (actor.side !== 'partner' || actor.guest) throw new NotFound();
  requireMay(actor, { permits: 'paying' });
}

async function show(ctx: RequestContext) {
  const { db, actor, res } = ctx;
  requirePayer(ctx);
  const { organization_id, partner_id } = actor;
  const [stored, offers] = await read(
    db.pool,
    actor,
    storedMethods(actor, partner_id),
    offerTo(organization_id, partner_id),
  );
  const view = paymentMethodList(ctx, stored, offeredMethods(offers));
  res.send(contextPage(ctx, paymentMethodsView, view.title, view));
}

/** Leads to the gateway's form, which leads back here. */
async function add(ctx: RequestContext, checkout: Checkout) {
  const { actor, membership, req, res } = ctx;
  requirePayer(ctx);
  const { method = '' } = submittedText(req.body);
  const id = await once(ctx, ({ db }) => startSetup(db.knex, actor, method));
  const url = await openSetup(checkout, membership.organization_id, id, urlOf(ctx)).catch((error: unknown) => {
    if (!(error instanceof GatewayUnavailable)) throw error;
    return `${urlOf(ctx)}?done=unavailable`;
  });
  res.redirect(303, url);
}

async function change(ctx: RequestContext, work: typeof makeDefault, done: string) {
  const { actor, req, res } = ctx;
  requirePayer(ctx);
  const id = pathId(req, 'method');
  const url = await once(ctx, async ({ db }) => {
    await work(db.knex, actor, id);
    return `${urlOf(ctx)}?done=${done}`;
  });
  res.redirect(303, url);
}

const urlOf = ({ membership }: RequestContext) => `/${membership.slug}/payment-methods`;
