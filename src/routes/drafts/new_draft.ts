import { isId } from '../../db/ids.js';
import { setActor, systemActor, read, withActor } from '../../db/scope.js';
import { parseDraft } from '../../documents/drafts/parse_draft.js';
import { draftFrom } from '../../documents/drafts/copy.js';
import { findDocument } from '../../documents/content/document.js';
import { newPage, type NewPage } from './draft_queries.js';
import { mayCreate, createDocument } from '../../documents/drafts/create.js';
import { changesRows, type DraftForm, draftForm, toDraftForm } from '../../documents/drafts/draft_form.js';
import type { DocumentType } from '../../document_types/index.js';
import type { Storage } from '../../files/storage.js';
import { Invalid, NotFound } from '../../errors.js';
import { CURRENCIES } from '../../people/form_values.js';
import { answerAutosave, autosaves } from './autosave.js';
import { findDraftById, formInput, savedTime, storedFiles } from './draft_request.js';
import { newFormView, newDraftForm } from './draft_view.js';
import { type Errors, submit } from '../shared/form.js';
import { readPartners } from '../partners/partner_request.js';
import { partnerRow } from '../partners/partner_view.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';

/** For whom? The partners who can get such a document, and the way to a new one. */
export async function choosePartner(type: DocumentType, ctx: RequestContext) {
  const t = translatorOf(ctx);
  const from = fromIn(ctx);
  const project = projectIn(ctx);
  const origin = `${from ? `&from=${encodeURIComponent(from)}` : ''}${project ? `&project=${project}` : ''}`;
  const { found, narrowing, next } = await readPartners(ctx, type.partner);
  const { slug } = ctx.membership;
  const url = `/${slug}/${type.path}/new`;
  const search = { name: 'q', value: narrowing.words?.join(' ') ?? '', label: t('Search') };
  ctx.res.send(
    contextPage(ctx, 'partners/list', t(`New ${type.label.toLowerCase()}`), {
      title: t('Who is it for?'),
      filters: {
        action: url,
        search,
        choices: [],
        hidden: { ...(from ? { from } : {}), ...(project ? { project } : {}) },
        clear: narrowing.words ? url : null,
      },
      filtered: Boolean(narrowing.words),
      next: next ? `${url}?${next}` : null,
      partners: found.map((row) => partnerRow(row, `${url}?partner=${row.id}${origin}`, t)),
      create: { href: `/${slug}/partners/new?for=${type.name}`, label: t('New partner') },
    }),
  );
}

/** The form of a new document for the partner in the address. */
export async function newDraft(type: DocumentType, ctx: RequestContext) {
  if (needsPartner(type, ctx)) return choosePartner(type, ctx);
  const page = await findNew(type, ctx);
  const typed = await typedFrom(type, ctx, page);
  return ctx.res.send(form(type, ctx, page, typed ?? newDraftForm(type, page, ctx.actor, projectIn(ctx))));
}

/** Staff say for whom it is; a vendor's own is theirs, and what goes to many is addressed in its form. */
const needsPartner = (type: DocumentType, { req, actor }: RequestContext) =>
  actor.side === 'staff' && type.name !== 'request_for_proposal' && !req.query['partner'];

/** The form as another document fills it, that the new one is made from: for another partner, with its lines. */
async function typedFrom(type: DocumentType, ctx: RequestContext, { contacts }: NewPage): Promise<DraftForm | null> {
  const { db, actor } = ctx;
  const from = fromIn(ctx);
  if (!from) return null;
  const { content, project_id } = await withActor(db.knex, actor, async (db) => {
    const document = await findDocument(db, actor, from);
    await setActor(db, systemActor(actor.organization_id));
    return draftFrom(db, actor, document, type.name);
  });
  const typed = toDraftForm(
    content,
    contacts.slice(0, 1).map(({ id }) => id),
    project_id ?? null,
    actor.locale,
  );
  return { ...typed, values: { ...typed.values, reference: '' } };
}

/** Makes the draft; or, by the buttons that need no script, another row in the form. */
export async function createDraft(type: DocumentType, ctx: RequestContext, storage: Storage) {
  const { db, res, actor, membership } = ctx;
  if (needsPartner(type, ctx)) return res.redirect(303, `/${membership.slug}/${type.path}/new`);
  const page = await findNew(type, ctx);
  const input = formInput(ctx);
  const typed = draftForm(input);
  if (changesRows(input)) return res.send(form(type, ctx, page, typed));
  const work = async () => {
    const { currency } = typed.values;
    if (!CURRENCIES.has(currency)) throw new Invalid({ currency: 'Choose a currency.' });
    const { draft, errors } = parseDraft(input, actor.locale, currency, type);
    if (!draft) throw new Invalid(errors);
    const rest = { origin_id: await originOf(ctx), files: await storedFiles(ctx, storage) };
    return createDocument(db.knex, actor, type.name, page.partner.id, draft, rest);
  };
  if (autosaves(ctx)) {
    return answerAutosave(ctx, async () => {
      const id = await work();
      return { id, sha256: (await findDraftById(ctx, id)).sha256 };
    });
  }
  return submit(
    res,
    translatorOf(ctx),
    async () => savedTime(membership.slug, type, await work(), input),
    (errors) => form(type, ctx, page, typed, errors),
  );
}

/** What the address says that the new document is made from: a number or an id. */
const fromIn = ({ req }: RequestContext) => (typeof req.query['from'] === 'string' ? req.query['from'] : null);

/** The project that the address says it belongs to. */
const projectIn = ({ req }: RequestContext) =>
  typeof req.query['project'] === 'string' && isId(req.query['project']) ? req.query['project'] : '';

/** The partner of a new document, as the address names it. @throws NotFound */
async function findNew(type: DocumentType, { db, req, actor }: RequestContext): Promise<NewPage> {
  if (!mayCreate(actor, type)) throw new NotFound();
  const named = typeof req.query['partner'] === 'string' ? req.query['partner'] : '';
  const asked =
    type.name === 'request_for_proposal' ? null : actor.side === 'partner' ? String(actor.partner_id) : named;
  if (asked !== null && !isId(asked)) throw new NotFound();
  const [[partner], contacts, [last], projects] = await read(db.pool, actor, ...newPage(actor, type, asked));
  if (!partner) throw new NotFound();
  return { partner, contacts, last: last ?? null, projects };
}

/** The id of the document that the address says it is made from. @throws NotFound */
async function originOf(ctx: RequestContext): Promise<string | null> {
  const { db, actor } = ctx;
  const from = fromIn(ctx);
  if (!from) return null;
  return (await withActor(db.knex, actor, (db) => findDocument(db, actor, from))).id;
}

function form(type: DocumentType, ctx: RequestContext, page: NewPage, typed: DraftForm, errors: Errors = {}): string {
  const view = newFormView(type, page, typed, ctx.actor, ctx.membership.slug, errors, fromIn(ctx));
  return contextPage(ctx, 'drafts/edit', view.title, view);
}
