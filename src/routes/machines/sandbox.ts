import { type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import { isId, newId } from '../../db/ids.js';
import { systemActor, withActor } from '../../db/scope.js';
import { Conflict, NotFound } from '../../errors.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { runSandboxPayment } from '../../payments/gateways/sandbox_gateway.js';
import { readMethod, type TypedMethod } from '../../payments/gateways/sandbox/typed_method.js';
import type { Payment } from '../../payments/payments.js';
import { storeMethod } from '../../payments/methods/store_method.js';
import { submit } from '../shared/form.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { confirmationPage, confirmationUrl, readConfirmation } from './sandbox_confirm.js';
import { sandboxFormPage, type SandboxTask } from './sandbox_form.js';
import { sandboxStore } from './sandbox_store.js';

interface SandboxPayment extends Payment {
  organization: string;
  partner: string;
  /** Of the documents that it pays. */
  numbers: (string | null)[];
  /** Our own page of it. */
  url: string;
  about: string;
}

/**
 * The sandbox gateway's own pages. A gateway knows a payment by its id and nothing of who is signed in with us. Never
 * in production.
 */
export function sandbox(db: Database): Router {
  const router = Router();
  const page = '/sandbox/checkout/:organization_id/:id';
  router.get(page, (req, res) => show(db, req, res));
  router.post(page, (req, res) => pay(db, req, res));
  router.get(`${page}/confirm`, (req, res) => askToConfirm(db, req, res));
  router.post(`${page}/confirm`, (req, res) => confirm(db, req, res));
  return router.use(sandboxStore(db));
}

const show = async (db: Database, req: Request, res: Response) =>
  res.send(sandboxFormPage(req, taskOf(await find(db, req))));

async function pay(db: Database, req: Request, res: Response) {
  const payment = await find(db, req);
  const { t } = i18nOf(bareLayout(req, ''));
  const work = async () => {
    const typed = readMethod(methodOf(payment), req.body);
    if (typed.test.confirm) return confirmationUrl(req, typed);
    return charge(db, payment, typed);
  };
  await submit(res, t, work, (errors) => sandboxFormPage(req, taskOf(payment), errors));
}

/** Does what its number says, and keeps it if that was asked and it goes through. Returns where to go on. */
async function charge(db: Database, payment: SandboxPayment, { test, save, shown }: TypedMethod): Promise<string> {
  const { organization_id, id: payment_id, url } = payment;
  await runSandboxPayment(db.knex, payment, test.outcome);
  if (save && test.stored && test.outcome !== 'card_declined')
    await storeMethod(
      db.knex,
      organization_id,
      { payment_id },
      {
        ...shown,
        reference: `${test.stored}:${newId()}`,
      },
    );
  return `${url}?returned`;
}

async function askToConfirm(db: Database, req: Request, res: Response) {
  const payment = await find(db, req);
  const { about } = payment;
  res.send(confirmationPage(req, readConfirmation(req.query), { about, title: amountOf(payment) }));
}

async function confirm(db: Database, req: Request, res: Response) {
  const payment = await find(db, req);
  const typed = readConfirmation(req.body);
  if (req.body?.answer === 'yes') return res.redirect(303, await charge(db, payment, typed));
  await runSandboxPayment(db.knex, payment, 'card_not_confirmed');
  return res.redirect(303, `${payment.url}?returned`);
}

const methodOf = ({ method }: SandboxPayment) => (method === 'card' ? 'card' : 'bank_debit');

const amountOf =
  ({ amount, currency }: SandboxPayment) =>
  (layout: BareLayout): string =>
    i18nOf(layout).format.money(amount, currency);

function taskOf(payment: SandboxPayment): SandboxTask {
  const { about, partner, url } = payment;
  return {
    method: methodOf(payment),
    customer: partner,
    about,
    title: amountOf(payment),
    button: (layout) => i18nOf(layout).t('Pay {{amount}}', { amount: amountOf(payment)(layout) }),
    cancel: { href: url, label: 'Cancel payment' },
    asksToSave: true,
  };
}

/** The payment of the address, while it can still be decided. @throws NotFound, Conflict */
async function find(db: Database, req: Request): Promise<SandboxPayment> {
  const [organization_id, id] = [String(req.params['organization_id']), String(req.params['id'])];
  if (!isId(organization_id) || !isId(id)) throw new NotFound();
  const row = await withActor(db.knex, systemActor(organization_id), async (db) => {
    const { rows } = await db.raw(PAYMENT, { organization_id, id });
    return rows[0];
  });
  if (!row) throw new NotFound();
  if (row.state !== 'started') throw new Conflict('This payment has been decided already.');
  return { ...row, url: `/${row.slug}/payments/${id}`, about: `${row.organization} · ${row.numbers.join(', ')}` };
}

const PAYMENT = `select p.*, o.name as organization, o.slug, c.name as partner, array(
    select d.number from payment_parts x
      join documents d on d.organization_id = x.organization_id and d.id = x.document_id
    where x.organization_id = p.organization_id and x.payment_id = p.id order by d.number) as numbers
  from payments p
    join organizations o on o.id = p.organization_id
    join partners c on c.organization_id = p.organization_id and c.id = p.partner_id
  where p.organization_id = :organization_id and p.id = :id`;
