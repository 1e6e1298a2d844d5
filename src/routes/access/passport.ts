import type { Request } from 'express';
import { Passport } from 'passport';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { canonicalAddress } from '../../input/email_address.js';
import type { OidcClient } from '../../people/credentials/oidc_clients.js';
import { relyingParty } from '../../people/credentials/passkey_ceremonies.js';
import { apiToken } from '../../people/strategies/api_token.js';
import type { Authenticator } from '../../people/strategies/credential_strategy.js';
import { emailedCode } from '../../people/strategies/emailed_code.js';
import { emailedLink } from '../../people/strategies/emailed_link.js';
import { oneTimePassword } from '../../people/strategies/one_time_password.js';
import { openidConnect } from '../../people/strategies/openid_connect.js';
import { passkeyStrategy } from '../../people/strategies/passkey.js';
import { passwordStrategy } from '../../people/strategies/password.js';
import { magicLink } from '../../people/strategies/magic_link.js';
import { sessionCookie } from '../../people/strategies/session_cookie.js';
import { readCredentials } from '../shared/cookies.js';
import { slugIn } from '../shared/guard.js';
import { ownPath } from '../shared/return_to.js';
import { agreedIn } from '../sign_in/provider_sign_in.js';

/** Registers all strategies: the first two identify each request, the others open a session. */
export function createPassport(
  db: Database,
  config: Config,
  secrets: readonly string[],
  clients: readonly OidcClient[],
): Authenticator {
  const browser = (req: Request) => ({ ...browserOf(req), device: readCredentials(req, config).device });
  const passport = new Passport();
  passport.use(sessionCookie(db.pool, (req) => ({ ...readCredentials(req, config), slug: slugIn(req) })));
  passport.use(magicLink(db.pool, (req) => ({ ...readCredentials(req, config), slug: slugIn(req) })));
  passport.use(apiToken(db, bearerIn));
  passport.use(
    emailedCode(db.knex, secrets, (req) => ({
      sign_in: readCredentials(req, config).sign_in,
      code: typed(req, 'code'),
      ...browser(req),
    })),
  );
  passport.use(emailedLink(db.knex, (req) => ({ token: String(req.params['token']), ...browser(req) })));
  addFurtherWays(passport, db, config, secrets, clients);
  return passport;
}

/** What somebody has set up besides their mailbox. */
function addFurtherWays(
  passport: InstanceType<typeof Passport>,
  db: Database,
  config: Config,
  secrets: readonly string[],
  clients: readonly OidcClient[],
): void {
  const browser = (req: Request) => ({ ...browserOf(req), device: readCredentials(req, config).device });
  passport.use(passwordStrategy(db.knex, (req) => ({ ...typedPassword(req), ...browser(req) })));
  passport.use(
    oneTimePassword(db.knex, secrets, (req) => ({
      second_step: readCredentials(req, config).second_step,
      code: typed(req, 'code'),
      ...browser(req),
    })),
  );
  passport.use(
    passkeyStrategy(db.knex, relyingParty(config.base_url), (req) => ({
      passkey: readCredentials(req, config).passkey,
      response: typed(req, 'response'),
      return_to: ownPath(req.body?.return_to),
      ...browser(req),
    })),
  );
  passport.use(
    openidConnect(db.knex, (req) => ({
      client: clients.find(({ id }) => id === req.params['provider']),
      agreed: agreedIn(secrets, readCredentials(req, config).provider),
      query: new URL(req.originalUrl, config.base_url).search,
      ...browser(req),
    })),
  );
}

/** The token that a program shows (RFC 6750); null without one. */
const bearerIn = (req: Request) => /^Bearer +([\w-]{20,200})$/i.exec(req.get('authorization') ?? '')?.[1] ?? null;

/** From where a request comes. */
export const browserOf = (req: Request) => ({ remote_ip: req.ip ?? '', user_agent: req.get('User-Agent') ?? '' });

function typed({ body }: Request, name: string): string {
  const value: unknown = body?.[name];
  return typeof value === 'string' ? value : '';
}

const typedPassword = (req: Request) => ({
  address: canonicalAddress(typed(req, 'email')),
  password: typed(req, 'password'),
  return_to: ownPath(req.body?.return_to),
});
