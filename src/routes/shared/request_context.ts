import type { Request, RequestHandler, Response } from 'express';
import type { Database } from '../../db/database.js';
import type { Actor } from '../../db/scope.js';
import { renderPage } from '../../pages/render.js';
import type { Membership } from '../../people/identify.js';
import { layoutLocals, i18nOf } from './layout.js';
import type { Handler } from './guard.js';

/** One request of somebody who may be here: everything its page is made from. */
export interface RequestContext {
  db: Database;
  req: Request;
  res: Response;
  actor: Actor;
  membership: Membership;
}

type Guard = (page: Handler) => RequestHandler;

/** Lets a table of routes name its handlers: guard and handler in, Express handler out. */
export const withContext =
  (db: Database) =>
  (guard: Guard, handle: (ctx: RequestContext) => unknown): RequestHandler =>
    guard((req, res, actor, membership) => handle({ db, req, res, actor, membership }));

interface Said {
  /** Why nothing was done; it stays at the top of the page. */
  notice?: string | undefined;
  /** What was just done, in more words than the address has; ready to show. */
  toast?: string | undefined;
}

/** The page of a view inside the organization's frame. */
export function contextPage(
  { req, actor, membership }: RequestContext,
  view: string,
  title: string,
  locals: object,
  { notice, toast }: Said = {},
): string {
  const around = layoutLocals(req, actor, membership, title);
  const page = {
    ...around.page,
    ...(toast === undefined ? {} : { toast }),
    ...(notice === undefined ? {} : { toast: null, notice: i18nOf(actor).t(notice) }),
  };
  return renderPage(view, { ...around, page, ...locals });
}

/** The reader's words. */
export const translatorOf = ({ actor }: RequestContext) => i18nOf(actor).t;
