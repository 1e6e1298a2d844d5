import { type Request, type Response, Router } from 'express';
import { systemActor, withActor } from '../../db/scope.js';
import { canonicalAddress, isEmail, shownAddress } from '../../input/email_address.js';
import { HttpError } from '../../errors.js';
import { renderPage } from '../../pages/views/render.js';
import { translatorFor } from '../../pages/i18n.js';
import type { OidcClient } from '../../people/credentials/oidc_clients.js';
import { isFresh } from '../../people/sign_in/fresh_code.js';
import { beginSignIn } from '../../people/sign_in/codes.js';
import { signOut } from '../../people/sign_in/sign_out.js';
import { signInLimits } from '../../people/sign_in/sign_in_limits.js';
import { authenticate } from '../../people/strategies/credential_strategy.js';
import { whyNotTaken } from '../../people/strategies/emailed_code.js';
import { signInLinkOwner } from '../../people/strategies/emailed_link.js';
import { subjectUrl } from '../../subjects/subject_url.js';
import { browserOf } from './passport.js';
import { clearCookies, setSignInCookie, readCredentials } from '../shared/cookies.js';
import { identityOf } from '../shared/guard.js';
import { bareLayout } from '../shared/layout.js';
import { masked, ownPath } from '../shared/return_to.js';
import { passkeySignIn } from '../sign_in/passkey_sign_in.js';
import { passwordSignIn } from '../sign_in/password_sign_in.js';
import { providerSignIn } from '../sign_in/provider_sign_in.js';
import { secondStep } from '../sign_in/second_step_page.js';
import { returnQuery, type SignInContext, type SignInServices, startSession } from '../sign_in/start_session.js';
import { codeView, enterView, expiredLinkView, signInView, verifyView } from './views.js';

/** Routes for signing in. The emailed code verifies a magic link's visitor, too (/verify). */
export function signIn(services: SignInServices, clients: readonly OidcClient[]): Router {
  const router = Router();
  const limits = signInLimits(services.db.pool);
  const by = (handle: (ctx: SignInContext) => unknown) => (req: Request, res: Response) =>
    handle({ ...services, limits, req, res });
  router.get(
    '/sign-in',
    by((ctx) => showAddressForm(ctx, '', null)),
  );
  router.post('/sign-in', by(submitAddress));
  router.get('/verify', by(offerVerification));
  router.post('/verify', by(sendCode));
  router.get(
    '/sign-in/code',
    by((ctx) => showCodeForm(ctx, null)),
  );
  router.post('/sign-in/code', by(submitCode));
  router.get('/sign-in/link/:token', by(openLink));
  router.post('/sign-in/link/:token', by(useLink));
  router.use(passwordSignIn(by), secondStep(by), passkeySignIn(by), providerSignIn(by, clients));
  router.post('/sign-out', by(leave));
  return router;
}

async function submitAddress(ctx: SignInContext) {
  const { req, res } = ctx;
  const email: unknown = req.body?.email;
  if (typeof email !== 'string') throw new HttpError(400, 'Give one email address.');
  if (isEmail(email)) return begin(ctx, email);
  res.status(422);
  showAddressForm(ctx, email, 'This is not an email address.');
}

/** Offers to verify the mailbox: of who came by a link, or again for a risky step. The code is sent only when they press the button. */
async function offerVerification(ctx: SignInContext) {
  const { req, res } = ctx;
  const identity = identityOf(req);
  const address = provableAddress(req);
  const return_to = ownPath(req.query['return_to']);
  if (!address) return res.redirect(303, '/sign-in');
  if (isFresh(identity.session)) return res.redirect(303, return_to);
  const again = identity.assurance === 'verified';
  const back = again ? homeOf(return_to) : await backPath(ctx, return_to);
  const it = { email: masked(address), return_to, action: '/verify', back, again };
  res.send(renderPage(verifyView, bareLayout(req, 'One more step'), it));
}

/** The mailbox that a visitor can prove: their own, or the one that their link was sent to. */
const provableAddress = (req: Request): string | null => {
  const { email, memberships } = identityOf(req);
  return email ?? memberships[0]?.email ?? null;
};

/** The first page of the organization that an address is in. */
const homeOf = (path: string) => /^\/[^/?]+/.exec(path)?.[0] ?? '/';

/** Returns the page to go back to without verifying: `return_to` if the link opens it, else what the link does open. */
async function backPath({ db, req }: SignInContext, return_to: string): Promise<string> {
  const { memberships, subject_ids } = identityOf(req);
  const [membership] = memberships;
  if (!membership) return '/sign-in';
  const { organization_id, slug } = membership;
  const opened = await withActor(db.knex, systemActor(organization_id), (db) =>
    db('subjects').where({ organization_id }).whereIn('id', subject_ids).select('id', 'kind', 'number'),
  );
  const urls = opened.map((subject) => subjectUrl(slug, subject));
  const [first = '/sign-in'] = urls;
  return urls.some((url) => return_to === url || return_to.startsWith(`${url}/`) || return_to.startsWith(`${url}?`))
    ? return_to
    : first;
}

async function sendCode(ctx: SignInContext) {
  const address = provableAddress(ctx.req);
  if (!address) return ctx.res.redirect(303, '/sign-in');
  await begin(ctx, address, true);
}

/** `own`: they prove the mailbox that they are known by, whose address the next page may show. */
async function begin(ctx: SignInContext, email: string, own = false) {
  const { db, config, secret, req, res } = ctx;
  const return_to = ownPath(req.body?.return_to);
  const slug = /^\/([^/?]+)/.exec(return_to)?.[1] ?? null;
  const address = canonicalAddress(email);
  if (!(await ctx.limits.mayAsk(req.ip ?? ''))) {
    res.status(429);
    return showAddressForm(ctx, email, 'Too many codes were asked for. Try again in an hour.');
  }
  const { sign_in: browser } = readCredentials(req, config);
  setSignInCookie(res, config, await beginSignIn(db.knex, secret, { address, slug, return_to, browser }));
  const query = new URLSearchParams({ ...(own ? { own: '1' } : {}), ...(return_to === '/' ? {} : { return_to }) });
  res.redirect(303, `/sign-in/code${query.size ? `?${query}` : ''}`);
}

async function submitCode(ctx: SignInContext) {
  const { passport, limits, req, res } = ctx;
  const remote_ip = req.ip ?? '';
  if (!(await limits.mayGuess(remote_ip))) {
    res.status(429);
    return showCodeForm(ctx, 'Too many wrong codes came from here. Try again in an hour.');
  }
  const found = await authenticate(passport, 'emailed-code', req, res);
  if (found?.info) return startSession(ctx, found.info);
  await limits.countWrong(remote_ip);
  res.status(422);
  await explainRefusal(ctx);
}

async function explainRefusal(ctx: SignInContext) {
  const why = await whyNotTaken(ctx.db.knex, readCredentials(ctx.req, ctx.config).sign_in);
  if (why === 'stopped')
    return showCodeForm(ctx, 'Too many wrong codes were typed for this address. Use the link in the email instead.');
  if (why)
    return showCodeForm(ctx, 'This code does not work. Wait {{seconds}} seconds before you try again.', {
      seconds: why.wait,
    });
  showCodeForm(ctx, 'This code does not work. Check the digits, or ask for another code.');
}

async function openLink({ db, req, res }: SignInContext) {
  const token = String(req.params['token']);
  const owner = await signInLinkOwner(db.knex, token);
  const layout = bareLayout(req, 'Sign in');
  if (owner) {
    const { address, return_to } = owner;
    const [name, email] = [shownAddress(address), shownAddress(address)];
    const input = { name, email, action: `/sign-in/link/${token}`, return_to };
    return res.send(renderPage(enterView, layout, input));
  }
  const input = { action: null, sent: false, masked: null, hidden: {}, sign_in_url: '/sign-in' };
  res.status(410).send(renderPage(expiredLinkView, layout, { reason: 'expired', ...input }));
}

async function useLink(ctx: SignInContext) {
  const { passport, req, res } = ctx;
  const found = await authenticate(passport, 'emailed-link', req, res);
  if (found?.info) return startSession(ctx, found.info);
  res.redirect(303, `/sign-in/link/${encodeURIComponent(String(req.params['token']))}`);
}

async function leave({ db, config, req, res }: SignInContext) {
  const { session } = readCredentials(req, config);
  if (session) await signOut(db.knex, session, browserOf(req));
  clearCookies(res, config);
  res.redirect(303, '/sign-in');
}

function showAddressForm({ config, req, res }: SignInContext, email: string, error: string | null) {
  const layout = bareLayout(req, 'Sign in');
  const t = translatorFor(layout.locale);
  const hint = config.demo
    ? { hint: t('In the sample, use olivia@harbor.example or maya@maple.example; their mail is at /mailbox.') }
    : {};
  const return_to = ownPath(req.body?.return_to ?? req.query['return_to']);
  const others = {
    password_url: `/sign-in/password${returnQuery(return_to)}`,
    providers: config.oidc_providers.map(({ id, name }) => ({
      href: `/sign-in/with/${id}${returnQuery(return_to)}`,
      label: t('Continue with {{name}}', { name }),
    })),
  };
  const input = { ...hint, ...others, action: '/sign-in', email, error: error && t(error), return_to };
  res.send(renderPage(signInView, layout, input));
}

function showCodeForm({ req, res }: SignInContext, error: string | null, values: Record<string, number> = {}) {
  const layout = bareLayout(req, 'Type the code');
  const t = translatorFor(layout.locale);
  const return_to = ownPath(req.body?.return_to ?? req.query['return_to']);
  const own = req.query['own'] === '1' || identityOf(req).assurance === 'link';
  const address = own ? provableAddress(req) : null;
  const sent_to = address && masked(address);
  const input = {
    sent_to,
    return_to,
    action: own ? '/sign-in/code?own=1' : '/sign-in/code',
    error: error && t(error, values),
  };
  res.send(renderPage(codeView, layout, input));
}
