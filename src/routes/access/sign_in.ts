import { type Request, type Response, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { isEmail } from '../../pages/valid_input.js';
import { HttpError } from '../../errors.js';
import { renderPage } from '../../pages/views/render.js';
import { translatorFor } from '../../pages/i18n.js';
import { closeSession } from '../../people/sessions.js';
import { beginSignIn, type SignedIn, signInByCode, signInByLink, signInLinkOwner } from '../../people/sign_in_codes.js';
import { clearCookies, setSessionCookie, setSignInCookie, readCredentials } from '../shared/cookies.js';
import { bareLayout } from '../shared/layout.js';
import { masked, ownPath } from '../shared/return_to.js';
import { codeView, enterView, expiredLinkView, signInView, verifyView } from './views.js';

/** One request of whoever it may be, and what signing in needs. */
interface Caller {
  db: Database;
  config: Config;
  secret: string;
  req: Request;
  res: Response;
}

/** Signing in by an emailed code or link; the same code proves the mailbox before a risky step. */
export function signIn(db: Database, config: Config, secret: string): Router {
  const router = Router();
  const by = (handle: (caller: Caller) => unknown) => (req: Request, res: Response) =>
    handle({ db, config, secret, req, res });
  router.get(
    '/sign-in',
    by((caller) => askAddress(caller, '', null)),
  );
  router.post('/sign-in', by(takeAddress));
  router.get('/verify', by(offerCode));
  router.post('/verify', by(sendCode));
  router.get(
    '/sign-in/code',
    by((caller) => askCode(caller, null)),
  );
  router.post('/sign-in/code', by(takeCode));
  router.get('/sign-in/link/:token', by(openLink));
  router.post('/sign-in/link/:token', by(useLink));
  router.post('/sign-out', by(signOut));
  return router;
}

async function takeAddress(caller: Caller) {
  const { req, res } = caller;
  const email: unknown = req.body?.email;
  if (typeof email !== 'string') throw new HttpError(400, 'Give one email address.');
  if (isEmail(email.trim())) return begin(caller, email);
  res.status(422);
  askAddress(caller, email, 'This is not an email address.');
}

/**
 * Somebody who came by a link may show that the mailbox it went to is theirs. Nothing is sent before they press the
 * button.
 */
function offerCode({ req, res }: Caller) {
  const person = req.who.memberships[0];
  const return_to = ownPath(req.query['return_to']);
  if (!person) return res.redirect(303, '/sign-in');
  if (req.who.assurance === 'verified') return res.redirect(303, return_to);
  const it = { email: masked(person.email), return_to, action: '/verify', back: openTo(req, return_to) };
  res.send(renderPage(verifyView, bareLayout(req, 'One more step'), it));
}

/** Where one may go who has no code yet: back, if that is a document their link opens, or to that document. */
function openTo({ who: { memberships, document_ids } }: Request, return_to: string): string {
  if (/^\/[^/]+\/documents\//.test(return_to)) return return_to;
  const [document_id] = document_ids;
  return document_id && memberships[0] ? `/${memberships[0].slug}/documents/${document_id}` : '/sign-in';
}

async function sendCode(caller: Caller) {
  const person = caller.req.who.memberships[0];
  if (!person) return caller.res.redirect(303, '/sign-in');
  await begin(caller, person.email);
}

async function begin(caller: Caller, email: string) {
  const { db, config, secret, req, res } = caller;
  const return_to = ownPath(req.body?.return_to);
  const slug = /^\/([^/?]+)/.exec(return_to)?.[1] ?? null;
  const token = await beginSignIn(db.knex, secret, { email, slug, return_to, remote_ip: req.ip ?? '' });
  if (token) {
    setSignInCookie(res, config, token);
    return res.redirect(
      303,
      return_to === '/' ? '/sign-in/code' : `/sign-in/code?return_to=${encodeURIComponent(return_to)}`,
    );
  }
  res.status(429);
  askAddress(caller, email, 'Too many codes were asked for. Try again in an hour.');
}

async function takeCode(caller: Caller) {
  const { db, config, secret, req, res } = caller;
  const { sign_in } = readCredentials(req, config);
  const code = typeof req.body?.code === 'string' ? req.body.code : '';
  const done = sign_in ? await signInByCode(db.knex, secret, sign_in, code, req.get('User-Agent') ?? '') : null;
  if (done) return welcome(caller, done);
  res.status(422);
  askCode(caller, 'This code does not work. Check the digits, or ask for another code.');
}

async function openLink({ db, req, res }: Caller) {
  const token = String(req.params['token']);
  const owner = await signInLinkOwner(db.knex, token);
  const layout = bareLayout(req, 'Sign in');
  if (owner) {
    const { address, return_to } = owner;
    const input = { name: address, email: address, action: `/sign-in/link/${token}`, return_to };
    return res.send(renderPage(enterView, layout, input));
  }
  const nothing = { action: null, sent: false, masked: null, hidden: {}, sign_in_url: '/sign-in' };
  res.status(410).send(renderPage(expiredLinkView, layout, { reason: 'expired', ...nothing }));
}

async function useLink(caller: Caller) {
  const { db, req, res } = caller;
  const token = String(req.params['token']);
  const done = await signInByLink(db.knex, token, req.get('User-Agent') ?? '');
  if (done) return welcome(caller, done);
  res.redirect(303, `/sign-in/link/${encodeURIComponent(token)}`);
}

/** A new session; one that the browser had before ends, whoever's it was. */
async function welcome({ db, config, req, res }: Caller, { token, return_to }: SignedIn) {
  const { session } = readCredentials(req, config);
  if (session) await closeSession(db.knex, session);
  setSessionCookie(res, config, token);
  res.redirect(303, ownPath(return_to));
}

async function signOut({ db, config, req, res }: Caller) {
  const { session } = readCredentials(req, config);
  if (session) await closeSession(db.knex, session);
  clearCookies(res, config);
  res.redirect(303, '/sign-in');
}

function askAddress({ config, req, res }: Caller, email: string, error: string | null) {
  const layout = bareLayout(req, 'Sign in');
  const t = translatorFor(layout.locale);
  const hint = config.demo
    ? { hint: t('In the sample, use olivia@harbor.example or maya@maple.example; their mail is at /mailbox.') }
    : {};
  const return_to = ownPath(req.body?.return_to ?? req.query['return_to']);
  res.send(renderPage(signInView, layout, { ...hint, action: '/sign-in', email, error: error && t(error), return_to }));
}

function askCode({ req, res }: Caller, error: string | null) {
  const layout = bareLayout(req, 'Type the code');
  const t = translatorFor(layout.locale);
  const return_to = ownPath(req.body?.return_to ?? req.query['return_to']);
  const person = req.who.assurance === 'link' ? req.who.memberships[0] : undefined;
  const sent_to = person ? masked(person.email) : null;
  const input = { sent_to, return_to, action: '/sign-in/code', error: error && t(error) };
  res.send(renderPage(codeView, layout, input));
}
