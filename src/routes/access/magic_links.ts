import { type Request, type Response, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { systemActor, withActor } from '../../db/scope.js';
import { isDay } from '../../input/valid_input.js';
import { findLink, type LinkTarget, linkTarget, sendFreshLink } from '../../mail/links/open_link.js';
import { commentPath } from '../../subjects/subject_url.js';
import { renderPage } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { signOut } from '../../people/sign_in/sign_out.js';
import { browserOf } from './passport.js';
import { clearCookies, setLinksCookie, readCredentials } from '../shared/cookies.js';
import { identityOf } from '../shared/guard.js';
import { bareLayout } from '../shared/layout.js';
import { masked } from '../shared/return_to.js';
import { type ExpiredLinkInput, expiredLinkView, switchView } from './views.js';

/** Routes for magic links. GET changes nothing in the database, since mail scanners open links too. */
export function magicLinks(db: Database, config: Config): Router {
  const router = Router();
  router.get('/in/:token', (req, res) => open(db, config, req, res));
  router.post('/switch', (req, res) => change(db, config, req, res));
  router.post('/fresh-link', (req, res) => refresh(db, req, res));
  return router;
}

async function open(db: Database, config: Config, req: Request, res: Response) {
  const token = String(req.params['token']);
  const link = await findLink(db.pool, token);
  const place = link && (await linkTarget(db.knex, link));
  if (!link || !place || link.revoked || place.removed) return expired(req, res, null);
  if (!link.live) return expired(req, res, { token, email: place.email });
  const { user_id, email, assurance, memberships } = identityOf(req);
  if (user_id && user_id !== link.user_id) return choose(req, res, token, place, email ?? memberships[0]?.name ?? '');
  if (assurance === 'link')
    setLinksCookie(res, config, [token, ...readCredentials(req, config).links.filter((other) => other !== token)]);
  const within = fileUrl(req, place) ?? receiptUrl(req, place) ?? commentUrl(req, place) ?? formUrl(req, place);
  res.redirect(303, within ?? place.url);
}

/** An email's link to one of its files leads on to that: it is seen by whom the link signs in, or not at all. */
function fileUrl({ query }: Request, { url }: LinkTarget): string | null {
  const file = query['file'];
  return typeof file === 'string' && isId(file) ? `/${url.split('/')[1]}/files/${file}/file` : null;
}

/** A receipt's email leads on to the payment's page, in the same way. */
function receiptUrl({ query }: Request, { url }: LinkTarget): string | null {
  const { payment } = query;
  return typeof payment === 'string' && isId(payment) ? `/${url.split('/')[1]}/payments/${payment}` : null;
}

/** The forms of a page that an email’s link may open. */
const OPENED = new Set([
  ...['promise', 'dispute'],
  ...['start', 'finish', 'confirm_date', 'propose_date', 'accept_date', 'keep_date'],
  ...['accept', 'tentative', 'decline', 'propose'],
]);

/** The time of a project, in the week of an email; of what is no project, its own page. */
function timeUrl(query: Request['query'], url: string): string {
  const { week } = query;
  if (!isProject(url)) return url;
  return typeof week === 'string' && isDay(week) ? `${url}/time?week=${week}` : `${url}/time`;
}

const isProject = (url: string) => /^\/[^/]+\/projects\//.test(url);

/** The email of a comment leads on to that in its thread. */
function commentUrl({ query: { comment } }: Request, { url, conversation }: LinkTarget): string | null {
  return conversation && typeof comment === 'string' && isId(comment) ? url + commentPath(conversation, comment) : null;
}

/** A link of a reminder leads on to a form, or to the page where everything that is open is paid. */
function formUrl({ query }: Request, { url }: LinkTarget): string | null {
  const { to } = query;
  if (to === 'time') return timeUrl(query, url);
  if (to === 'log' || to === 'details') return isProject(url) ? `${url}/${to}` : url;
  if (to === 'pay') return `/${url.split('/')[1]}/pay`;
  if (typeof to !== 'string' || !OPENED.has(to)) return null;
  const { on } = query;
  return `${url}?open=${to}${typeof on === 'string' && isDay(on) ? `&on=${on}` : ''}#${to}`;
}

/** Switches the browser from the identity it has to the link's recipient. */
async function change(db: Database, config: Config, req: Request, res: Response) {
  const { token = '' } = submittedText(req.body);
  if (!/^[\w-]{1,100}$/.test(token)) return res.redirect(303, '/sign-in');
  const link = await findLink(db.pool, token);
  const place = link?.live ? await linkTarget(db.knex, link) : null;
  if (!place) return res.redirect(303, `/in/${token}`);
  const { session } = readCredentials(req, config);
  if (session) await signOut(db.knex, session, browserOf(req));
  clearCookies(res, config);
  setLinksCookie(res, config, [token]);
  res.redirect(303, place.url);
}

async function refresh(db: Database, req: Request, res: Response) {
  const link = await findLink(db.pool, submittedText(req.body)['token'] ?? '');
  if (link && !link.revoked)
    await withActor(db.knex, systemActor(link.organization_id), (db) => sendFreshLink(db, link));
  res.send(page(req, { reason: 'expired', action: null, sent: true, masked: null, hidden: {} }));
}

function expired(req: Request, res: Response, expiredLink: { token: string; email: string } | null) {
  const offer = expiredLink
    ? {
        reason: 'expired' as const,
        action: '/fresh-link',
        masked: masked(expiredLink.email),
        hidden: { token: expiredLink.token },
      }
    : { reason: 'unknown' as const, action: null, masked: null, hidden: {} };
  res.status(410).send(page(req, { ...offer, sent: false }));
}

const page = (req: Request, input: Omit<ExpiredLinkInput, 'sign_in_url'>) =>
  renderPage(expiredLinkView, bareLayout(req, 'Your link'), { ...input, sign_in_url: '/sign-in' });

function choose(req: Request, res: Response, token: string, place: LinkTarget, signed_in_name: string) {
  const it = {
    action: '/switch',
    stay_url: '/',
    link_name: place.name,
    signed_in_name,
    about: place.about,
    hidden: { token },
  };
  res.send(renderPage(switchView, bareLayout(req, 'Who are you?'), it));
}
