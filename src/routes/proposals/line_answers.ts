import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { act, today } from '../../documents/act.js';
import { Stale } from '../../documents/acting/stale.js';
import { keyOf } from '../../documents/content/document.js';
import { actionsFor, permitted } from '../../documents/acting/lifecycle.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { answerView, type Given } from './line_answers_view.js';
import { findPage, showDocument } from '../documents/documents.js';
import { inputOf, storedFiles } from '../drafts/draft_request.js';
import { submitDraft } from '../drafts/drafts.js';
import { translated } from '../shared/form.js';
import { tongueOf } from '../shared/layout.js';
import { members, membersOnly } from '../shared/guard.js';
import { uploads } from '../shared/uploads.js';
import { pageOf, type Visit, visits } from '../shared/request_context.js';

const ONE = '/:organization/documents/:key';

/**
 * The page on which a vendor answers line by line: with prices to a request, with wishes to an order. A link is
 * enough.
 */
export function answer(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const visit = visits(db);
  router.get(`${ONE}/answer`, visit(members, look));
  router.post(`${ONE}/answer`, membersOnly, uploads(config), visit(members, keepDelivery));
  for (const action of ['submit', 'propose'] as const) {
    router.post(`${ONE}/${action}`, membersOnly, uploads(config), (req: Request, res: Response, next: NextFunction) =>
      visit(members, (at) => send(at, action, storage, next))(req, res, next),
    );
  }
  return router;
}

/** The action that is answered on this page, if this person may do it now. */
const answering = (page: DocumentPage, { actor }: Visit) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { opens }]) => opens === 'answer')?.[0];

/** A bill that is confirmed for the first time. */
const isDraft = (page: DocumentPage, { actor }: Visit) =>
  !page.version && 'submit' in actionsFor(page, actor, today(actor));

async function look(visit: Visit) {
  const page = await findPage(visit);
  const action = answering(page, visit);
  if (!action) return visit.res.redirect(303, `/${visit.membership.slug}/documents/${keyOf(page)}`);
  return show(visit, page, action);
}

/** Keeps the delivery date alone; whatever else was typed stays on the page. */
async function keepDelivery(visit: Visit) {
  const { db, actor, res } = visit;
  const page = await findPage(visit);
  const input = inputOf(visit);
  try {
    permitted(page, actor, 'set_delivery', today(actor));
    await act(db.knex, actor, page.id, 'set_delivery', input);
    return show(visit, await findPage(visit), 'submit', { input, saved: true });
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    res.status(error.status);
    return giveBack(visit, 'submit', error);
  }
}

/**
 * Sends the answer. What is wrong with it comes back on this page; an action of that name which is none of ours goes
 * on to the document's own page.
 */
async function send(visit: Visit, action: string, storage: Storage, leave: () => void) {
  const { db, res, actor, membership } = visit;
  const page = await findPage(visit);
  if (action === 'submit' && isDraft(page, visit)) return submitDraft(visit, page, storage);
  if (action !== answering(page, visit)) return leave();
  try {
    permitted(page, actor, action, today(actor));
    const { number, id } = page;
    await act(db.knex, actor, id, action, inputOf(visit), { files: await storedFiles(visit, storage) });
    return res.redirect(303, `/${membership.slug}/documents/${keyOf({ number, id })}?done=answered`);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    res.status(error.status);
    return giveBack(visit, action, error);
  }
}

/**
 * The page with all that was typed, and what was wrong or has changed. If it can't be answered any more, the
 * document's own page says why.
 */
async function giveBack(visit: Visit, action: string, error: Invalid | Conflict) {
  const page = await findPage(visit);
  const input = inputOf(visit);
  const errors = error instanceof Invalid ? error.fields : { form: error.message };
  const changes = error instanceof Stale ? error.changes : null;
  if (answering(page, visit) !== action) return showDocument(visit, { action, input, errors, changes });
  return show(visit, page, action, { input, errors: translated(errors, tongueOf(visit.actor).t), changes });
}

function show(visit: Visit, page: DocumentPage, action: string, given: Given = {}) {
  const view = answerView(page, action, visit.actor, visit.membership.slug, given);
  visit.res.send(
    pageOf(
      visit,
      'proposals/line_answers',
      view.title,
      view,
      given.saved ? { toast: tongueOf(visit.actor).t('Saved.') } : {},
    ),
  );
}
