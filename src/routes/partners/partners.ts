import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { partnerPage } from './partner_queries.js';
import { NotFound } from '../../errors.js';
import { submittedText } from '../../people/form_values.js';
import { parsePartner, partnerValues } from '../../people/partner_form.js';
import { addPartner, changePartner } from '../../people/partner.js';
import { contacts } from './contacts.js';
import { type Errors, submit } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { findPartner, idIn, organizationDefaults, readPartners, typeParam } from './partner_request.js';
import { partnerFormView, partnerRow, partnerView } from './partner_view.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

const ALL = '/:organization/partners';

/** Customers and vendors, and their contacts. */
export function partners(db: Database): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get(ALL, ctx(staff, list));
  router.get(`${ALL}/new`, ctx(staff, begin));
  router.post(ALL, ctx(staff, create));
  router.get(`${ALL}/:partner`, ctx(staff, show));
  router.get(`${ALL}/:partner/edit`, ctx(staff, edit));
  router.post(`${ALL}/:partner`, ctx(staff, save));
  return router.use(contacts(db));
}

async function list(ctx: RequestContext) {
  const t = translatorOf(ctx);
  const { found, next, narrowing } = await readPartners(ctx, null);
  const { words, kind } = narrowing;
  const url = `/${ctx.membership.slug}/partners`;
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
  ctx.res.send(
    contextPage(ctx, 'partners/list', t('Partners'), {
      title: t('Partners'),
      filters,
      filtered: Boolean(words ?? kind),
      next: next ? `${url}?${next}` : null,
      partners: found.map((row) => partnerRow(row, `${url}/${row.id}`, t)),
      create: { href: `${url}/new`, label: t('New partner') },
    }),
  );
}

async function begin(ctx: RequestContext) {
  const { currency, locale } = await organizationDefaults(ctx);
  ctx.res.send(formPage(ctx, null, { kind: 'customer', terms_days: '30', currency, locale }, {}));
}

const create = (ctx: RequestContext) =>
  submit(
    ctx.res,
    translatorOf(ctx),
    async () => {
      const id = await addPartner(ctx.db.knex, ctx.actor, parsePartner(ctx.req.body));
      const type = typeParam(ctx.req);
      const url = `/${ctx.membership.slug}/partners/${id}`;
      return type ? `${url}/contacts/new?for=${type}` : `${url}?done=saved`;
    },
    (errors) => formPage(ctx, null, submittedText(ctx.req.body), errors),
  );

async function show(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const results = await read(db.pool, actor, ...partnerPage(actor, idIn(req, 'partner')));
  const [[partner]] = results;
  if (!partner) throw new NotFound();
  res.send(contextPage(ctx, 'partners/show', partner.name, partnerView(partner, results, actor, membership.slug)));
}

async function edit(ctx: RequestContext) {
  const { partner } = await findPartner(ctx);
  ctx.res.send(formPage(ctx, partner.id, partnerValues(partner), {}));
}

function save(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const work = async () => {
    await changePartner(db.knex, actor, idIn(req, 'partner'), parsePartner(req.body));
    return `/${membership.slug}/partners/${idIn(req, 'partner')}?done=saved`;
  };
  return submit(res, translatorOf(ctx), work, (errors) =>
    formPage(ctx, idIn(req, 'partner'), submittedText(req.body), errors),
  );
}

function formPage(ctx: RequestContext, id: string | null, values: Record<string, string>, errors: Errors): string {
  const type = typeParam(ctx.req);
  const view = partnerFormView(ctx.membership.slug, id, values, translatorOf(ctx), ctx.actor.locale);
  return contextPage(ctx, 'partners/form', view.title, { ...view, errors, hidden: type ? { for: type } : {} });
}
