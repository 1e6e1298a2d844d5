import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { act, today } from '../../documents/act.js';
import { actionsFor, requirePermitted } from '../../documents/acting/lifecycle.js';
import { keyOf } from '../../documents/content/document.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { findPage, formState, showDocument } from '../documents/documents.js';
import { submitDraft } from '../drafts/drafts.js';
import { formInput } from '../shared/form.js';
import { members, membersOnly } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { storedFiles, uploads } from '../shared/uploads.js';
import { type LineAnswersForm, lineAnswersPage, lineAnswersView } from './line_answers_view.js';

const ONE = '/:organization/documents/:key';

/** The page on which a vendor answers a request or an order line by line. A link is enough to open it. */
export function lineAnswers(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  const upload = [membersOnly, uploads(config)];
  router.get(`${ONE}/answer`, handle(members, showAnswers));
  router.post(`${ONE}/answer`, upload, handle(members, saveDelivery));
  for (const action of ['submit', 'propose'] as const) {
    router.post(`${ONE}/${action}`, upload, (req: Request, res: Response, next: NextFunction) =>
      handle(members, (ctx) => send(ctx, action, storage, next))(req, res, next),
    );
  }
  return router;
}

/** The action that this page is the form of, if this person may do it now. */
const answerAction = (page: DocumentPage, { actor }: RequestContext) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { formPage }]) => formPage === 'answer')?.[0];

/** A bill that was not submitted yet: its `submit` is none of ours. */
const isDraft = (page: DocumentPage, { actor }: RequestContext) =>
  !page.version && 'submit' in actionsFor(page, actor, today(actor));

async function showAnswers(ctx: RequestContext) {
  const page = await findPage(ctx);
  const action = answerAction(page, ctx);
  if (!action) return ctx.res.redirect(303, `/${ctx.membership.slug}/documents/${keyOf(page)}`);
  return render(ctx, page, action);
}

/** Saves the delivery date alone. Whatever else was typed stays on the page. */
async function saveDelivery(ctx: RequestContext) {
  const { db, actor, res } = ctx;
  const page = await findPage(ctx);
  const input = formInput(ctx);
  try {
    requirePermitted(page, actor, 'set_delivery', today(actor));
    await act(db.knex, actor, page.id, 'set_delivery', input);
    return render(ctx, await findPage(ctx), 'submit', { input, saved: true });
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    res.status(error.status);
    return redraw(ctx, 'submit', error);
  }
}

/** Sends the answer. An action of that name which is not done on this page goes to the next route. */
async function send(ctx: RequestContext, action: string, storage: Storage, next: NextFunction) {
  const { db, res, actor, membership } = ctx;
  const page = await findPage(ctx);
  if (action === 'submit' && isDraft(page, ctx)) return submitDraft(ctx, page, storage);
  if (action !== answerAction(page, ctx)) return next();
  try {
    requirePermitted(page, actor, action, today(actor));
    const files = await storedFiles(ctx, storage);
    await act(db.knex, actor, page.id, action, formInput(ctx), { files });
    return res.redirect(303, `/${membership.slug}/documents/${keyOf(page)}?done=answered`);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    res.status(error.status);
    return redraw(ctx, action, error);
  }
}

/**
 * The page with what was typed, and what is wrong or has changed. If the answer is not possible any more, the
 * document's own page says why.
 */
async function redraw(ctx: RequestContext, action: string, error: Invalid | Conflict) {
  const page = await findPage(ctx);
  const form = formState(error, action, formInput(ctx), translatorOf(ctx));
  return answerAction(page, ctx) === action ? render(ctx, page, action, form) : showDocument(ctx, form);
}

function render(ctx: RequestContext, page: DocumentPage, action: string, form: LineAnswersForm = {}) {
  const input = lineAnswersView(page, action, ctx.actor, ctx.membership.slug, form);
  const toast = form.saved ? translatorOf(ctx)('Saved.') : undefined;
  ctx.res.send(contextPage(ctx, lineAnswersPage, input.title, input, { toast }));
}
