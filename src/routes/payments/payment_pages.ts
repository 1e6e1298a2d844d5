import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { NotFound } from '../../errors.js';
import { downloadHeaders } from '../../files/file.js';
import { sendMissingModule } from '../colleagues/module_requests.js';
import { payableTypes, reachableTypes } from '../settings/modules_menu.js';
import { type Checkout, openCheckout } from '../../payments/gateways/checkout.js';
import { GatewayUnavailable } from '../../payments/gateways/gateway.js';
import { members, verified } from '../shared/guard.js';
import { idParam, pathId, textParam } from '../shared/params.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { paymentList, paymentListView } from './payment_list_view.js';
import { paymentList as listQuery, PAYMENT_SORTS, paymentPage, type PaymentPage } from './payment_queries.js';
import { receiptPdf, receiptView, receiptPage } from './receipt_view.js';

/** Payments made, for both sides: their list, and each with its receipt. */
export function payments(db: Database, printer: Printer, checkout: Checkout): Router {
  const router = Router();
  const handle = withContext(db);
  router.get('/:organization/payments', handle(verified, list));
  router.get('/:organization/payments/:payment', handle(members, show));
  router.post(
    '/:organization/payments/:payment/checkout',
    handle(members, (ctx) => goOn(ctx, checkout)),
  );
  router.get(
    '/:organization/payments/:payment/pdf',
    handle(members, (ctx) => sendPdf(ctx, printer)),
  );
  return router;
}

const Params = z.object({
  show: textParam,
  sort: z
    .string()
    .refine((name): name is keyof typeof PAYMENT_SORTS => Object.hasOwn(PAYMENT_SORTS, name))
    .catch('date'),
  turned: textParam.transform((typed) => typed === '1'),
  before: idParam,
});

async function list(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const types = payableTypes(actor, membership);
  const [missing] = types.length ? [] : reachableTypes(actor, membership).filter(({ owes }) => owes);
  if (missing) return sendMissingModule(ctx, missing.module);
  const { show, sort, turned, before } = Params.parse(req.query);
  const only = types.find(({ path }) => path === show);
  const filter = { kinds: namesOf(only ? [only] : types), sort, turned, after: before };
  const [found] = await read(db.pool, actor, listQuery(actor, filter));
  const view = paymentList(ctx, { types, shown: only?.path ?? null, filter, found });
  return res.send(contextPage(ctx, paymentListView, view.title, view));
}

const namesOf = (types: readonly DocumentType[]) => types.map(({ name }) => name);

/** @throws NotFound if its reader may not see it */
async function findPayment({ db, req, actor }: RequestContext): Promise<PaymentPage> {
  const [[payment]] = await read(db.pool, actor, paymentPage(actor, pathId(req, 'payment')));
  if (!payment) throw new NotFound();
  return payment;
}

async function show(ctx: RequestContext) {
  const view = receiptPage(await findPayment(ctx), ctx);
  ctx.res.send(contextPage(ctx, receiptView, view.title, view));
}

/** Leads on to the gateway's page of a payment that was begun, for who began it. @throws NotFound for others */
async function goOn(ctx: RequestContext, checkout: Checkout) {
  const { id, person_id, state } = await findPayment(ctx);
  const { actor, membership, res } = ctx;
  if (state !== 'started' || person_id !== actor.person_id) throw new NotFound();
  const url = await openCheckout(checkout, membership.organization_id, id).catch((error: unknown) => {
    if (!(error instanceof GatewayUnavailable)) throw error;
    return `/${membership.slug}/payments/${id}?done=unavailable`;
  });
  return res.redirect(303, url);
}

async function sendPdf(ctx: RequestContext, printer: Printer) {
  const payment = await findPayment(ctx);
  // Until it is paid, there is nothing to give to a bookkeeper.
  if (!payment.paid_on) throw new NotFound();
  const { name, html } = receiptPdf(payment, ctx);
  ctx.res.set(downloadHeaders({ name, content_type: 'application/pdf' })).send(await printer.render(html));
}
