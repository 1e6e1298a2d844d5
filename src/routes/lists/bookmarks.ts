import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { defineView } from '../../pages/views/render.js';
import { readForm } from '../../people/form_values.js';
import { once, submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import {
  BookmarkName,
  bookmarksOf,
  NewBookmark,
  removeBookmark,
  renameBookmark,
  saveBookmark,
} from './bookmark_queries.js';

interface BookmarksInput {
  bookmarks: BookmarkRow[];
  /** Why one could not be saved. */
  error: string | null;
}

interface BookmarkRow {
  id: string;
  name: string;
  href: string;
  rename_url: string;
  remove_url: string;
  /** Why it could not be renamed. */
  error: string | null;
}

export const bookmarksView = defineView<BookmarksInput>('lists/bookmarks');

/** Saved views of lists, each person's own. */
export function bookmarks(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const all = '/:organization/bookmarks';
  router.get(
    all,
    handle(verified, async (ctx) => ctx.res.send(await page(ctx, null, {}))),
  );
  router.post(all, handle(verified, save));
  router.post(`${all}/:id`, handle(verified, rename));
  router.post(`${all}/:id/remove`, handle(verified, remove));
  return router;
}

const allUrl = ({ membership }: RequestContext) => `/${membership.slug}/bookmarks`;

function save(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const work = async ({ db }: RequestContext) => {
    const bookmark = readForm(NewBookmark, req.body);
    await saveBookmark(db.knex, actor, bookmark);
    return `/${membership.slug}/${bookmark.path}`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, null, errors));
}

function rename(ctx: RequestContext) {
  const { req, actor } = ctx;
  const id = pathId(req, 'id');
  const work = async ({ db }: RequestContext) => {
    await renameBookmark(db.knex, actor, id, readForm(BookmarkName, req.body).name);
    return `${allUrl(ctx)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, id, errors));
}

async function remove(ctx: RequestContext) {
  const work = async ({ db, req, actor }: RequestContext) => {
    await removeBookmark(db.knex, actor, pathId(req, 'id'));
    return `${allUrl(ctx)}?done=done`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}

/** The page. `renamed`: the bookmark that the errors are about; null if they are about a new one. */
async function page(ctx: RequestContext, renamed: string | null, errors: Errors): Promise<string> {
  const { db, actor, membership } = ctx;
  const [saved] = await read(db.pool, actor, bookmarksOf(actor));
  const url = allUrl(ctx);
  const error = errors['name'] ?? null;
  const rows = saved.map(({ id, name, path }) => ({
    ...{ id, name, href: `/${membership.slug}/${path}`, rename_url: `${url}/${id}`, remove_url: `${url}/${id}/remove` },
    error: renamed === id ? error : null,
  }));
  const title = translatorOf(ctx)('Bookmarks');
  return contextPage(ctx, bookmarksView, title, { bookmarks: rows, error: renamed ? null : error });
}
