import { Router } from 'express';
import type { Database } from '../db/database.js';
import { act, today } from '../documents/act.js';
import { Stale } from '../documents/changes.js';
import { one } from '../documents/draft.js';
import type { DraftPage } from '../documents/draft_page.js';
import { actionsFor, permitted } from '../documents/lifecycle.js';
import { contentOf } from '../documents/page.js';
import { changesRows, type TypedDraft, typedDraft, typedOf } from '../documents/typed_draft.js';
import { types } from '../document_types/index.js';
import { Conflict, Invalid } from '../errors.js';
import { begin, choosePartner, create } from './begin.js';
import { findDraft, inputOf, savedAt } from './draft_asked.js';
import { editFormView } from './draft_view.js';
import { type Errors, translated } from './form.js';
import { staff } from './guard.js';
import { preview } from './preview.js';
import { pageOf, type Visit, visits, wordsOf } from './visit.js';

/** Writing: a new document, a draft, a new version; and the look at it before it goes out. */
export function drafts(db: Database): Router {
  const router = Router();
  const visit = visits(db);
  for (const type of types.filter(({ startedBy }) => startedBy === 'staff')) {
    const path = `/:organization/${type.name}s/new`;
    router.get(
      path,
      visit(staff, (at) => (at.req.query['partner'] ? begin(type, at) : choosePartner(type, at))),
    );
    router.post(
      path,
      visit(staff, (at) => create(type, at)),
    );
  }
  router.get('/:organization/documents/:key/edit', visit(staff, edit));
  router.post(
    '/:organization/documents/:key/edit',
    visit(staff, (at) => save('edit', at)),
  );
  router.post(
    '/:organization/documents/:key/revise',
    visit(staff, (at) => save('revise', at)),
  );
  return router.use(preview(db));
}

async function edit(visit: Visit) {
  const { res, actor } = visit;
  const page = await findDraft(visit);
  const action = writing(page, visit);
  if (!action) permitted(page, actor, 'edit', today(actor));
  const recipients = page.participants.filter(({ partner_id }) => partner_id !== null).map(({ id }) => id);
  res.send(form(visit, page, action ?? 'edit', typedOf(contentOf(page), recipients, actor.locale)));
}

async function save(action: string, visit: Visit) {
  const { db, res, actor, membership } = visit;
  const page = await findDraft(visit);
  const input = inputOf(visit);
  if (changesRows(input)) return res.send(form(visit, { ...page, sha256: one(input, 'seen') }, action, typedDraft(input)));
  try {
    const { number } = await act(db.knex, actor, page.id, action, input);
    return res.redirect(
      303,
      action === 'edit' ? savedAt(membership.slug, page.id, input) : `/${membership.slug}/documents/${number}?done=sent`,
    );
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    return giveBack(visit, action, error);
  }
}

/** The form with all that was typed, after what was wrong with it was said. If the document has changed, it is shown as it is now; saving again then counts. */
async function giveBack(visit: Visit, action: string, error: Invalid | Conflict) {
  const now = await findDraft(visit);
  const input = inputOf(visit);
  const errors = translated(error instanceof Invalid ? error.fields : { form: error.message }, wordsOf(visit));
  const shown = error instanceof Invalid ? { ...now, sha256: one(input, 'seen') } : now;
  visit.res.status(error.status).send(form(visit, shown, writing(now, visit) ?? action, typedDraft(input), errors, error instanceof Stale));
}

/** The action that the form of this document leads to now, for this person: to edit a draft, or to revise what was sent. */
const writing = (page: DraftPage, { actor }: Visit) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { opens }]) => opens === 'edit')?.[0];

function form(visit: Visit, page: DraftPage, action: string, typed: TypedDraft, errors: Errors = {}, newest = false): string {
  const view = editFormView(page, action, typed, visit.actor, visit.membership.slug, errors, newest);
  return pageOf(visit, 'documents/edit', view.title, view);
}
