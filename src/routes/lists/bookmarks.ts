import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read } from '../../db/scope.js';
import { bookmarksOf, saveBookmark, removeBookmark, renameBookmark } from './bookmark_queries.js';
import { NotFound } from '../../errors.js';
import { formInput } from '../drafts/draft_request.js';
import { type Errors, submit } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

/** Saved views of lists, each person's own. */
export function bookmarks(db: Database): Router {
  const router = Router();
  const ctx = withContext(db);
  const all = '/:organization/bookmarks';
  router.get(
    all,
    ctx(verified, async (at) => at.res.send(await page(at, null, {}))),
  );
  router.post(all, ctx(verified, keep));
  router.post(`${all}/:id`, ctx(verified, rename));
  router.post(`${all}/:id/remove`, ctx(verified, remove));
  return router;
}

const idOf = ({ req }: RequestContext): string => {
  const id = String(req.params['id']);
  if (!isId(id)) throw new NotFound();
  return id;
};

const listOf = ({ membership }: RequestContext) => `/${membership.slug}/bookmarks`;

function keep(ctx: RequestContext) {
  const { db, res, actor, membership } = ctx;
  const { name, path } = formInput(ctx);
  const work = async () => {
    await saveBookmark(db.knex, actor, name, path);
    return `/${membership.slug}/${String(path)}`;
  };
  return submit(res, translatorOf(ctx), work, (errors) => page(ctx, null, errors));
}

function rename(ctx: RequestContext) {
  const { db, res, actor } = ctx;
  const id = idOf(ctx);
  const work = async () => {
    await renameBookmark(db.knex, actor, id, formInput(ctx)['name']);
    return `${listOf(ctx)}?done=saved`;
  };
  return submit(res, translatorOf(ctx), work, (errors) => page(ctx, id, errors));
}

async function remove(ctx: RequestContext) {
  await removeBookmark(ctx.db.knex, ctx.actor, idOf(ctx));
  ctx.res.redirect(303, `${listOf(ctx)}?done=done`);
}

async function page(ctx: RequestContext, wrong: string | null, errors: Errors): Promise<string> {
  const { db, actor, membership } = ctx;
  const [rows] = await read(db.pool, actor, bookmarksOf(actor));
  const url = listOf(ctx);
  const shown = rows.map(({ id, name, path }) => ({
    ...{ id, name, href: `/${membership.slug}/${path}`, rename_url: `${url}/${id}`, remove_url: `${url}/${id}/remove` },
    error: wrong === id ? (errors['name'] ?? null) : null,
  }));
  const error = wrong ? null : (errors['name'] ?? null);
  return contextPage(ctx, 'lists/bookmarks', translatorOf(ctx)('Bookmarks'), { bookmarks: shown, error });
}
