import { Router } from 'express';
import { actionsFor } from '../../acting/permitted.js';
import type { Database } from '../../db/database.js';
import { withActor } from '../../db/scope.js';
import { findDocument, keyOf } from '../../documents/content/document.js';
import { Conflict, Invalid } from '../../errors.js';
import { today } from '../../pages/days.js';
import { type Checkout, openCheckout } from '../../payments/gateways/checkout.js';
import { GatewayUnavailable } from '../../payments/gateways/gateway.js';
import { once } from '../acts/once.js';
import { showDocument } from '../documents/documents.js';
import { type Fields, one } from '../forms/field_values.js';
import { type ActionPage, formInput, messageOf } from '../shared/form.js';
import { members } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { payAll } from './pay_acts.js';
import { type Asked, payPage } from './pay_page.js';
import { payPageView, payView } from './pay_view.js';

/** The page on which a customer chooses what to pay, from what, before the gateway takes over. */
export function pay(db: Database, checkout: Checkout): Router {
  const router = Router();
  const handle = withContext(db);
  router.get('/:organization/documents/:key/pay', handle(members, choose));
  router.get('/:organization/pay', handle(members, choose));
  router.post(
    '/:organization/pay',
    handle(members, (ctx) => submitPayment(ctx, checkout)),
  );
  return router;
}

async function choose(ctx: RequestContext) {
  const { req } = ctx;
  const key = req.params['key'] ? String(req.params['key']) : null;
  return show(ctx, { key, fields: { ...req.query } });
}

async function show(ctx: RequestContext, asked: Asked) {
  const page = await payPage(ctx, asked);
  const t = translatorOf(ctx);
  const title = t('Pay {{name}}', { name: page.opened?.number ?? ctx.membership.organization });
  ctx.res.send(contextPage(ctx, payView, title, payPageView(ctx, page)));
}

async function submitPayment(ctx: RequestContext, checkout: Checkout) {
  const fields = formInput(ctx);
  const key = one(fields, 'opened') || null;
  const t = translatorOf(ctx);
  try {
    const id = await once(ctx, (ctx) => payChosen(ctx, fields));
    const store = one(fields, 'store') !== '';
    return ctx.res.redirect(303, await nextPage(ctx, checkout, id, { key, store }));
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    const messages = error instanceof Invalid ? Object.values(error.fields) : [error.sentence];
    const [sentence = ''] = messages;
    ctx.res.status(error.status);
    return show(ctx, { key: null, fields, errors: { form: messageOf({ sentence, values: error.values }, t) } });
  }
}

/** @throws Invalid if nothing is chosen, or an amount can't be used; Conflict if it comes to another sum than shown */
async function payChosen(ctx: RequestContext, fields: Fields): Promise<string> {
  const { db, actor } = ctx;
  const { plan, choice, offer, method } = await payPage(ctx, { key: null, fields });
  if (plan.errors.size) throw new Invalid({ form: 'Correct the amount that is marked.' });
  if (!plan.parts.length) throw new Invalid({ form: 'Choose what to pay.' });
  if (one(fields, 'total') !== String(plan.total) || plan.parts.length !== choice.documents.size)
    throw new Conflict('The total has changed. You haven’t been charged. Check the new total and pay again.');
  // What was chosen is still offered, or the door says why it isn't.
  const chosen = choice.method || method;
  const seen = (id: string) => one(fields, `seen_${id}`);
  return payAll(db.knex, actor, { parts: plan.parts, method: chosen, currency: offer.currency, seen });
}

/** The gateway's page; where it can't be reached, the payment's own, which says so. */
async function nextPage(
  ctx: RequestContext,
  checkout: Checkout,
  id: string,
  { key, store }: { key: string | null; store: boolean },
): Promise<string> {
  const { slug, organization_id } = ctx.membership;
  if (!id) return `${key ? `/${slug}/documents/${key}` : `/${slug}`}?done=applied`;
  try {
    return await openCheckout(checkout, organization_id, id, store);
  } catch (error) {
    if (!(error instanceof GatewayUnavailable)) throw error;
    return `/${slug}/payments/${id}?done=unavailable`;
  }
}

/** The form of one document's payment, again; if it has changed or can't be paid any more, its page says so. */
export const payFormPage: ActionPage = {
  async show(ctx, form) {
    const { db, actor, req } = ctx;
    const key = String(req.params['key']);
    const document = await withActor(db.knex, actor, (db) => findDocument(db, actor, key));
    const payable = 'pay' in actionsFor(document, actor, today(actor));
    if (form.changes || !payable) return showDocument(ctx, form);
    const { id } = document;
    const typed = form.input['part'] === 'part' ? { [`amount_${id}`]: form.input['amount'] } : {};
    const fields = { method: form.input['method'], pay: id, ...typed };
    const { amount, form: whole, ...others } = form.errors;
    return show(ctx, { key: keyOf(document), fields, errors: { form: whole ?? amount ?? Object.values(others)[0] } });
  },
};
