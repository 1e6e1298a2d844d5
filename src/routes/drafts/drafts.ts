import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { act, today } from '../../documents/act.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { Stale } from '../../documents/acting/stale.js';
import { one } from '../../documents/content/field_values.js';
import type { DraftPage } from './draft_queries.js';
import { actionsFor, requirePermitted } from '../../documents/acting/lifecycle.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import { changesRows, type DraftForm, draftForm, toDraftForm } from '../../documents/drafts/draft_form.js';
import { typeNamed, types } from '../../document_types/index.js';
import { Conflict, Invalid } from '../../errors.js';
import { answerAutosave, autosaves } from './autosave.js';
import { newDraft, createDraft } from './new_draft.js';
import { findDraft, formInput, savedTime, storedFiles } from './draft_request.js';
import { editFormView } from './draft_view.js';
import { type Errors, translated } from '../shared/form.js';
import { members, membersOnly, staff, verified } from '../shared/guard.js';
import { preview } from './preview.js';
import { uploads } from '../shared/uploads.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

/** Writing: a new document, a draft, a new version; and the look at it before it goes out. */
export function drafts(db: Database, config: Config, storage: Storage, printer: Printer): Router {
  const router = Router();
  const ctx = withContext(db);
  for (const type of types.filter(({ name }) => name !== 'proposal')) {
    const guard = type.startedBy === 'partner' ? verified : staff;
    const path = `/:organization/${type.path}/new`;
    router.get(
      path,
      ctx(guard, (at) => newDraft(type, at)),
    );
    router.post(
      path,
      membersOnly,
      uploads(config),
      ctx(guard, (at) => createDraft(type, at, storage)),
    );
  }
  router.get('/:organization/documents/:key/edit', ctx(members, edit));
  for (const action of ['edit', 'revise', 'resubmit']) {
    router.post(
      `/:organization/documents/:key/${action}`,
      membersOnly,
      uploads(config),
      ctx(members, (at) => save(action, at, storage)),
    );
  }
  return router.use(preview(db, printer));
}

async function edit(ctx: RequestContext) {
  ctx.res.send(await editPage(ctx));
}

/** The form of the document of the address as it stands, with what is wrong with it. */
async function editPage(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { actor } = ctx;
  const page = await findDraft(ctx);
  const action = writing(page, ctx);
  if (!action) requirePermitted(page, actor, 'edit', today(actor));
  const recipients = page.participants.filter(({ partner_id }) => partner_id !== null).map(({ id }) => id);
  return form(
    ctx,
    page,
    action ?? 'edit',
    toDraftForm(contentOf(page), recipients, page.project_id, actor.locale),
    errors,
  );
}

/**
 * Sends a draft that its own page confirms: a bill. What can't be sent yet comes back as its form, with what is wrong
 * beside its field.
 */
export async function submitDraft(ctx: RequestContext, page: DocumentPage, storage: Storage) {
  const { db, res, actor, membership } = ctx;
  try {
    requirePermitted(page, actor, 'submit', today(actor));
    const { number } = await act(db.knex, actor, page.id, 'submit', formInput(ctx), {
      files: await storedFiles(ctx, storage),
    });
    return res.redirect(303, `/${membership.slug}/documents/${number}?done=sent`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return res.status(422).send(await editPage(ctx, translated(error.fields, translatorOf(ctx))));
  }
}

async function save(action: string, ctx: RequestContext, storage: Storage) {
  const { db, res, actor, membership } = ctx;
  const page = await findDraft(ctx);
  const input = formInput(ctx);
  if (changesRows(input)) return res.send(form(ctx, { ...page, sha256: one(input, 'seen') }, action, draftForm(input)));
  const work = async () => {
    requirePermitted(page, actor, action, today(actor));
    return act(db.knex, actor, page.id, action, input, { files: await storedFiles(ctx, storage) });
  };
  if (action === 'edit' && autosaves(ctx))
    return answerAutosave(ctx, async () => {
      const { document_id, sha256 } = await work();
      return { id: document_id, sha256 };
    });
  try {
    const { number } = await work();
    const { slug } = membership;
    return res.redirect(
      303,
      action === 'edit'
        ? savedTime(slug, typeNamed(page.type), page.id, input)
        : `/${slug}/documents/${number}?done=sent`,
    );
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    return giveBack(ctx, action, error);
  }
}

/**
 * The form with all that was typed, after what was wrong with it was said. If the document has changed, it is shown
 * as it is now; saving again then counts.
 */
async function giveBack(ctx: RequestContext, action: string, error: Invalid | Conflict) {
  const now = await findDraft(ctx);
  const input = formInput(ctx);
  const errors = translated(error instanceof Invalid ? error.fields : { form: error.message }, translatorOf(ctx));
  const shown = error instanceof Invalid ? { ...now, sha256: one(input, 'seen') } : now;
  ctx.res
    .status(error.status)
    .send(form(ctx, shown, writing(now, ctx) ?? action, draftForm(input), errors, error instanceof Stale));
}

/**
 * The action that the form of this document leads to now, for this person: to edit a draft, or to revise what was
 * sent.
 */
const writing = (page: DraftPage, { actor }: RequestContext) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { formPage }]) => formPage === 'edit')?.[0];

function form(
  ctx: RequestContext,
  page: DraftPage,
  action: string,
  typed: DraftForm,
  errors: Errors = {},
  newest = false,
): string {
  const view = editFormView(page, action, typed, ctx.actor, ctx.membership.slug, errors, newest);
  return contextPage(ctx, 'drafts/edit', view.title, view);
}
