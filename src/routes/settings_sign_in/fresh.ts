import { isRecent } from '../../people/sign_in/fresh_code.js';
import type { RequestContext } from '../shared/request_context.js';
import { identityOf } from '../shared/guard.js';

/** Whether the visitor proved just now who they are: what a way to sign in is changed after. */
export const isProven = ({ req }: Pick<RequestContext, 'req'>): boolean => isRecent(identityOf(req).session?.proven_at);

export const settingsUrl = ({ membership }: Pick<RequestContext, 'membership'>, page = 'sign-in') =>
  `/${membership.slug}/settings/${page}`;

/** Lets a form through that needs a fresh proof; without one, back to the page that asks for it. */
export const confirmed =
  (handler: (ctx: RequestContext) => unknown, page?: string) =>
  (ctx: RequestContext): unknown =>
    isProven(ctx) ? handler(ctx) : ctx.res.redirect(303, settingsUrl(ctx, page));
