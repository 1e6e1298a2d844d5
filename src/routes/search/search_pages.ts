import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { verified } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { type Asked, readAsked } from './asked.js';
import { find, type Found, NOTHING } from './found.js';
import { objectOf } from './places.js';
import { type Looked, searchPage, searchView } from './search_view.js';

/** Everything that somebody may see, by its words; where to go, and what to begin. The palette shows the same page. */
export function search(db: Database): Router {
  const router = Router();
  router.get('/:organization/search', withContext(db)(verified, show));
  return router;
}

async function show(ctx: RequestContext) {
  const asked = readAsked(ctx.req, ctx.actor.locale);
  const { found, looked } = await look(ctx, asked);
  const view = searchView(ctx, asked, found, looked);
  ctx.res.send(contextPage(ctx, searchPage, translatorOf(ctx)('Search'), view));
}

/** Looks for the words; of a command, for those that say with whom or what. */
async function look(ctx: RequestContext, asked: Asked): Promise<{ found: Found; looked: Looked }> {
  const object = asked.scope ? null : objectOf(ctx, asked.words);
  const words = object ?? asked.words;
  const looked = { words, command: object !== null, instead: false };
  return { found: words.length ? await find(ctx, words, asked) : NOTHING, looked };
}
