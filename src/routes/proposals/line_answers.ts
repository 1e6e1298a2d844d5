import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { act, today } from '../../documents/act.js';
import { Stale } from '../../documents/acting/stale.js';
import { keyOf } from '../../documents/content/document.js';
import { actionsFor, requirePermitted } from '../../documents/acting/lifecycle.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { lineAnswersView, type LineAnswerInput } from './line_answers_view.js';
import { findPage, showDocument } from '../documents/documents.js';
import { formInput, storedFiles } from '../drafts/draft_request.js';
import { submitDraft } from '../drafts/drafts.js';
import { translated } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { members, membersOnly } from '../shared/guard.js';
import { uploads } from '../shared/uploads.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';

const ONE = '/:organization/documents/:key';

/**
 * The page on which a vendor answers line by line: with prices to a request, with wishes to an order. A link is
 * enough.
 */
export function lineAnswers(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get(`${ONE}/answer`, ctx(members, look));
  router.post(`${ONE}/answer`, membersOnly, uploads(config), ctx(members, keepDelivery));
  for (const action of ['submit', 'propose'] as const) {
    router.post(`${ONE}/${action}`, membersOnly, uploads(config), (req: Request, res: Response, next: NextFunction) =>
      ctx(members, (at) => send(at, action, storage, next))(req, res, next),
    );
  }
  return router;
}

/** The action that is answered on this page, if this person may do it now. */
const answering = (page: DocumentPage, { actor }: RequestContext) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { formPage }]) => formPage === 'answer')?.[0];

/** A bill that is confirmed for the first time. */
const isDraft = (page: DocumentPage, { actor }: RequestContext) =>
  !page.version && 'submit' in actionsFor(page, actor, today(actor));

async function look(ctx: RequestContext) {
  const page = await findPage(ctx);
  const action = answering(page, ctx);
  if (!action) return ctx.res.redirect(303, `/${ctx.membership.slug}/documents/${keyOf(page)}`);
  return show(ctx, page, action);
}

/** Keeps the delivery date alone; whatever else was typed stays on the page. */
async function keepDelivery(ctx: RequestContext) {
  const { db, actor, res } = ctx;
  const page = await findPage(ctx);
  const input = formInput(ctx);
  try {
    requirePermitted(page, actor, 'set_delivery', today(actor));
    await act(db.knex, actor, page.id, 'set_delivery', input);
    return show(ctx, await findPage(ctx), 'submit', { input, saved: true });
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    res.status(error.status);
    return giveBack(ctx, 'submit', error);
  }
}

/**
 * Sends the answer. What is wrong with it comes back on this page; an action of that name which is none of ours goes
 * on to the document's own page.
 */
async function send(ctx: RequestContext, action: string, storage: Storage, leave: () => void) {
  const { db, res, actor, membership } = ctx;
  const page = await findPage(ctx);
  if (action === 'submit' && isDraft(page, ctx)) return submitDraft(ctx, page, storage);
  if (action !== answering(page, ctx)) return leave();
  try {
    requirePermitted(page, actor, action, today(actor));
    const { number, id } = page;
    await act(db.knex, actor, id, action, formInput(ctx), { files: await storedFiles(ctx, storage) });
    return res.redirect(303, `/${membership.slug}/documents/${keyOf({ number, id })}?done=answered`);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    res.status(error.status);
    return giveBack(ctx, action, error);
  }
}

/**
 * The page with all that was typed, and what was wrong or has changed. If it can't be answered any more, the
 * document's own page says why.
 */
async function giveBack(ctx: RequestContext, action: string, error: Invalid | Conflict) {
  const page = await findPage(ctx);
  const input = formInput(ctx);
  const errors = error instanceof Invalid ? error.fields : { form: error.message };
  const changes = error instanceof Stale ? error.changes : null;
  if (answering(page, ctx) !== action) return showDocument(ctx, { action, input, errors, changes });
  return show(ctx, page, action, { input, errors: translated(errors, i18nOf(ctx.actor).t), changes });
}

function show(ctx: RequestContext, page: DocumentPage, action: string, given: LineAnswerInput = {}) {
  const view = lineAnswersView(page, action, ctx.actor, ctx.membership.slug, given);
  ctx.res.send(
    contextPage(
      ctx,
      'proposals/line_answers',
      view.title,
      view,
      given.saved ? { toast: i18nOf(ctx.actor).t('Saved.') } : {},
    ),
  );
}
