import { z } from 'zod';
import { read } from '../../db/scope.js';
import { HttpError, NotFound } from '../../errors.js';
import { line, readForm } from '../../people/form_values.js';
import { acceptNewTerms } from '../../people/terms/accept_terms.js';
import { latestTerms, paragraphsOf, versionsOf } from '../../people/terms/terms.js';
import { once } from '../acts/once.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';
import { ownPath } from '../shared/return_to.js';

const Accept = z.object({ seen: line(60), return_to: z.string().default('') });

/** Keeps that a contact accepted the texts that have changed, if they are still those that they were shown. */
export async function acceptChanged(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const { slug, organization, terms_due } = membership;
  if (actor.side !== 'partner' || actor.guest) throw new NotFound();
  const { seen, return_to } = readForm(Accept, req.body);
  const back = ownPath(return_to) === '/' ? `/${slug}` : ownPath(return_to);
  const [latest] = await read(db.pool, actor, latestTerms());
  const work = async (within: RequestContext) => {
    if (!terms_due) return back;
    if (seen !== versionsOf(terms_due))
      throw new HttpError(409, 'These texts have changed. Read them again, then continue.');
    const due = latest.filter(({ kind, version }) => terms_due[kind] === version);
    const t = translatorOf(ctx);
    const texts = due.map((terms) => ({ terms, paragraphs: paragraphsOf(terms, organization, t) }));
    await acceptNewTerms(within.db.knex, actor, req.ip ?? '', texts);
    return `${back}${back.includes('?') ? '&' : '?'}done=accepted`;
  };
  res.redirect(303, await once(ctx, work));
}
