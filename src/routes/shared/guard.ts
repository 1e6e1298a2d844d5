import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Config } from '../../config.js';
import type { Actor } from '../../db/scope.js';
import { NotAllowed, NotFound, NotSignedIn } from '../../errors.js';
import { actorOf, type Identity, type Membership, NOBODY } from '../../people/identify.js';
import { authenticate, type Authenticator } from '../../people/strategies/credential_strategy.js';
import { type Area, may, requireMay } from '../../subjects/may.js';

/** Names that can't be an organization's slug: pages of the site, and local parts of our own addresses. */
export const RESERVED = new Set(
  [
    'api assets calendar check docs events fresh-link healthz help in inbound invitation mailbox metrics organizations readyz sandbox setup',
    'sign-in sign-out static',
    'unsubscribe styleguide switch verify',
    'webhooks bounce reply postmaster abuse mailer-daemon noreply no-reply unknown',
  ]
    .join(' ')
    .split(' '),
);

/** Returns the slug of the organization in a request's URL; null for the site's own pages. */
export function slugIn({ path }: Request): string | null {
  const [, first = ''] = path.split('/');
  return first && !RESERVED.has(first) ? first : null;
}

/** Identifies the visitor by session cookie, or else by the magic links that the browser has opened. */
export const identifyVisitor =
  (passport: Authenticator): RequestHandler =>
  async (req, res, next) => {
    const found = await authenticate(passport, ['session-cookie', 'magic-link'], req, res);
    if (found) req.user = found.user;
    next();
  };

/** Returns the visitor's identity. */
export const identityOf = ({ user }: Pick<Request, 'user'>): Identity => user ?? NOBODY;

/**
 * CSRF protection: accepts forms only from our own pages (Sec-Fetch-Site, or else Origin). Mount one-click unsubscribe
 * and webhooks before it.
 */
export const ownFormsOnly =
  (config: Config): RequestHandler =>
  (req, _res, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next();
    const site = req.get('Sec-Fetch-Site');
    const origin = req.get('Origin');
    const foreign = site
      ? site !== 'same-origin' && site !== 'none'
      : origin !== undefined && !isOwn(origin, req, config);
    return foreign ? next(new NotAllowed('This form came from another site.')) : next();
  };

const isOwn = (origin: string, req: Request, config: Config) =>
  origin === config.base_url || (!config.production && origin === `http://${req.get('Host')}`);

export type Handler = (req: Request, res: Response, actor: Actor, membership: Membership) => unknown;

/**
 * Admits people with a membership in the URL's organization; magic links give access to their documents only. Who is
 * several people there (a contact of two partners) acts as the one they chose, or else as the one who sees what the
 * address names. @throws NotSignedIn; NotFound for members of other organizations only
 */
export const members =
  (page: Handler): RequestHandler =>
  async (req: Request, res: Response, _next: NextFunction) => {
    const memberships = membershipsIn(req);
    for (const membership of memberships.slice(0, -1)) if (await isFoundBy(membership, page, req, res)) return;
    const [last] = memberships.slice(-1);
    if (last) await admit(last, page, req, res);
  };

async function admit(membership: Membership, page: Handler, req: Request, res: Response): Promise<void> {
  const actor = actorOf(identityOf(req), membership);
  if (!actor) throw new NotFound();
  requireMay(actor, 'portal');
  await page(req, res, actor, membership);
}

/** Whether what the address names was there for this membership: nothing that is not found has changed anything. */
async function isFoundBy(membership: Membership, page: Handler, req: Request, res: Response): Promise<boolean> {
  try {
    await admit(membership, page, req, res);
    return true;
  } catch (error) {
    if (error instanceof NotFound && !res.headersSent) return false;
    throw error;
  }
}

/** Like `members`, as middleware: run it before body parsing, so that strangers can't upload anything. */
export const membersOnly: RequestHandler = (req, _res, next) => {
  membershipsIn(req);
  next();
};

/** The visitor's memberships in the URL's organization: at least one. @throws NotSignedIn, NotFound */
function membershipsIn(req: Request): Membership[] {
  const { memberships, user_id } = identityOf(req);
  const own = memberships.filter(({ slug }) => slug === req.params['organization']);
  if (!own.length) throw user_id ? new NotFound() : new NotSignedIn();
  return own;
}

/** Admits to an area. @throws NotFound for whom its pages are not there; NotAllowed without the role, or a code */
const admits =
  (area: Area) =>
  (page: Handler): RequestHandler =>
    members((req, res, actor, membership) => {
      const verdict = may(actor, area);
      if (verdict.answer === 'no' && verdict.ask === 'staff') throw new NotFound();
      requireMay(actor, area);
      return page(req, res, actor, membership);
    });

/** Admits members with a verified mailbox; a magic link alone is not enough. */
export const verified = admits('everything');

/** Admits verified staff. */
export const staff = admits('desk');

/** Admits those of the staff who may change partners and contacts, and place mail. */
export const keepsPartners = admits('partners');

/** Admits those of the staff who may change projects. */
export const plans = admits('planning');

/** Admits those of the staff who may record payments. */
export const keepsBooks = admits('bank');

/** Admits those of the staff who set taxes. */
export const setsTaxes = admits('taxes');

/** Admits only the owner and admins among the staff. */
export const admins = admits('administration');
