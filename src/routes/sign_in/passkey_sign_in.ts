import { Router } from 'express';
import { randomToken } from '../../db/secrets.js';
import { HttpError } from '../../errors.js';
import { translatorFor } from '../../pages/i18n.js';
import { renderPage } from '../../pages/views/render.js';
import { relyingParty, signInOptions } from '../../people/credentials/passkey_ceremonies.js';
import { authenticate } from '../../people/strategies/credential_strategy.js';
import { readCredentials, setStepCookie } from '../shared/cookies.js';
import { bareLayout } from '../shared/layout.js';
import { ownPath } from '../shared/return_to.js';
import { refusedView } from './sign_in_views.js';
import { type ContextOf, returnQuery, type SignInContext, startSession } from './start_session.js';

/** Signing in with a passkey: the page asks for what it is to sign, and posts what the authenticator answered. */
export function passkeySignIn(context: ContextOf): Router {
  const router = Router();
  router.post('/sign-in/passkey/options', context(giveOptions));
  router.post('/sign-in/passkey', context(submitPasskey));
  return router;
}

async function giveOptions({ db, config, limits, req, res }: SignInContext) {
  if (!(await limits.mayChallenge(req.ip ?? ''))) throw new HttpError(429, 'Too many tries. Try again in an hour.');
  const browser = readCredentials(req, config).passkey ?? randomToken();
  setStepCookie(res, config, 'passkey', browser);
  res.json(await signInOptions(db.knex, relyingParty(config.base_url), browser));
}

async function submitPasskey(ctx: SignInContext) {
  const { passport, limits, req, res } = ctx;
  const found = await authenticate(passport, 'passkey', req, res);
  if (found?.info) return startSession(ctx, found.info);
  await limits.countWrong(req.ip ?? '');
  const layout = bareLayout(req, 'Sign in');
  const text = translatorFor(layout.locale)('This passkey doesn’t work here. It may have been removed.');
  const sign_in_url = `/sign-in${returnQuery(ownPath(req.body?.return_to))}`;
  res.status(422).send(renderPage(refusedView, layout, { text, sign_in_url }));
}
