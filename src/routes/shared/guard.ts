import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type pg from 'pg';
import type { Config } from '../../config.js';
import type { Actor } from '../../db/scope.js';
import { NotAllowed, NotFound, NotSignedIn } from '../../errors.js';
import { actorOf, identify, type Membership, type Identity } from '../../people/identify.js';
import { readCredentials } from './cookies.js';

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- this is how Express is told what requests carry
  namespace Express {
    interface Request {
      who: Identity;
    }
  }
}

/**
 * First path segments that are pages of the site, or local parts of addresses that are the house's own, and so can't
 * be an organization's.
 */
export const RESERVED = new Set(
  [
    'assets check docs events fresh-link healthz help in inbound mailbox readyz sandbox setup sign-in sign-out static unsubscribe styleguide switch verify',
    'webhooks bounce reply postmaster abuse mailer-daemon noreply no-reply unknown',
  ]
    .join(' ')
    .split(' '),
);

/** Finds out who asks, in one query, before any page. Writes nothing. */
export const identifyVisitor =
  (pool: pg.Pool, config: Config): RequestHandler =>
  async (req, _res, next) => {
    const [, first = ''] = req.path.split('/');
    req.who = await identify(pool, readCredentials(req, config), first && !RESERVED.has(first) ? first : null);
    next();
  };

/**
 * Default deny: a form may only come from our own pages (Sec-Fetch-Site, or else Origin). One-click mail programs and
 * gateways have routes of their own before this.
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
 * For anyone who belongs to the organization of the URL; by a link, to one document of it. Somebody known elsewhere
 * sees nothing here.
 */
export const members =
  (page: Handler): RequestHandler =>
  async (req: Request, res: Response, _next: NextFunction) => {
    const membership = membershipIn(req);
    const actor = actorOf(req.who, membership);
    if (!actor) throw new NotFound();
    await page(req, res, actor, membership);
  };

/** As `members`, for what comes before the page: whoever is nobody here can't make us read what they send. */
export const membersOnly: RequestHandler = (req, _res, next) => {
  membershipIn(req);
  next();
};

/** @throws NotSignedIn, NotFound */
function membershipIn({ who, params }: Request): Membership {
  const membership = who.memberships.find(({ slug }) => slug === params['organization']);
  if (!membership) throw who.user_id ? new NotFound() : new NotSignedIn();
  return membership;
}

/** For those who have shown that the mailbox is theirs: a link alone opens its one document. */
export const verified = (page: Handler): RequestHandler =>
  members((req, res, actor, membership) => {
    if (actor.assurance !== 'verified')
      throw new NotAllowed('To see more than the page your link opens, we email you a code.', true);
    return page(req, res, actor, membership);
  });

/** For the organization's own people. To partners there is nothing here. */
export const staff = (page: Handler): RequestHandler =>
  members((req, res, actor, membership) => {
    if (actor.side !== 'staff') throw new NotFound();
    if (actor.assurance !== 'verified') throw new NotAllowed('To work at the desk, we email you a code.', true);
    return page(req, res, actor, membership);
  });

/** The roles of those who look after the installation. */
export const ADMINS: ReadonlySet<string> = new Set(['owner', 'admin']);

/** As `staff`, for the owner and the admins. */
export const admins = (page: Handler): RequestHandler =>
  staff((req, res, actor, membership) => {
    if (!ADMINS.has(membership.role)) throw new NotAllowed('This is for the owner and the admins.');
    return page(req, res, actor, membership);
  });
