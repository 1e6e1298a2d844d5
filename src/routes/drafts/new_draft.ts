import { act } from '../../act.js';
import { isId } from '../../db/ids.js';
import { actingAs, read, systemActor, withActor } from '../../db/scope.js';
import { type DocumentType, typeNamed } from '../../document_types/index.js';
import { isForSeveral } from '../../document_types/relations.js';
import { requireMayMake } from '../../acting/permitted.js';
import { today } from '../../pages/days.js';
import { type Document, findDocument } from '../../documents/content/document.js';
import { seenOf } from '../../documents/content/seen.js';
import { draftBegun, draftFrom } from '../../documents/drafts/copy.js';
import { createDocument } from '../../documents/drafts/create.js';
import { namesTaxes } from '../../documents/taxes/line_taxes.js';
import { NotFound } from '../../errors.js';
import type { Storage, StoredFile } from '../../files/storage.js';
import { requireMay } from '../../subjects/may.js';
import { readPartners } from '../partners/partner_request.js';
import { newPartnerLink, partnerListView, partnerRow } from '../partners/partner_view.js';
import { changesRows, type DraftForm, draftForm, toDraftForm } from '../forms/draft_form.js';
import { readContent } from '../forms/read_content.js';
import { errorsByField } from '../forms/read_form.js';
import { once, SentBefore } from '../acts/once.js';
import { type Errors, formInput, submit } from '../shared/form.js';
import { wantsJson } from '../errors/problem.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { storedFiles } from '../shared/uploads.js';
import { type NewPage, newPage } from './draft_queries.js';
import { findDraftById, savedUrl } from './draft_request.js';
import { draftEdit } from './draft_view.js';
import { newDraftForm, newFormView } from './new_draft_view.js';

interface NewDraftPage extends NewPage {
  origin: Document | null;
}

/** The form of a new document for the partner in the address; without one, the partners to choose from. */
export async function newDraft(type: DocumentType, ctx: RequestContext) {
  if (needsPartner(type, ctx)) return choosePartner(type, ctx);
  const begun = await findBegun(type, ctx);
  if (begun) return ctx.res.redirect(303, `/${ctx.membership.slug}/documents/${begun}/edit`);
  const page = await findNewPage(type, ctx);
  const form = (await formFromOrigin(type, ctx, page)) ?? newDraftForm(type, page, ctx.actor, projectIn(ctx));
  return ctx.res.send(render(type, ctx, page, form));
}

/** The draft that a partner has begun from the document of the address, perhaps on another device. */
async function findBegun(type: DocumentType, ctx: RequestContext): Promise<string | null> {
  const { db, actor } = ctx;
  const key = originKey(ctx);
  if (!key || actor.side !== 'partner') return null;
  return withActor(db.knex, actor, async (db) => draftBegun(db, await findDocument(db, actor, key), type.name));
}

/** A vendor's own document is always for the organization; what goes to several is addressed in its form. */
const needsPartner = (type: DocumentType, { req, actor }: RequestContext) =>
  actor.side === 'staff' && !isForSeveral(type) && !req.query['partner'];

/** The partners who can get such a document, and the way to a new one. */
async function choosePartner(type: DocumentType, ctx: RequestContext) {
  const t = translatorOf(ctx);
  requireMay(ctx.actor, { start: type });
  const { found, filter, next } = await readPartners(ctx, type.partner);
  const { slug } = ctx.membership;
  const url = `/${slug}/${type.path}/new`;
  const origin = originParams(ctx);
  const query = (partner: string) => new URLSearchParams({ partner, ...origin });
  ctx.res.send(
    contextPage(ctx, partnerListView, t(`New ${type.label.toLowerCase()}`), {
      title: t('Who is it for?'),
      filters: {
        action: url,
        search: { name: 'q', value: filter.words?.join(' ') ?? '', label: t('Search') },
        choices: [],
        hidden: origin,
        clear: filter.words ? url : null,
      },
      filtered: Boolean(filter.words),
      next: next ? `${url}?${next}` : null,
      partners: found.map((row) => partnerRow(row, `${url}?${query(row.id)}`, t)),
      create: newPartnerLink(ctx.actor, `/${slug}/partners/new?for=${type.name}`, t),
    }),
  );
}

/** What the address says of a new document, to be passed on to the next: what it is created from, and its project. */
function originParams(ctx: RequestContext): Record<string, string> {
  const from = originKey(ctx);
  const project = projectIn(ctx);
  return { ...(from ? { from } : {}), ...(project ? { project } : {}) };
}

/** The form filled from the document that the new one is created from, with its lines, for another partner. */
async function formFromOrigin(
  type: DocumentType,
  ctx: RequestContext,
  { contacts, origin, tax_rates }: NewDraftPage,
): Promise<DraftForm | null> {
  const { db, actor } = ctx;
  if (!origin) return null;
  requireMayMake(origin, actor, type, today(actor));
  const { content, project_id } = await withActor(db.knex, actor, (db) =>
    actingAs(db, systemActor(actor.organization_id), () => draftFrom(db, actor, origin, type.name)),
  );
  const full = contacts.filter(({ guest }) => !guest);
  const others = { recipient_ids: full.slice(0, 1).map(({ id }) => id), project_id: project_id ?? null };
  const form = toDraftForm(content, namesTaxes(type), actor.locale, others);
  // What a customer pays is not what a vendor charges.
  const others_pay = tax_rates.length > 0 && typeNamed(origin.type).partner !== type.partner;
  const rows = others_pay ? form.rows.map((row) => ({ ...row, tax: '', tax_2: '', tax_3: '' })) : form.rows;
  return { ...form, rows, values: { ...form.values, reference: '' } };
}

/** Creates the draft; or, for the buttons that work without script, adds or removes a row of the form. */
export async function createDraft(type: DocumentType, ctx: RequestContext, storage: Storage) {
  const { res, membership } = ctx;
  const { slug } = membership;
  if (needsPartner(type, ctx)) return res.redirect(303, `/${slug}/${type.path}/new`);
  const page = await findNewPage(type, ctx);
  const input = formInput(ctx);
  const form = draftForm(input);
  if (changesRows(input)) return res.send(render(type, ctx, page, form));
  const create = async () => {
    const files = await storedFiles(ctx, storage);
    return once(ctx, (ctx) => createFrom(type, ctx, page, form.values.currency, files)).catch((error: unknown) =>
      saveAgain(ctx, error, files),
    );
  };
  if (wantsJson(ctx.req)) {
    const id = await create();
    return res.json({ seen: seenOf(await findDraftById(ctx, id)), url: `/${slug}/documents/${id}` });
  }
  return submit(
    res,
    translatorOf(ctx),
    async () => savedUrl(slug, type, await create(), input),
    (errors) => render(type, ctx, page, form, errorsByField(errors, input)),
  );
}

/** What has made a draft already, and comes again with more in it, makes no second one. Returns the draft's id. */
async function saveAgain(ctx: RequestContext, error: unknown, files: StoredFile[]): Promise<string> {
  if (!(error instanceof SentBefore)) throw error;
  const { db, actor } = ctx;
  const id = String(error.answer);
  await act(db.knex, actor, id, 'edit', { content: readContent(formInput(ctx), actor.locale), files });
  return id;
}

/** Returns the new draft's id. @throws Invalid */
async function createFrom(
  type: DocumentType,
  ctx: RequestContext,
  { partner, origin }: NewDraftPage,
  currency: string,
  files: StoredFile[],
): Promise<string> {
  const { db, actor } = ctx;
  const content = readContent(formInput(ctx), actor.locale);
  const input = { currency, content, files };
  return createDocument(db.knex, actor, type.name, partner.id, input, origin?.id ?? null);
}

/** The number or id of the document that the new one is created from. */
const originKey = ({ req }: RequestContext) => (typeof req.query['from'] === 'string' ? req.query['from'] : null);

const projectIn = ({ req }: RequestContext) =>
  typeof req.query['project'] === 'string' && isId(req.query['project']) ? req.query['project'] : '';

/** What a new document for the partner of the address starts from. @throws NotFound */
async function findNewPage(type: DocumentType, ctx: RequestContext): Promise<NewDraftPage> {
  const { db, req, actor } = ctx;
  requireMay(actor, { start: type });
  const named = typeof req.query['partner'] === 'string' ? req.query['partner'] : '';
  const own = actor.side === 'partner' ? String(actor.partner_id) : named;
  const partner_id = isForSeveral(type) ? null : own;
  if (partner_id !== null && !isId(partner_id)) throw new NotFound();
  const results = await read(db.pool, actor, ...newPage(actor, type, partner_id));
  const [[partner], contacts, [last], projects, tax_rates, [default_taxes]] = results;
  if (!partner || !default_taxes) throw new NotFound();
  const origin = await findOrigin(ctx);
  return { partner, contacts, last: last ?? null, projects, tax_rates, default_taxes, origin };
}

/** The document that the new one is created from. @throws NotFound */
async function findOrigin(ctx: RequestContext): Promise<Document | null> {
  const { db, actor } = ctx;
  const key = originKey(ctx);
  return key ? withActor(db.knex, actor, (db) => findDocument(db, actor, key)) : null;
}

/** What bills an order is in its currency. */
const orderCurrency = ({ name }: DocumentType, { origin }: NewDraftPage) =>
  origin && typeNamed(origin.type).billedBy === name ? origin.currency : null;

function render(
  type: DocumentType,
  ctx: RequestContext,
  page: NewDraftPage,
  form: DraftForm,
  errors: Errors = {},
): string {
  const { actor, membership } = ctx;
  const from = { key: originKey(ctx), currency: orderCurrency(type, page) };
  const view = newFormView(type, page, form, { actor, slug: membership.slug, errors, from });
  return contextPage(ctx, draftEdit, view.title, view);
}
