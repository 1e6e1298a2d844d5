import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { answersTo } from '../../document_types/relations.js';
import { keyOf } from '../../documents/content/document.js';
import { type DocumentPage, documentPage } from '../../documents/queries/page.js';
import { NotFound } from '../../errors.js';
import { showDocument } from '../documents/documents.js';
import type { ActionPage } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { type Bid, bidsFor } from './compare_queries.js';
import { comparePage, compareView } from './compare_view.js';

const ONE = '/:organization/documents/:key';

/** The proposals to a request side by side, and the form that awards its lines. */
export function compare(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(`${ONE}/compare`, handle(staff, showComparison));
  return router;
}

interface Comparison {
  request: DocumentPage;
  bids: Bid[];
}

/** The request of the address and its proposals; null if it is another document. @throws NotFound */
async function find({ db, actor, req }: RequestContext): Promise<Comparison | null> {
  const key = String(req.params['key']);
  const [[request], bids] = await read(db.pool, actor, documentPage(actor, key), bidsFor(actor, key));
  if (!request) throw new NotFound();
  return answersTo(request.type).length ? { request, bids } : null;
}

async function showComparison(ctx: RequestContext) {
  const found = await find(ctx);
  if (!found) throw new NotFound();
  const { request } = found;
  if (!request.version) return ctx.res.redirect(303, `/${ctx.membership.slug}/documents/${keyOf(request)}`);
  return render(ctx, found);
}

/** An award that can't be made comes back on this page, and one that was made leads to it. */
export const compareFormPage: ActionPage = {
  async show(ctx, { input, errors }) {
    const found = await find(ctx);
    return found ? render(ctx, found, input, errors['form'] ?? Object.values(errors)[0] ?? null) : showDocument(ctx);
  },
  next: ({ membership }, page) => `/${membership.slug}/documents/${keyOf(page)}/compare?done=awarded`,
};

function render(
  ctx: RequestContext,
  { request, bids }: Comparison,
  input: Record<string, unknown> | null = null,
  error: string | null = null,
) {
  const reader = { actor: ctx.actor, slug: ctx.membership.slug };
  const view = compareView(request, bids, reader, input, error);
  ctx.res.send(contextPage(ctx, comparePage, view.title, view));
}
