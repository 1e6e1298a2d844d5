import type { Request, Response } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { closeSession } from '../../people/sessions.js';
import type { SignInLimits } from '../../people/sign_in/sign_in_limits.js';
import type { Authenticator, SignedIn } from '../../people/strategies/credential_strategy.js';
import { readCredentials, setDeviceCookie, setSessionCookie, setStepCookie } from '../shared/cookies.js';
import { ownPath } from '../shared/return_to.js';

export interface SignInServices {
  db: Database;
  config: Config;
  secret: string;
  passport: Authenticator;
}

/** A request with the services that signing in needs. */
export interface SignInContext extends SignInServices {
  limits: SignInLimits;
  req: Request;
  res: Response;
}

/** Makes a handler of a function that takes the context of signing in. */
export type ContextOf = (
  handle: (ctx: SignInContext) => unknown,
) => (req: SignInContext['req'], res: SignInContext['res']) => unknown;

/**
 * Sets the new session's cookie, and ends any earlier session of the browser. Whom an authenticator app protects is
 * asked for its code first.
 */
export async function startSession(
  { db, config, req, res }: Pick<SignInContext, 'db' | 'config' | 'req' | 'res'>,
  { token, return_to, next, device }: SignedIn,
): Promise<void> {
  if (next) {
    setStepCookie(res, config, next, token);
    return res.redirect(303, '/sign-in/second-step');
  }
  const { session } = readCredentials(req, config);
  if (session) await closeSession(db.knex, session);
  setSessionCookie(res, config, token);
  if (device) setDeviceCookie(res, config, device);
  res.redirect(303, ownPath(return_to));
}

/** The question mark and what a form's page hands on: where to go afterwards. */
export const returnQuery = (return_to: string): string =>
  return_to === '/' ? '' : `?return_to=${encodeURIComponent(return_to)}`;
