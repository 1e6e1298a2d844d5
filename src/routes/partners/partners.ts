import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { partnerPage } from './partner_queries.js';
import { NotFound } from '../../errors.js';
import { typedIn } from '../../people/form_values.js';
import { parsePartner, partnerValues } from '../../people/partner_form.js';
import { addPartner, changePartner } from '../../people/partner.js';
import { contacts } from './contacts.js';
import { type Errors, submit } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { findPartner, idIn, organizationDefaults, readPartners, typeAskedFor } from './partner_request.js';
import { partnerFormView, partnerRow, partnerView } from './partner_view.js';
import { pageOf, type Visit, visits, wordsOf } from '../shared/request_context.js';

const ALL = '/:organization/partners';

/** Customers and vendors, and their contacts. */
export function partners(db: Database): Router {
  const router = Router();
  const visit = visits(db);
  router.get(ALL, visit(staff, list));
  router.get(`${ALL}/new`, visit(staff, begin));
  router.post(ALL, visit(staff, create));
  router.get(`${ALL}/:partner`, visit(staff, show));
  router.get(`${ALL}/:partner/edit`, visit(staff, edit));
  router.post(`${ALL}/:partner`, visit(staff, save));
  return router.use(contacts(db));
}

async function list(visit: Visit) {
  const t = wordsOf(visit);
  const { found, next, narrowing } = await readPartners(visit, null);
  const { words, kind } = narrowing;
  const url = `/${visit.membership.slug}/partners`;
  const kinds = [
    ['', t('Any')],
    ['customer', t('Customers')],
    ['vendor', t('Vendors')],
  ].map(([value, label]) => ({ value, label }));
  const filters = {
    action: url,
    search: { name: 'q', value: words?.join(' ') ?? '', label: t('Search') },
    choices: [{ name: 'kind', label: t('Kind'), value: kind ?? '', choices: kinds }],
    hidden: {},
    clear: words || kind ? url : null,
  };
  visit.res.send(
    pageOf(visit, 'partners/list', t('Partners'), {
      title: t('Partners'),
      filters,
      filtered: Boolean(words ?? kind),
      next: next ? `${url}?${next}` : null,
      partners: found.map((row) => partnerRow(row, `${url}/${row.id}`, t)),
      create: { href: `${url}/new`, label: t('New partner') },
    }),
  );
}

async function begin(visit: Visit) {
  const { currency, locale } = await organizationDefaults(visit);
  visit.res.send(formPage(visit, null, { kind: 'customer', terms_days: '30', currency, locale }, {}));
}

const create = (visit: Visit) =>
  submit(
    visit.res,
    wordsOf(visit),
    async () => {
      const id = await addPartner(visit.db.knex, visit.actor, parsePartner(visit.req.body));
      const type = typeAskedFor(visit.req);
      const url = `/${visit.membership.slug}/partners/${id}`;
      return type ? `${url}/contacts/new?for=${type}` : `${url}?done=saved`;
    },
    (errors) => formPage(visit, null, typedIn(visit.req.body), errors),
  );

async function show(visit: Visit) {
  const { db, req, res, actor, membership } = visit;
  const results = await read(db.pool, actor, ...partnerPage(actor, idIn(req, 'partner')));
  const [[partner]] = results;
  if (!partner) throw new NotFound();
  res.send(pageOf(visit, 'partners/show', partner.name, partnerView(partner, results, actor, membership.slug)));
}

async function edit(visit: Visit) {
  const { partner } = await findPartner(visit);
  visit.res.send(formPage(visit, partner.id, partnerValues(partner), {}));
}

function save(visit: Visit) {
  const { db, req, res, actor, membership } = visit;
  const work = async () => {
    await changePartner(db.knex, actor, idIn(req, 'partner'), parsePartner(req.body));
    return `/${membership.slug}/partners/${idIn(req, 'partner')}?done=saved`;
  };
  return submit(res, wordsOf(visit), work, (errors) =>
    formPage(visit, idIn(req, 'partner'), typedIn(req.body), errors),
  );
}

function formPage(visit: Visit, id: string | null, values: Record<string, string>, errors: Errors): string {
  const type = typeAskedFor(visit.req);
  const view = partnerFormView(visit.membership.slug, id, values, wordsOf(visit), visit.actor.locale);
  return pageOf(visit, 'partners/form', view.title, { ...view, errors, hidden: type ? { for: type } : {} });
}
