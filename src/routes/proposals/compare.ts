import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { answersTo } from '../../document_types/relations.js';
import { act, today } from '../../documents/act.js';
import { requirePermitted } from '../../documents/acting/lifecycle.js';
import { keyOf } from '../../documents/content/document.js';
import { type DocumentPage, documentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { formInput } from '../shared/form.js';
import { members, staff } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { type Bid, bidsFor } from './compare_queries.js';
import { comparePage, compareView } from './compare_view.js';

const ONE = '/:organization/documents/:key';

/** The proposals to a request side by side, and the form that awards its lines. */
export function compare(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(`${ONE}/compare`, handle(staff, showComparison));
  router.post(`${ONE}/award`, (req: Request, res: Response, next: NextFunction) =>
    handle(members, (ctx) => award(ctx, next))(req, res, next),
  );
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

/** Awards a request; what can't be done comes back on this page. Other documents go to the next route. */
async function award(ctx: RequestContext, next: NextFunction) {
  const { db, res, actor, membership } = ctx;
  const found = await find(ctx);
  if (!found) return next();
  const { request } = found;
  const input = formInput(ctx);
  try {
    requirePermitted(request, actor, 'award', today(actor));
    await act(db.knex, actor, request.id, 'award', input);
    return res.redirect(303, `/${membership.slug}/documents/${keyOf(request)}/compare?done=awarded`);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    const current = await find(ctx);
    res.status(error.status);
    return render(ctx, current ?? found, input, translatorOf(ctx)(error.message));
  }
}

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
