import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { verified } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { type Asked, readAsked } from './asked.js';
import { find, isEmpty, NOTHING } from './found.js';
import { nearWords } from './near_words.js';
import { objectOf } from './places.js';
import { beforeTyping } from './recent.js';
import { searchPage, searchView, startView } from './search_view.js';

/** Everything that somebody may see, by its words; where to go, and what to begin. The palette shows the same page. */
export function search(db: Database): Router {
  const router = Router();
  router.get('/:organization/search', withContext(db)(verified, show));
  return router;
}

async function show(ctx: RequestContext) {
  const asked = readAsked(ctx.req, ctx.actor.locale);
  const view = asked.words.length ? await foundView(ctx, asked) : startView(ctx, asked, await beforeTyping(ctx));
  ctx.res.send(contextPage(ctx, searchPage, translatorOf(ctx)('Search'), view));
}

/** Looks for the words; of a command, for those that say with whom or what. If nothing has them, for what is near. */
async function foundView(ctx: RequestContext, asked: Asked) {
  const object = asked.scope ? null : objectOf(ctx, asked.words);
  const words = object ?? asked.words;
  const looked = { words, command: object !== null, instead: false };
  const found = words.length ? await find(ctx, words, asked) : NOTHING;
  const view = searchView(ctx, asked, found, looked);
  if (view.groups.length || !words.length || !isEmpty(found)) return view;
  const near = await nearWords(ctx, words);
  return near ? searchView(ctx, asked, await find(ctx, near, asked), { ...looked, words: near, instead: true }) : view;
}
