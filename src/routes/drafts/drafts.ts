import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { act, today } from '../../documents/act.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { Stale } from '../../documents/acting/stale.js';
import { one } from '../../documents/content/field_values.js';
import type { DraftPage } from './draft_queries.js';
import { actionsFor, permitted } from '../../documents/acting/lifecycle.js';
import { contentOf, type DocumentPage } from '../../documents/queries/page.js';
import { changesRows, type TypedDraft, typedDraft, typedOf } from '../../documents/drafts/draft_form.js';
import { typeNamed, types } from '../../document_types/index.js';
import { Conflict, Invalid } from '../../errors.js';
import { answerAutosave, autosaves } from './autosave.js';
import { begin, create } from './new_draft.js';
import { findDraft, inputOf, savedAt, storedFiles } from './draft_request.js';
import { editFormView } from './draft_view.js';
import { type Errors, translated } from '../shared/form.js';
import { members, membersOnly, staff, verified } from '../shared/guard.js';
import { preview } from './preview.js';
import { uploads } from '../shared/uploads.js';
import { pageOf, type Visit, visits, wordsOf } from '../shared/request_context.js';

/** Writing: a new document, a draft, a new version; and the look at it before it goes out. */
export function drafts(db: Database, config: Config, storage: Storage, printer: Printer): Router {
  const router = Router();
  const visit = visits(db);
  for (const type of types.filter(({ name }) => name !== 'proposal')) {
    const guard = type.startedBy === 'partner' ? verified : staff;
    const path = `/:organization/${type.path}/new`;
    router.get(
      path,
      visit(guard, (at) => begin(type, at)),
    );
    router.post(
      path,
      membersOnly,
      uploads(config),
      visit(guard, (at) => create(type, at, storage)),
    );
  }
  router.get('/:organization/documents/:key/edit', visit(members, edit));
  for (const action of ['edit', 'revise', 'resubmit']) {
    router.post(
      `/:organization/documents/:key/${action}`,
      membersOnly,
      uploads(config),
      visit(members, (at) => save(action, at, storage)),
    );
  }
  return router.use(preview(db, printer));
}

async function edit(visit: Visit) {
  visit.res.send(await editPage(visit));
}

/** The form of the document of the address as it stands, with what is wrong with it. */
async function editPage(visit: Visit, errors: Errors = {}): Promise<string> {
  const { actor } = visit;
  const page = await findDraft(visit);
  const action = writing(page, visit);
  if (!action) permitted(page, actor, 'edit', today(actor));
  const recipients = page.participants.filter(({ partner_id }) => partner_id !== null).map(({ id }) => id);
  return form(
    visit,
    page,
    action ?? 'edit',
    typedOf(contentOf(page), recipients, page.project_id, actor.locale),
    errors,
  );
}

/**
 * Sends a draft that its own page confirms: a bill. What can't be sent yet comes back as its form, with what is wrong
 * beside its field.
 */
export async function submitDraft(visit: Visit, page: DocumentPage, storage: Storage) {
  const { db, res, actor, membership } = visit;
  try {
    permitted(page, actor, 'submit', today(actor));
    const { number } = await act(db.knex, actor, page.id, 'submit', inputOf(visit), {
      files: await storedFiles(visit, storage),
    });
    return res.redirect(303, `/${membership.slug}/documents/${number}?done=sent`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return res.status(422).send(await editPage(visit, translated(error.fields, wordsOf(visit))));
  }
}

async function save(action: string, visit: Visit, storage: Storage) {
  const { db, res, actor, membership } = visit;
  const page = await findDraft(visit);
  const input = inputOf(visit);
  if (changesRows(input))
    return res.send(form(visit, { ...page, sha256: one(input, 'seen') }, action, typedDraft(input)));
  const work = async () => {
    permitted(page, actor, action, today(actor));
    return act(db.knex, actor, page.id, action, input, { files: await storedFiles(visit, storage) });
  };
  if (action === 'edit' && autosaves(visit))
    return answerAutosave(visit, async () => {
      const { document_id, sha256 } = await work();
      return { id: document_id, sha256 };
    });
  try {
    const { number } = await work();
    const { slug } = membership;
    return res.redirect(
      303,
      action === 'edit'
        ? savedAt(slug, typeNamed(page.type), page.id, input)
        : `/${slug}/documents/${number}?done=sent`,
    );
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    return giveBack(visit, action, error);
  }
}

/**
 * The form with all that was typed, after what was wrong with it was said. If the document has changed, it is shown
 * as it is now; saving again then counts.
 */
async function giveBack(visit: Visit, action: string, error: Invalid | Conflict) {
  const now = await findDraft(visit);
  const input = inputOf(visit);
  const errors = translated(error instanceof Invalid ? error.fields : { form: error.message }, wordsOf(visit));
  const shown = error instanceof Invalid ? { ...now, sha256: one(input, 'seen') } : now;
  visit.res
    .status(error.status)
    .send(form(visit, shown, writing(now, visit) ?? action, typedDraft(input), errors, error instanceof Stale));
}

/**
 * The action that the form of this document leads to now, for this person: to edit a draft, or to revise what was
 * sent.
 */
const writing = (page: DraftPage, { actor }: Visit) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { opens }]) => opens === 'edit')?.[0];

function form(
  visit: Visit,
  page: DraftPage,
  action: string,
  typed: TypedDraft,
  errors: Errors = {},
  newest = false,
): string {
  const view = editFormView(page, action, typed, visit.actor, visit.membership.slug, errors, newest);
  return pageOf(visit, 'drafts/edit', view.title, view);
}
