import type { Request, Response } from 'express';
import { type Passport, Strategy } from 'passport';
import type { Identity } from '../identify.js';

/**
 * A session just opened by a sign-in, or its second step that is still to come: its token for the cookie, the page that
 * the visitor wanted, and what their browser is known by from now on.
 */
export interface SignedIn {
  token: string;
  return_to: string;
  next?: 'second_step';
  device?: string;
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- passport's types are extended this way
  namespace Express {
    interface User extends Identity {}
    interface AuthInfo extends SignedIn {}
  }
}

/** A passport with its strategies. */
export type Authenticator = Pick<InstanceType<typeof Passport>, 'authenticate'>;

interface Authenticated {
  user: Identity;
  info?: SignedIn;
}

/**
 * A passport strategy for one kind of credential. `verify` returns the identity that a request's credential proves, or
 * null if it is missing or wrong, so that the next strategy is tried.
 */
export class CredentialStrategy extends Strategy {
  constructor(
    override readonly name: string,
    private readonly verify: (req: Request) => Promise<Authenticated | null>,
  ) {
    super();
  }

  override authenticate(req: Request): void {
    this.verify(req).then(
      (found) => (found ? this.success(found.user, found.info) : this.fail(401)),
      (error: unknown) => this.error(error),
    );
  }
}

/** Tries strategies in order. Returns the result of the first that succeeds; null if none does. */
export const authenticate = (
  passport: Authenticator,
  strategies: string | string[],
  req: Request,
  res: Response,
): Promise<Authenticated | null> =>
  new Promise((resolve, reject) => {
    const done = (error: unknown, user: Express.User | false | null | undefined, info?: Express.AuthInfo) =>
      error ? reject(error) : resolve(user ? { user, ...(info ? { info } : {}) } : null);
    passport.authenticate(strategies, { session: false }, done)(req, res, reject);
  });
