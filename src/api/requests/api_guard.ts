import type { Request, RequestHandler } from 'express';
import type { Actor } from '../../db/scope.js';
import { HttpError, NotAllowed, NotFound } from '../../errors.js';
import { allows, type Access, readableKinds, type ScopeArea } from '../../people/api_tokens/scopes.js';
import { actorOf, type Identity } from '../../people/identify.js';
import { authenticate, type Authenticator } from '../../people/strategies/credential_strategy.js';
import { type Handler, identityOf } from '../../routes/shared/guard.js';
import type { RequestContext } from '../../routes/shared/request_context.js';
import { requireMay } from '../../subjects/may.js';

/** Identifies a program by its token, and by nothing else: cookies of a browser open nothing here. @throws 401 */
export const identifyToken =
  (passport: Authenticator): RequestHandler =>
  async (req, res, next) => {
    const found = await authenticate(passport, ['api-token'], req, res);
    if (!found) {
      res.set('WWW-Authenticate', 'Bearer realm="Parley"');
      throw new HttpError(401, 'Send a token that works: “Authorization: Bearer …”.');
    }
    req.user = found.user;
    next();
  };

/** Admits a token's owner, as far as the token reaches. */
export const byToken =
  (work: Handler): RequestHandler =>
  (req, res) => {
    const identity = identityOf(req);
    const [membership] = identity.memberships;
    const actor = membership && actorOf(identity, membership);
    if (!actor) throw new NotFound();
    requireMay(actor, 'everything');
    return work(req, res, narrowed(actor, identity), membership);
  };

/** Row security leaves out the kinds that a contact's token doesn't reach, too. */
function narrowed(actor: Actor, { token }: Identity): Actor {
  if (actor.side === 'staff') return actor;
  const kinds = readableKinds(token?.scopes ?? []);
  return { ...actor, kinds: actor.kinds ? actor.kinds.filter((kind) => kinds.includes(kind)) : kinds };
}

const scopesOf = (req: Pick<Request, 'user'>) => identityOf(req).token?.scopes ?? [];

/** Whether the request's token reaches so far. */
export const reaches = ({ req }: Pick<RequestContext, 'req'>, area: ScopeArea, access: Access): boolean =>
  allows(scopesOf(req), area, access);

/** @throws NotAllowed if the request's token isn't for this */
export function requireScope(ctx: Pick<RequestContext, 'req'>, area: ScopeArea, access: Access): void {
  if (!reaches(ctx, area, access))
    throw new NotAllowed('This token is not for that. Make one with the scope it needs.');
}
