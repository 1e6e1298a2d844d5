import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read } from '../../db/scope.js';
import { bookmarksOf, keepBookmark, removeBookmark, renameBookmark } from './bookmark_queries.js';
import { NotFound } from '../../errors.js';
import { inputOf } from '../drafts/draft_request.js';
import { type Errors, submit } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { pageOf, type Visit, visits, wordsOf } from '../shared/request_context.js';

/** Saved views of lists, each person's own. */
export function bookmarks(db: Database): Router {
  const router = Router();
  const visit = visits(db);
  const all = '/:organization/bookmarks';
  router.get(
    all,
    visit(verified, async (at) => at.res.send(await page(at, null, {}))),
  );
  router.post(all, visit(verified, keep));
  router.post(`${all}/:id`, visit(verified, rename));
  router.post(`${all}/:id/remove`, visit(verified, remove));
  return router;
}

const idOf = ({ req }: Visit): string => {
  const id = String(req.params['id']);
  if (!isId(id)) throw new NotFound();
  return id;
};

const listOf = ({ membership }: Visit) => `/${membership.slug}/bookmarks`;

function keep(visit: Visit) {
  const { db, res, actor, membership } = visit;
  const { name, path } = inputOf(visit);
  const work = async () => {
    await keepBookmark(db.knex, actor, name, path);
    return `/${membership.slug}/${String(path)}`;
  };
  return submit(res, wordsOf(visit), work, (errors) => page(visit, null, errors));
}

function rename(visit: Visit) {
  const { db, res, actor } = visit;
  const id = idOf(visit);
  const work = async () => {
    await renameBookmark(db.knex, actor, id, inputOf(visit)['name']);
    return `${listOf(visit)}?done=saved`;
  };
  return submit(res, wordsOf(visit), work, (errors) => page(visit, id, errors));
}

async function remove(visit: Visit) {
  await removeBookmark(visit.db.knex, visit.actor, idOf(visit));
  visit.res.redirect(303, `${listOf(visit)}?done=done`);
}

async function page(visit: Visit, wrong: string | null, errors: Errors): Promise<string> {
  const { db, actor, membership } = visit;
  const [rows] = await read(db.pool, actor, bookmarksOf(actor));
  const url = listOf(visit);
  const shown = rows.map(({ id, name, path }) => ({
    ...{ id, name, href: `/${membership.slug}/${path}`, rename_url: `${url}/${id}`, remove_url: `${url}/${id}/remove` },
    error: wrong === id ? (errors['name'] ?? null) : null,
  }));
  const error = wrong ? null : (errors['name'] ?? null);
  return pageOf(visit, 'lists/bookmarks', wordsOf(visit)('Bookmarks'), { bookmarks: shown, error });
}
