import type { Request, RequestHandler, Response } from 'express';
import type { Database } from '../../db/database.js';
import type { Actor } from '../../db/scope.js';
import { renderPage, type View } from '../../pages/views/render.js';
import type { Membership } from '../../people/identify.js';
import type { Handler } from './guard.js';
import { i18nOf, organizationLayout } from './layout.js';

/** One request that its guard has let through, with all that its page is made from. */
export interface RequestContext {
  db: Database;
  req: Request;
  res: Response;
  actor: Actor;
  membership: Membership;
}

type Guard = (page: Handler) => RequestHandler;

/** Lets a router list its routes as guard and handler: `router.get(path, handle(staff, show))`. */
export const withContext =
  (db: Database) =>
  (guard: Guard, handler: (ctx: RequestContext) => unknown): RequestHandler =>
    guard((req, res, actor, membership) => handler({ db, req, res, actor, membership }));

/** Both translated already. */
interface PageMessages {
  /** Why nothing was done; shown at the top of the page. */
  notice?: string | undefined;
  /** What was just done, in more detail than `?done=` can say. */
  toast?: string | undefined;
}

/** A view inside the organization's layout. */
export function contextPage<Input extends object>(
  { req, actor, membership }: RequestContext,
  view: View<Input>,
  title: string,
  input: NoInfer<Input>,
  { notice, toast }: PageMessages = {},
): string {
  const { page, ...layout } = organizationLayout(req, actor, membership, title);
  const messages = {
    ...(toast === undefined ? {} : { toast }),
    ...(notice === undefined ? {} : { toast: null, notice }),
  };
  return renderPage(view, { ...layout, page: { ...page, ...messages } }, input);
}

/** The translator for the request's reader. */
export const translatorOf = ({ actor }: RequestContext) => i18nOf(actor).t;
