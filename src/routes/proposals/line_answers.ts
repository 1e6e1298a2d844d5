import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { today } from '../../pages/days.js';
import { actionsFor } from '../../acting/permitted.js';
import { keyOf } from '../../documents/content/document.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import { findPage, showDocument } from '../documents/documents.js';
import type { ActionPage } from '../shared/form.js';
import { members } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { type LineAnswersForm, lineAnswersPage, lineAnswersView } from './line_answers_view.js';

/** The page on which a vendor answers a request or an order line by line. A link is enough to open it. */
export function lineAnswers(db: Database): Router {
  return Router().get('/:organization/documents/:key/answer', withContext(db)(members, showAnswers));
}

/** The action that this page is the form of, if this person may do it now. */
const answerAction = (page: DocumentPage, { actor }: RequestContext) =>
  Object.entries(actionsFor(page, actor, today(actor))).find(([, { formPage }]) => formPage === 'answer')?.[0];

async function showAnswers(ctx: RequestContext) {
  const page = await findPage(ctx);
  const action = answerAction(page, ctx);
  if (!action) return ctx.res.redirect(303, `/${ctx.membership.slug}/documents/${keyOf(page)}`);
  return render(ctx, page, action);
}

/** With what was typed, and what is wrong, has changed or was saved. */
export const answerPage: ActionPage = {
  async show(ctx, form) {
    const page = await findPage(ctx);
    const action = answerAction(page, ctx);
    if (!action || (form.action !== action && !form.saved && form.action !== SAVES)) return showDocument(ctx, form);
    return render(ctx, page, action, form);
  },
  next: ({ membership }, page) => `/${membership.slug}/documents/${keyOf(page)}?done=answered`,
};

/** Saves the delivery date alone. */
const SAVES = 'set_delivery';

function render(ctx: RequestContext, page: DocumentPage, action: string, form: LineAnswersForm = {}) {
  const input = lineAnswersView(page, action, ctx.actor, ctx.membership.slug, form);
  const toast = form.saved ? translatorOf(ctx)('Saved.') : undefined;
  ctx.res.send(contextPage(ctx, lineAnswersPage, input.title, input, { toast }));
}
