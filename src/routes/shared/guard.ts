import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Config } from '../../config.js';
import type { Actor } from '../../db/scope.js';
import { NotAllowed, NotFound, NotSignedIn } from '../../errors.js';
import { actorOf, type Identity, type Membership, NOBODY } from '../../people/identify.js';
import { authenticate, type Authenticator } from '../../people/strategies/credential_strategy.js';

/**
 * First path segments that are pages of the site, or local parts of our own addresses, and so can't be an
 * organization's.
 */
export const RESERVED = new Set(
  [
    'assets check docs events fresh-link healthz help in inbound mailbox readyz sandbox setup sign-in sign-out static unsubscribe styleguide switch verify',
    'webhooks bounce reply postmaster abuse mailer-daemon noreply no-reply unknown',
  ]
    .join(' ')
    .split(' '),
);

/** The organization whose page a request is for; null for the site's own pages. */
export function slugIn({ path }: Request): string | null {
  const [, first = ''] = path.split('/');
  return first && !RESERVED.has(first) ? first : null;
}

/** Finds out who makes a request, before any page, by the session or else by the links that the browser holds. */
export const identifyVisitor =
  (passport: Authenticator): RequestHandler =>
  async (req, res, next) => {
    const found = await authenticate(passport, ['session-cookie', 'magic-link'], req, res);
    if (found) req.user = found.user;
    next();
  };

/** Who makes a request. */
export const identityOf = ({ user }: Pick<Request, 'user'>): Identity => user ?? NOBODY;

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
    const actor = actorOf(identityOf(req), membership);
    if (!actor) throw new NotFound();
    await page(req, res, actor, membership);
  };

/** As `members`, for what comes before the page: whoever is nobody here can't make us read what they send. */
export const membersOnly: RequestHandler = (req, _res, next) => {
  membershipIn(req);
  next();
};

/** @throws NotSignedIn, NotFound */
function membershipIn(req: Request): Membership {
  const { memberships, user_id } = identityOf(req);
  const membership = memberships.find(({ slug }) => slug === req.params['organization']);
  if (!membership) throw user_id ? new NotFound() : new NotSignedIn();
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
