import { type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import { isId, newId } from '../../db/ids.js';
import { systemActor, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { readMethod, type TypedMethod } from '../../payments/gateways/sandbox/typed_method.js';
import { storeMethod } from '../../payments/methods/store_method.js';
import { submit } from '../shared/form.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { confirmationPage, confirmationUrl, readConfirmation } from './sandbox_confirm.js';
import { sandboxFormPage, type SandboxTask } from './sandbox_form.js';

/** An attempt to store a method without a payment. */
interface Setup {
  organization_id: string;
  id: string;
  method: string;
  organization: string;
  partner: string;
  url: string;
}

/** The sandbox gateway's form that stores a method without a payment. */
export function sandboxStore(db: Database): Router {
  const router = Router();
  const page = '/sandbox/store/:organization_id/:id';
  router.get(page, async (req, res) => res.send(sandboxFormPage(req, taskOf(await find(db, req)))));
  router.post(page, (req, res) => save(db, req, res));
  router.get(`${page}/confirm`, async (req, res) => {
    const { organization: about, method } = await find(db, req);
    res.send(confirmationPage(req, readConfirmation(req.query), { about, title: titleOf(method) }));
  });
  router.post(`${page}/confirm`, (req, res) => confirm(db, req, res));
  return router;
}

async function save(db: Database, req: Request, res: Response) {
  const setup = await find(db, req);
  const { t } = i18nOf(bareLayout(req, ''));
  const work = async () => {
    const typed = readMethod(setup.method === 'card' ? 'card' : 'bank_debit', req.body);
    if (typed.test.confirm) return confirmationUrl(req, typed);
    return store(db, setup, typed);
  };
  await submit(res, t, work, (errors) => sandboxFormPage(req, taskOf(setup), errors));
}

async function confirm(db: Database, req: Request, res: Response) {
  const setup = await find(db, req);
  const typed = readConfirmation(req.body);
  res.redirect(303, req.body?.answer === 'yes' ? await store(db, setup, typed) : setup.url);
}

/** Returns where to go on. @throws Invalid for a number that can't be stored */
async function store(db: Database, setup: Setup, { test, shown }: TypedMethod): Promise<string> {
  const { organization_id, id: setup_id, url } = setup;
  if (!test.stored) throw new Invalid({ number: 'The card was declined.' });
  const reference = `${test.stored}:${newId()}`;
  await storeMethod(db.knex, organization_id, { setup_id }, { ...shown, reference });
  return `${url}?done=stored`;
}

const titleOf =
  (method: string) =>
  (layout: BareLayout): string =>
    i18nOf(layout).t(method === 'card' ? 'Save a card' : 'Save a bank account');

const taskOf = ({ method, organization: about, partner: customer, url }: Setup): SandboxTask => ({
  ...{ method: method === 'card' ? 'card' : 'bank_debit', customer, about },
  title: titleOf(method),
  button: (layout) => i18nOf(layout).t(method === 'card' ? 'Save card' : 'Save account'),
  cancel: { href: url, label: 'Cancel' },
  asksToSave: false,
});

/** The attempt of the address. @throws NotFound */
async function find(db: Database, req: Request): Promise<Setup> {
  const [organization_id, id] = [String(req.params['organization_id']), String(req.params['id'])];
  if (!isId(organization_id) || !isId(id)) throw new NotFound();
  const row = await withActor(db.knex, systemActor(organization_id), (db) =>
    db('method_setups as s')
      .join('partners as c', (on) => on.on('c.organization_id', 's.organization_id').on('c.id', 's.partner_id'))
      .join('organizations as o', 'o.id', 's.organization_id')
      .where({ 's.organization_id': organization_id, 's.id': id, 's.gateway': 'sandbox' })
      .first('s.*', 'c.name as partner', 'o.name as organization', 'o.slug'),
  );
  if (!row) throw new NotFound();
  return { ...row, url: `/${row.slug}/payment-methods` };
}
