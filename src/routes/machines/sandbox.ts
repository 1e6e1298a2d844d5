import { type Request, type Response, Router } from 'express';
import { subjectTitle } from '../../activity/sentence.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { systemActor, withActor } from '../../db/scope.js';
import { Conflict, NotFound } from '../../errors.js';
import type { Choice } from '../../pages/views/components.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { defineView, renderPage } from '../../pages/views/render.js';
import type { Payment } from '../../payments/payments.js';
import { OUTCOMES, runSandboxPayment } from '../../payments/sandbox_gateway.js';
import { bareLayout, i18nOf } from '../shared/layout.js';

/** The gateway's page. It posts outcome. */
interface CheckoutInput {
  payee: string;
  amount: string;
  /** What is paid: "Invoice INV-0042". */
  about: string;
  method: 'card' | 'bank';
  action: string;
  cancel_url: string;
  outcomes: Choice[];
  value: string;
  error: string | null;
}

export const checkoutView = defineView<CheckoutInput, BareLayout>('machines/checkout');

interface Checkout extends Payment {
  organization: string;
  url: string;
  type: string;
  number: string;
}

/**
 * The sandbox gateway's own pages. A gateway knows a payment by its id and nothing of who is signed in with us. Never
 * in production.
 */
export function sandbox(db: Database): Router {
  const router = Router();
  router.get('/sandbox/checkout/:organization_id/:payment_id', (req, res) => show(db, req, res));
  router.post('/sandbox/checkout/:organization_id/:payment_id', (req, res) => pay(db, req, res));
  return router;
}

async function show(db: Database, req: Request, res: Response) {
  const payment = await find(db, req);
  const layout = bareLayout(req, 'Sandbox');
  const { t, format } = i18nOf(layout);
  const outcomes = Object.entries(OUTCOMES)
    .filter(([, { method }]) => method === payment.method)
    .map(([value, { label, hint }]) => ({ value, label: t(label), hint: t(hint) }));
  res.send(
    renderPage(checkoutView, layout, {
      payee: payment.organization,
      amount: format.money(payment.amount, payment.currency),
      about: subjectTitle(t, payment.type, payment.number),
      method: payment.method === 'card' ? 'card' : 'bank',
      action: req.path,
      cancel_url: payment.url,
      error: null,
      value: outcomes[0]?.value ?? '',
      outcomes,
    }),
  );
}

async function pay(db: Database, req: Request, res: Response) {
  const payment = await find(db, req);
  const outcome = String(req.body?.outcome ?? '');
  if (!Object.hasOwn(OUTCOMES, outcome) || OUTCOMES[outcome]?.method !== payment.method) throw new NotFound();
  await withActor(db.knex, systemActor(payment.organization_id), (db) => runSandboxPayment(db, payment, outcome));
  res.redirect(303, `${payment.url}?done=${payment.method === 'card' ? 'asked' : 'processing'}`);
}

/** The payment of the address, while it can still be decided. @throws NotFound, Conflict */
async function find(db: Database, req: Request): Promise<Checkout> {
  const [organization_id, id] = [String(req.params['organization_id']), String(req.params['payment_id'])];
  if (!isId(organization_id) || !isId(id)) throw new NotFound();
  const row = await withActor(db.knex, systemActor(organization_id), (db) =>
    db('payments as p')
      .join('documents as d', (on) => on.on('d.organization_id', 'p.organization_id').on('d.id', 'p.document_id'))
      .join('organizations as o', 'o.id', 'p.organization_id')
      .where({ 'p.organization_id': organization_id, 'p.id': id })
      .first('p.*', 'o.name as organization', 'o.slug', 'd.number', 'd.type'),
  );
  if (!row) throw new NotFound();
  if (row.state !== 'started') throw new Conflict('This payment has been decided already.');
  return { ...row, url: `/${row.slug}/documents/${row.number}` };
}
