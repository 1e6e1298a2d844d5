import type { RequestContext } from '../shared/request_context.js';
import { identityOf } from '../shared/guard.js';

const FRESH_MINUTES = 15;

/** Whether the visitor proved just now who they are: what a way to sign in is changed after. */
export function isFresh({ req }: Pick<RequestContext, 'req'>): boolean {
  const { session } = identityOf(req);
  return session !== null && Date.now() - session.proven_at.getTime() < FRESH_MINUTES * 60_000;
}

export const settingsUrl = ({ membership }: Pick<RequestContext, 'membership'>, page = 'sign-in') =>
  `/${membership.slug}/settings/${page}`;

/** Lets a form through that needs a fresh proof; without one, back to the page that asks for it. */
export const confirmed =
  (handler: (ctx: RequestContext) => unknown) =>
  (ctx: RequestContext): unknown =>
    isFresh(ctx) ? handler(ctx) : ctx.res.redirect(303, settingsUrl(ctx));
