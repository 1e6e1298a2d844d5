import { setTimeout } from 'node:timers/promises';
import { Router } from 'express';
import { HttpError } from '../../errors.js';
import { isEmail } from '../../input/email_address.js';
import { translatorFor } from '../../pages/i18n.js';
import { renderPage } from '../../pages/views/render.js';
import { authenticate } from '../../people/strategies/credential_strategy.js';
import { bareLayout } from '../shared/layout.js';
import { ownPath } from '../shared/return_to.js';
import { passwordView } from './sign_in_views.js';
import { type ContextOf, returnQuery, type SignInContext, startSession } from './start_session.js';

/** A refusal takes as long whether there is an account or not: what is written to its owner's logs takes its time. */
const REFUSAL_MS = 400;

/** Signing in with an address and a password, for whoever has set one. */
export function passwordSignIn(context: ContextOf): Router {
  const router = Router();
  router.get(
    '/sign-in/password',
    context((ctx) => show(ctx, '', null)),
  );
  router.post('/sign-in/password', context(submitPassword));
  return router;
}

async function submitPassword(ctx: SignInContext) {
  const { passport, limits, req, res } = ctx;
  const { email, password }: { email?: unknown; password?: unknown } = req.body ?? {};
  if (typeof email !== 'string' || typeof password !== 'string') throw new HttpError(400, 'Give one email address.');
  if (!isEmail(email)) return refuse(ctx, 422, email, 'This is not an email address.');
  if (!(await limits.mayGuess(req.ip ?? '')))
    return refuse(ctx, 429, email, 'Too many wrong passwords came from here. Try again in an hour.');
  const earliest = setTimeout(REFUSAL_MS);
  const found = await authenticate(passport, 'password', req, res);
  if (found?.info) return startSession(ctx, found.info);
  await Promise.all([earliest, limits.countWrong(req.ip ?? '')]);
  refuse(ctx, 422, email, 'This address and password don’t match. You can always sign in with an emailed code.');
}

function refuse(ctx: SignInContext, status: number, email: string, error: string) {
  ctx.res.status(status);
  show(ctx, email, error);
}

function show({ req, res }: SignInContext, email: string, error: string | null) {
  const layout = bareLayout(req, 'Sign in with your password');
  const return_to = ownPath(req.body?.return_to ?? req.query['return_to']);
  const t = translatorFor(layout.locale);
  const code_url = `/sign-in${returnQuery(return_to)}`;
  const input = { action: '/sign-in/password', email, error: error && t(error), return_to, code_url };
  res.send(renderPage(passwordView, layout, input));
}
