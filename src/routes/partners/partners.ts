import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';
import type { Filters } from '../../pages/views/components.js';
import { allowBankDebit } from '../../payments/methods/online_methods.js';
import { stopReminders } from '../../payments/reminders/reminder_plan.js';
import { submittedText } from '../../people/form_values.js';
import { addPartner, archivePartner, changePartner } from '../../people/partner.js';
import { parsePartner, partnerValues } from '../../people/partner_form.js';
import { once, submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { keepsPartners, staff } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { maxBytes } from '../shared_files/files_view.js';
import { exportKind, exportLinks } from '../lists/table_file.js';
import { contacts } from './contacts.js';
import { exportPartners } from './partner_export.js';
import { type PartnerFilter, partnerPage } from './partner_queries.js';
import {
  findPartner,
  organizationDefaults,
  partnerFilter,
  partnerParams,
  readPartners,
  typeParam,
} from './partner_request.js';
import { type SimilarPartner, similarPartners } from './similar_partners.js';
import {
  partnerForm,
  partnerFormView,
  newPartnerLink,
  partnerListView,
  partnerRow,
  partnerShow,
  partnerView,
} from './partner_view.js';

const ALL = '/:organization/partners';

/** Customers and vendors, and their contacts. */
export function partners(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(ALL, handle(staff, list));
  router.get(`${ALL}/new`, handle(keepsPartners, startNew));
  router.post(ALL, handle(keepsPartners, create));
  router.get(`${ALL}/:partner`, handle(staff, show));
  router.get(`${ALL}/:partner/edit`, handle(keepsPartners, edit));
  router.post(`${ALL}/:partner`, handle(keepsPartners, save));
  router.post(`${ALL}/:partner/archive`, handle(keepsPartners, changeArchived));
  router.post(`${ALL}/:partner/reminders`, handle(staff, changeReminders));
  router.post(`${ALL}/:partner/bank-debit`, handle(staff, changeBankDebit));
  return router.use(contacts(db));
}

async function list(ctx: RequestContext) {
  const t = translatorOf(ctx);
  const kind = exportKind(ctx.req);
  if (kind) return exportPartners(ctx, partnerFilter(ctx, null), kind);
  const { found, next, filter } = await readPartners(ctx, null);
  const url = `/${ctx.membership.slug}/partners`;
  ctx.res.send(
    contextPage(ctx, partnerListView, t('Partners'), {
      title: t('Partners'),
      filters: filtersOf(filter, url, t),
      filtered: Boolean(filter.words ?? filter.kind ?? (filter.archived || null)),
      next: next ? `${url}?${next}` : null,
      exports: exportLinks(
        (format) => `${url}?${new URLSearchParams({ ...partnerParams(filter), format }).toString()}`,
      ),
      partners: found.map((row) => partnerRow(row, `${url}/${row.id}`, t)),
      create: newPartnerLink(ctx.actor, `${url}/new`, t),
    }),
  );
}

function filtersOf({ words, kind, archived }: PartnerFilter, url: string, t: Translate): Filters {
  const kinds = [
    { value: '', label: t('Any') },
    { value: 'customer', label: t('Customers') },
    { value: 'vendor', label: t('Vendors') },
    { value: 'archived', label: t('Archived') },
  ];
  return {
    action: url,
    search: { name: 'q', value: words?.join(' ') ?? '', label: t('Search') },
    choices: [{ name: 'kind', label: t('Kind'), value: archived ? 'archived' : (kind ?? ''), choices: kinds }],
    hidden: {},
    clear: words || kind || archived ? url : null,
  };
}

async function startNew(ctx: RequestContext) {
  const { currency, locale } = await organizationDefaults(ctx);
  const similar = await similarPartners(ctx, ctx.req.query);
  ctx.res.send(formPage(ctx, null, { kind: 'customer', terms_days: '30', currency, locale }, {}, { similar }));
}

function create(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const work = async ({ db }: RequestContext) => {
    const id = await addPartner(db.knex, actor, parsePartner(req.body, actor));
    const type = typeParam(req);
    const url = `/${membership.slug}/partners/${id}`;
    return type ? `${url}/contacts/new?for=${type}` : `${url}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, null, submittedText(req.body), errors));
}

async function show(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const results = await read(db.pool, actor, ...partnerPage(actor, pathId(req, 'partner')));
  const [[partner]] = results;
  if (!partner) throw new NotFound();
  const view = partnerView(partner, results, actor, membership.slug, maxBytes(ctx));
  res.send(contextPage(ctx, partnerShow, partner.name, view));
}

async function edit(ctx: RequestContext) {
  const { partner } = await findPartner(ctx);
  ctx.res.send(formPage(ctx, partner.id, partnerValues(partner, ctx.actor), {}, { archivable: !partner.archived }));
}

function save(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const work = async ({ db }: RequestContext) => {
    await changePartner(db.knex, actor, pathId(req, 'partner'), parsePartner(req.body, actor));
    return `/${membership.slug}/partners/${pathId(req, 'partner')}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, pathId(req, 'partner'), submittedText(req.body), errors));
}

/** Archives a partner, or restores it. */
async function changeArchived(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const partner = pathId(req, 'partner');
  const archive = submittedText(req.body)['restore'] !== 'yes';
  const url = await once(ctx, async ({ db }) => {
    await archivePartner(db.knex, actor, partner, archive);
    return `/${membership.slug}/partners/${partner}?done=saved`;
  });
  res.redirect(303, url);
}

/** Stops payment reminders to a partner, or lets them go out again. */
async function changeReminders(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const partner = pathId(req, 'partner');
  const stop = submittedText(req.body)['stop'] === 'yes';
  const url = await once(ctx, async ({ db }) => {
    await withActor(db.knex, actor, (db) => stopReminders(db, actor, partner, stop));
    return `/${membership.slug}/partners/${partner}?done=saved`;
  });
  res.redirect(303, url);
}

/** Allows debits of a partner's bank account, or no longer. */
async function changeBankDebit(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const partner = pathId(req, 'partner');
  const allow = submittedText(req.body)['allow'] === 'yes';
  const url = await once(ctx, async ({ db }) => {
    await withActor(db.knex, actor, (db) => allowBankDebit(db, actor, partner, allow));
    return `/${membership.slug}/partners/${partner}?done=saved`;
  });
  res.redirect(303, url);
}

function formPage(
  ctx: RequestContext,
  id: string | null,
  values: Record<string, string>,
  errors: Errors,
  more: { similar?: SimilarPartner[]; archivable?: boolean } = {},
): string {
  const { req, actor, membership } = ctx;
  const type = typeParam(req);
  const reader = { slug: membership.slug, locale: actor.locale, t: translatorOf(ctx) };
  const input = partnerFormView(reader, id, { ...more, values, errors, hidden: type ? { for: type } : {} });
  return contextPage(ctx, partnerForm, input.title, input);
}
