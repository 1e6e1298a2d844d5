import { Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { withActor } from '../../db/scope.js';
import { typeNamed, types } from '../../document_types/index.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import { isStartable } from '../../document_types/relations.js';
import { contentInput } from '../../document_types/shared/inputs.js';
import { today } from '../../pages/days.js';
import { actionsFor, requirePermitted } from '../../acting/permitted.js';
import { seenOf } from '../../documents/content/seen.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { contentOf } from '../../documents/queries/page.js';
import { toDraft } from '../../documents/drafts/draft.js';
import { namesTaxes, readTaxes } from '../../documents/taxes/line_taxes.js';
import { Invalid } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { parseBy } from '../../input/fields.js';
import { showDocument } from '../documents/documents.js';
import { type DraftForm, draftForm, toDraftForm } from '../forms/draft_form.js';
import { one } from '../forms/field_values.js';
import { readContent } from '../forms/read_content.js';
import { type Errors, type ActionPage, formInput, formState } from '../shared/form.js';
import { members, membersOnly, staff, verified } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import type { DraftPage } from './draft_queries.js';
import { findDraft, savedUrl } from './draft_request.js';
import { draftEdit, editFormView } from './draft_view.js';
import { createDraft, newDraft } from './new_draft.js';
import { preview, previewRevision } from './preview.js';

/** Writing a new document, a draft or a new version; and its preview before it is sent. */
export function drafts(db: Database, config: Config, storage: Storage, printer: Printer): Router {
  const router = Router();
  const handle = withContext(db);
  const upload = [membersOnly, uploads(config, storage)];
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
  router.post('/:organization/documents/:key/rows', upload, handle(members, changeRows));
  router.post('/:organization/documents/:key/preview', upload, handle(staff, preparePreview));
  return router.use(preview(db, printer));
}

/** A revision as it was typed, to be looked at before it is sent; with what is wrong, its form again. */
async function preparePreview(ctx: RequestContext) {
  const page = await findDraft(ctx);
  const action = requireFormAction(page, ctx);
  const fields = formInput(ctx);
  try {
    const { content } = parseBy(Revised, { content: readContent(fields, ctx.actor.locale) });
    const { id, partner_id, origin_id } = page;
    const owner = { type: typeNamed(page.type), partner_id, sources: [id, origin_id] };
    const { actor, db } = ctx;
    const taxed = await withActor(db.knex, actor, (db) => readTaxes(db, actor, owner, content));
    const draft = toDraft(taxed, page.currency, owner.type);
    return previewRevision(ctx, page, { action, draft, fields });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    ctx.res.status(error.status);
    return editFormPage.show(ctx, formState(ctx, action, error));
  }
}

const Revised = z.object({ content: contentInput });

async function edit(ctx: RequestContext) {
  ctx.res.send(await savedFormPage(ctx, await findDraft(ctx)));
}

/** The form of a document as it is saved, with what is wrong with it. */
async function savedFormPage(ctx: RequestContext, page: DraftPage, errors: Errors = {}): Promise<string> {
  const { actor } = ctx;
  const action = requireFormAction(page, ctx);
  const recipient_ids = page.participants.filter(({ partner_id }) => partner_id !== null).map(({ id }) => id);
  const named = namesTaxes(typeNamed(page.type));
  const { project_id, items } = page;
  const form = toDraftForm(contentOf(page), named, actor.locale, { recipient_ids, project_id, items });
  return render(ctx, page, action, form, { errors });
}

/** The form without the row that its button removes, or with one that it adds. Nothing is saved. */
async function changeRows(ctx: RequestContext) {
  const page = await findDraft(ctx);
  const input = formInput(ctx);
  ctx.res.send(render(ctx, page, requireFormAction(page, ctx), draftForm(input), { seen: one(input, 'seen') }));
}

/**
 * The form with what was typed and what is wrong. If somebody else has changed the document, it is shown beside the
 * form, and saving again overwrites it. What is wrong with a draft that was sent from its page shows in its form, too.
 */
export const editFormPage: ActionPage = {
  async show(ctx, { action, input, errors, changes }) {
    const page = await findDraft(ctx);
    const current = formAction(page, ctx);
    if (actionNamed(page.type, action)?.formPage === 'edit') {
      // What was written isn't lost where it came too late, either: it can be copied out.
      const shown = changes ? { stale: true } : { seen: one(input, 'seen') };
      return ctx.res.send(render(ctx, page, current ?? action, draftForm(input), { errors, ...shown }));
    }
    if (!current) return showDocument(ctx, { action, input, errors, changes });
    return ctx.res.send(await savedFormPage(ctx, page, errors));
  },
  next: (ctx, { id, type }, action) =>
    action === 'edit' ? savedUrl(ctx.membership.slug, typeNamed(type), id, formInput(ctx)) : null,
};

/** The action that this document's form posts to now, for this person: `edit`, `revise` or `resubmit`. */
const formAction = (page: DraftPage, { actor }: RequestContext) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { formPage }]) => formPage === 'edit')?.[0];

/** The same. @throws NotAllowed, Conflict if there is none */
function requireFormAction(page: DraftPage, ctx: RequestContext): string {
  const action = formAction(page, ctx);
  if (!action) requirePermitted(page, ctx.actor, 'edit', today(ctx.actor));
  return action ?? 'edit';
}

/** `seen`: what the form was opened with, so that a later save still notices changes; left out, what there is now. */
function render(
  ctx: RequestContext,
  page: DraftPage,
  action: string,
  form: DraftForm,
  { errors = {}, stale = false, seen = seenOf(page) }: { errors?: Errors; stale?: boolean; seen?: string } = {},
): string {
  const { actor, membership } = ctx;
  const view = editFormView(page, action, form, { actor, slug: membership.slug, errors, stale, seen });
  return contextPage(ctx, draftEdit, view.title, view);
}
