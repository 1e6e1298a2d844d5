import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { typeNamed, types } from '../../document_types/index.js';
import { isStartable } from '../../document_types/relations.js';
import { act, today } from '../../documents/act.js';
import { actionsFor, requirePermitted } from '../../documents/acting/lifecycle.js';
import { Stale } from '../../documents/acting/stale.js';
import { one } from '../../documents/content/field_values.js';
import { changesRows, type DraftForm, draftForm, toDraftForm } from '../../documents/drafts/draft_form.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { type Errors, formInput, translated } from '../shared/form.js';
import { members, membersOnly, staff, verified } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { storedFiles, uploads } from '../shared/uploads.js';
import type { DraftPage } from './draft_queries.js';
import { autosave, findDraft, isAutosave, savedUrl } from './draft_request.js';
import { draftEdit, editFormView } from './draft_view.js';
import { createDraft, newDraft } from './new_draft.js';
import { preview } from './preview.js';

/** Writing a new document, a draft or a new version; and its preview before it is sent. */
export function drafts(db: Database, config: Config, storage: Storage, printer: Printer): Router {
  const router = Router();
  const handle = withContext(db);
  const upload = [membersOnly, uploads(config)];
  for (const type of types.filter(isStartable)) {
    const guard = type.startedBy === 'partner' ? verified : staff;
    const path = `/:organization/${type.path}/new`;
    router.get(
      path,
      handle(guard, (ctx) => newDraft(type, ctx)),
    );
    router.post(
      path,
      upload,
      handle(guard, (ctx) => createDraft(type, ctx, storage)),
    );
  }
  router.get('/:organization/documents/:key/edit', handle(members, edit));
  for (const action of ['edit', 'revise', 'resubmit']) {
    router.post(
      `/:organization/documents/:key/${action}`,
      upload,
      handle(members, (ctx) => save(action, ctx, storage)),
    );
  }
  return router.use(preview(db, printer));
}

async function edit(ctx: RequestContext) {
  ctx.res.send(await editPage(ctx));
}

/** The form of the address's document as it is saved, with what is wrong with it. */
async function editPage(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { actor } = ctx;
  const page = await findDraft(ctx);
  const action = formAction(page, ctx);
  if (!action) requirePermitted(page, actor, 'edit', today(actor));
  const recipients = page.participants.filter(({ partner_id }) => partner_id !== null).map(({ id }) => id);
  const form = toDraftForm(contentOf(page), recipients, page.project_id, actor.locale);
  return render(ctx, page, action ?? 'edit', form, errors);
}

/** Submits a draft from its own page: a vendor's bill. If it can't be sent yet, its form shows why. */
export async function submitDraft(ctx: RequestContext, page: DocumentPage, storage: Storage) {
  const { db, res, actor, membership } = ctx;
  try {
    requirePermitted(page, actor, 'submit', today(actor));
    const files = await storedFiles(ctx, storage);
    const { number } = await act(db.knex, actor, page.id, 'submit', formInput(ctx), { files });
    return res.redirect(303, `/${membership.slug}/documents/${number}?done=sent`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return res.status(422).send(await editPage(ctx, translated(error.fields, translatorOf(ctx))));
  }
}

async function save(action: string, ctx: RequestContext, storage: Storage) {
  const { res, membership } = ctx;
  const page = await findDraft(ctx);
  const input = formInput(ctx);
  if (changesRows(input)) return res.send(render(ctx, withSeen(page, input), action, draftForm(input)));
  const work = () => saveDraft(ctx, page, action, storage);
  if (action === 'edit' && isAutosave(ctx)) return autosave(ctx, work);
  try {
    const { number } = await work();
    const { slug } = membership;
    const sent = `/${slug}/documents/${number}?done=sent`;
    return res.redirect(303, action === 'edit' ? savedUrl(slug, typeNamed(page.type), page.id, input) : sent);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    return redraw(ctx, action, error);
  }
}

async function saveDraft(ctx: RequestContext, page: DraftPage, action: string, storage: Storage) {
  const { db, actor } = ctx;
  requirePermitted(page, actor, action, today(actor));
  const files = await storedFiles(ctx, storage);
  const { document_id, number, sha256 } = await act(db.knex, actor, page.id, action, formInput(ctx), { files });
  return { id: document_id, number, sha256 };
}

/**
 * The form with what was typed and what is wrong. If somebody else has changed the document, it is shown beside the
 * form, and saving again overwrites it.
 */
async function redraw(ctx: RequestContext, action: string, error: Invalid | Conflict) {
  const page = await findDraft(ctx);
  const input = formInput(ctx);
  const errors = translated(error instanceof Invalid ? error.fields : { form: error.message }, translatorOf(ctx));
  const shown = error instanceof Invalid ? withSeen(page, input) : page;
  ctx.res
    .status(error.status)
    .send(render(ctx, shown, formAction(page, ctx) ?? action, draftForm(input), errors, error instanceof Stale));
}

/** The page with the hash of the content that the form was opened with, so that a later save still notices changes. */
const withSeen = (page: DraftPage, input: Record<string, unknown>): DraftPage => ({
  ...page,
  sha256: one(input, 'seen'),
});

/** The action that this document's form posts to now, for this person: `edit`, `revise` or `resubmit`. */
const formAction = (page: DraftPage, { actor }: RequestContext) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { formPage }]) => formPage === 'edit')?.[0];

function render(
  ctx: RequestContext,
  page: DraftPage,
  action: string,
  form: DraftForm,
  errors: Errors = {},
  stale = false,
): string {
  const { actor, membership } = ctx;
  const view = editFormView(page, action, form, { actor, slug: membership.slug, errors, stale });
  return contextPage(ctx, draftEdit, view.title, view);
}
