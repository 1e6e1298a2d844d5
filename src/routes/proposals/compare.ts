import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { act, today } from '../../documents/act.js';
import { type Bid, bidsFor } from './compare_queries.js';
import { keyOf } from '../../documents/content/document.js';
import { requirePermitted } from '../../documents/acting/lifecycle.js';
import { type DocumentPage, documentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { compareView } from './compare_view.js';
import { formInput } from '../drafts/draft_request.js';
import { members, staff } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

const ONE = '/:organization/documents/:key';

/** The proposals to a request side by side, and who gets what. */
export function compare(db: Database): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get(`${ONE}/compare`, ctx(staff, look));
  router.post(`${ONE}/award`, (req: Request, res: Response, next: NextFunction) =>
    ctx(members, (at) => award(at, next))(req, res, next),
  );
  return router;
}

/** The request and its proposals; null if the address names something else. @throws NotFound */
async function find({ db, actor, req }: RequestContext): Promise<{ request: DocumentPage; bids: Bid[] } | null> {
  const key = String(req.params['key']);
  const [[request], bids] = await read(db.pool, actor, documentPage(actor, key), bidsFor(actor, key));
  if (!request) throw new NotFound();
  return request.type === 'request_for_proposal' ? { request, bids } : null;
}

async function look(ctx: RequestContext) {
  const found = await find(ctx);
  if (!found) throw new NotFound();
  const { request } = found;
  if (!request.version) return ctx.res.redirect(303, `/${ctx.membership.slug}/documents/${keyOf(request)}`);
  return show(ctx, found.request, found.bids);
}

/** Awards a request. What can't be done comes back on this page; any other document's award is none of ours. */
async function award(ctx: RequestContext, leave: () => void) {
  const { db, res, actor, membership } = ctx;
  const found = await find(ctx);
  if (!found) return leave();
  const { request } = found;
  const input = formInput(ctx);
  try {
    requirePermitted(request, actor, 'award', today(actor));
    await act(db.knex, actor, request.id, 'award', input);
    return res.redirect(303, `/${membership.slug}/documents/${keyOf(request)}/compare?done=awarded`);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    const now = await find(ctx);
    res.status(error.status);
    return show(ctx, now?.request ?? request, now?.bids ?? found.bids, input, translatorOf(ctx)(error.message));
  }
}

function show(
  ctx: RequestContext,
  request: DocumentPage,
  bids: Bid[],
  input: Record<string, unknown> | null = null,
  error: string | null = null,
) {
  const view = compareView(request, bids, ctx.actor, ctx.membership.slug, input);
  ctx.res.send(contextPage(ctx, 'proposals/compare', view.title, { ...view, error }));
}
