import type { Request, Response } from 'express';
import { Router } from 'express';
import { seal, unsealWithAny } from '../../db/secrets.js';
import { NotFound } from '../../errors.js';
import { translatorFor } from '../../pages/i18n.js';
import { renderPage } from '../../pages/views/render.js';
import { newProviderRequest, type OidcClient, type ProviderRequest } from '../../people/credentials/oidc_clients.js';
import { authenticate } from '../../people/strategies/credential_strategy.js';
import { setStepCookie } from '../shared/cookies.js';
import { bareLayout } from '../shared/layout.js';
import { ownPath } from '../shared/return_to.js';
import { providerView, refusedView } from './sign_in_views.js';
import { type ContextOf, type SignInContext, startSession } from './start_session.js';

/** How long somebody may take at their provider. */
const MINUTES = 10;
const PLACE = 'provider request';
const PATH = '/sign-in/with/:provider';
const REFUSED =
  '{{name}} did not confirm an address of yours that belongs to the staff here. Use an emailed code instead.';

/**
 * Signing in with a provider (OpenID Connect), for staff. Both GETs change nothing: the first keeps what is agreed in
 * the browser, the second shows a button, which a script presses, that sends on what the provider answered.
 */
export function providerSignIn(context: ContextOf, clients: readonly OidcClient[]): Router {
  const router = Router();
  const known = (handle: (ctx: SignInContext, client: OidcClient) => unknown) =>
    context((ctx) => {
      const client = clients.find(({ id }) => id === ctx.req.params['provider']);
      if (!client) throw new NotFound();
      return handle(ctx, client);
    });
  router.get(PATH, known(leave));
  router.get(`${PATH}/callback`, known(arrive));
  router.post(`${PATH}/callback`, known(submitAnswer));
  return router;
}

/** What was agreed before the visitor left, out of the cookie; null if there is none of ours. */
export function agreedIn(secrets: readonly string[], cookie: string | null): ProviderRequest | null {
  const opened = cookie && unsealWithAny(secrets, PLACE, Buffer.from(cookie, 'base64url'));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed below, by us
  return opened ? (JSON.parse(opened.toString()) as ProviderRequest) : null;
}

async function leave({ config, secret, req, res }: SignInContext, client: OidcClient) {
  const request = newProviderRequest(client.id, ownPath(req.query['return_to']), MINUTES);
  const url = await client.authorizationUrl(request).catch(() => null);
  if (!url) return refuse(req, res, 503, client, '{{name}} can’t be reached. Try again later, or use an emailed code.');
  const sealed = seal(secret, PLACE, Buffer.from(JSON.stringify(request)));
  setStepCookie(res, config, 'provider', sealed.toString('base64url'));
  res.redirect(303, url.href);
}

function arrive({ req, res }: SignInContext, client: OidcClient) {
  const { name } = client;
  if (req.query['error'] !== undefined) return refuse(req, res, 422, client, REFUSED);
  res.send(renderPage(providerView, bareLayout(req, 'Sign in'), { action: req.originalUrl, name }));
}

async function submitAnswer(ctx: SignInContext, client: OidcClient) {
  const { passport, req, res } = ctx;
  const found = await authenticate(passport, 'openid-connect', req, res);
  if (found?.info) return startSession(ctx, found.info);
  refuse(req, res, 422, client, REFUSED);
}

function refuse(req: Request, res: Response, status: number, { name }: OidcClient, sentence: string) {
  const layout = bareLayout(req, 'Sign in');
  const text = translatorFor(layout.locale)(sentence, { name });
  res.status(status).send(renderPage(refusedView, layout, { text, sign_in_url: '/sign-in' }));
}
