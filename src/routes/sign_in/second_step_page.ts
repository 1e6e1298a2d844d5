import { Router } from 'express';
import { translatorFor } from '../../pages/i18n.js';
import { renderPage } from '../../pages/views/render.js';
import { isSecondStepOpen } from '../../people/sign_in/second_steps.js';
import { authenticate } from '../../people/strategies/credential_strategy.js';
import { readCredentials } from '../shared/cookies.js';
import { bareLayout } from '../shared/layout.js';
import { secondStepView } from './sign_in_views.js';
import { type ContextOf, type SignInContext, startSession } from './start_session.js';

const PATH = '/sign-in/second-step';

/** The second step of whom an authenticator app protects. */
export function secondStep(context: ContextOf): Router {
  const router = Router();
  router.get(PATH, context(open));
  router.post(PATH, context(submitStep));
  return router;
}

async function open(ctx: SignInContext) {
  const { second_step } = readCredentials(ctx.req, ctx.config);
  if (!second_step || !(await isSecondStepOpen(ctx.db.knex, second_step))) return ctx.res.redirect(303, '/sign-in');
  show(ctx, null);
}

async function submitStep(ctx: SignInContext) {
  const { passport, limits, req, res } = ctx;
  if (!(await limits.mayGuess(req.ip ?? ''))) {
    res.status(429);
    return show(ctx, 'Too many wrong codes came from here. Try again in an hour.');
  }
  const found = await authenticate(passport, 'one-time-password', req, res);
  if (found?.info) return startSession(ctx, found.info);
  await limits.countWrong(req.ip ?? '');
  res.status(422);
  show(
    ctx,
    'This code doesn’t work. Wait for the next one, or use a recovery code. After several tries, sign in again.',
  );
}

function show({ req, res }: SignInContext, error: string | null) {
  const layout = bareLayout(req, 'Confirm it’s you');
  const t = translatorFor(layout.locale);
  res.send(renderPage(secondStepView, layout, { action: PATH, error: error && t(error) }));
}
