import { type Request, type Response, Router } from 'express';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { isEmail } from '../documents/answers.js';
import { HttpError } from '../errors.js';
import { renderPage } from '../pages/render.js';
import { wordsFor } from '../pages/words.js';
import { beginSignIn, signInByCode, signInByLink, signInLinkOwner, type SignedIn } from '../people/sign_in.js';
import { closeSession } from '../people/sessions.js';
import { forget, keepSession, keepSignIn, shownBy } from './cookies.js';
import { bare } from './frame.js';
import { masked, ownPath } from './return_to.js';

const TOO_OFTEN = 'Too many codes were asked for. Try again in an hour.';

/** Signing in by an emailed code or link; the same code proves the mailbox before a risky step. */
export function signIn(db: Database, config: Config, secret: string): Router {
  const router = Router();

  router.get('/sign-in', (req, res) => askAddress(req, res, config, '', null));

  router.post('/sign-in', async (req, res) => {
    const email: unknown = req.body?.email;
    if (typeof email !== 'string') throw new HttpError(400, 'Give one email address.');
    if (!isEmail(email.trim())) return askAddress(req, res.status(422), config, email, 'This is not an email address.');
    await begin(req, res, email, req.body.return_to);
  });

  // Somebody who came by a link shows that the mailbox it went to is theirs.
  router.get('/verify', (req, res) => {
    const person = req.who.memberships[0];
    if (!person || req.who.assurance === 'verified') return res.redirect(303, person ? ownPath(req.query['return_to']) : '/sign-in');
    res.send(renderPage('people/verify', { ...bare(req, 'One more step'), email: masked(person.email), return_to: ownPath(req.query['return_to']), action: '/verify' }));
  });

  router.post('/verify', async (req, res) => {
    const person = req.who.memberships[0];
    if (!person) return res.redirect(303, '/sign-in');
    await begin(req, res, person.email, req.body?.return_to);
  });

  router.get('/sign-in/code', (req, res) => askCode(req, res, null));

  router.post('/sign-in/code', async (req, res) => {
    const { sign_in } = shownBy(req, config);
    const code = typeof req.body?.code === 'string' ? req.body.code : '';
    const done = sign_in ? await signInByCode(db.knex, secret, sign_in, code, req.get('User-Agent') ?? '') : null;
    if (!done) return askCode(req, res.status(422), 'This code does not work. Check the digits, or ask for another code.');
    await signedIn(req, res, done);
  });

  router.get('/sign-in/link/:token', async (req, res) => {
    const owner = await signInLinkOwner(db.knex, req.params.token);
    const it = bare(req, 'Sign in');
    if (!owner) return res.status(410).send(renderPage('people/expired_link', { ...it, reason: 'expired', action: null, sent: false, masked: null, hidden: {}, sign_in_url: '/sign-in' }));
    res.send(renderPage('people/enter', { ...it, action: `/sign-in/link/${req.params.token}`, name: owner.address, email: owner.address, organization_name: null, return_to: owner.return_to }));
  });

  router.post('/sign-in/link/:token', async (req, res) => {
    const done = await signInByLink(db.knex, req.params.token, req.get('User-Agent') ?? '');
    if (!done) return res.redirect(303, `/sign-in/link/${req.params.token}`);
    await signedIn(req, res, done);
  });

  router.post('/sign-out', async (req, res) => {
    const { session } = shownBy(req, config);
    if (session) await closeSession(db.knex, session);
    forget(res, config);
    res.redirect(303, '/sign-in');
  });

  return router;

  async function begin(req: Request, res: Response, email: string, to: unknown) {
    const return_to = ownPath(to);
    const slug = /^\/([^/?]+)/.exec(return_to)?.[1] ?? null;
    const token = await beginSignIn(db.knex, secret, { email, slug, return_to, remote_ip: req.ip ?? '' });
    if (!token) return askAddress(req, res.status(429), config, email, TOO_OFTEN);
    keepSignIn(res, config, token);
    res.redirect(303, '/sign-in/code');
  }

  async function signedIn(req: Request, res: Response, { token, return_to }: SignedIn) {
    const { session } = shownBy(req, config);
    if (session) await closeSession(db.knex, session);
    keepSession(res, config, token);
    res.redirect(303, ownPath(return_to));
  }
}

function askAddress(req: Request, res: Response, config: Config, email: string, error: string | null) {
  const it = bare(req, 'Sign in');
  const t = wordsFor(it.locale);
  const hint = config.demo ? { hint: t('In the sample, use olivia@harbor.example or maya@maple.example; their mail is at /mailbox.') } : {};
  const return_to = ownPath(req.body?.return_to ?? req.query['return_to']);
  res.send(renderPage('people/sign_in', { ...it, ...hint, action: '/sign-in', email, error: error && t(error), return_to }));
}

function askCode(req: Request, res: Response, error: string | null) {
  const it = bare(req, 'Type the code');
  const t = wordsFor(it.locale);
  const rest = { resend_url: '/sign-in', sent_to: t('your address'), why: null, return_to: '' };
  res.send(renderPage('people/code', { ...it, ...rest, action: '/sign-in/code', error: error && t(error) }));
}
