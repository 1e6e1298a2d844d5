import type { Request } from 'express';
import { Passport } from 'passport';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Authenticator } from '../../people/strategies/credential_strategy.js';
import { emailedCode } from '../../people/strategies/emailed_code.js';
import { emailedLink } from '../../people/strategies/emailed_link.js';
import { magicLink } from '../../people/strategies/magic_link.js';
import { sessionCookie } from '../../people/strategies/session_cookie.js';
import { readCredentials } from '../shared/cookies.js';
import { slugIn } from '../shared/guard.js';

/** Registers all strategies: the first two identify each request, the others open a session. */
export function createPassport(db: Database, config: Config, secrets: readonly string[]): Authenticator {
  const browser = (req: Request) => ({ remote_ip: req.ip ?? '', user_agent: req.get('User-Agent') ?? '' });
  const code = (req: Request) => (typeof req.body?.code === 'string' ? req.body.code : '');
  const passport = new Passport();
  passport.use(sessionCookie(db.pool, (req) => ({ ...readCredentials(req, config), slug: slugIn(req) })));
  passport.use(magicLink(db.pool, (req) => ({ ...readCredentials(req, config), slug: slugIn(req) })));
  passport.use(
    emailedCode(db.knex, secrets, (req) => ({
      sign_in: readCredentials(req, config).sign_in,
      code: code(req),
      ...browser(req),
    })),
  );
  passport.use(emailedLink(db.knex, (req) => ({ token: String(req.params['token']), ...browser(req) })));
  return passport;
}
