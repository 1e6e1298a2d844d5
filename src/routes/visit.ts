import type { Request, RequestHandler, Response } from 'express';
import type { Database } from '../db/database.js';
import type { Actor } from '../db/scope.js';
import { renderPage } from '../pages/render.js';
import type { Membership } from '../people/who.js';
import { frame, tongueOf } from './frame.js';
import type { Page } from './guard.js';

/** One request of somebody who may be here: everything its page is made from. */
export interface Visit {
  db: Database;
  req: Request;
  res: Response;
  actor: Actor;
  membership: Membership;
}

type Guard = (page: Page) => RequestHandler;

/** Lets a table of routes name its handlers: guard and handler in, Express handler out. */
export const visits =
  (db: Database) =>
  (guard: Guard, handle: (visit: Visit) => unknown): RequestHandler =>
    guard((req, res, actor, membership) => handle({ db, req, res, actor, membership }));

/** The page of a view inside the organization's frame; `notice` is said at its top, in place of what was just done. */
export function pageOf({ req, actor, membership }: Visit, view: string, title: string, locals: object, notice?: string): string {
  const around = frame(req, actor, membership, title);
  const toast = notice === undefined ? around.page.toast : tongueOf(actor).t(notice);
  return renderPage(view, { ...around, page: { ...around.page, toast }, ...locals });
}

/** The reader's words. */
export const wordsOf = ({ actor }: Visit) => tongueOf(actor).t;
