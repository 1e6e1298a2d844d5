import { type Request, type Response, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { Invalid } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { renderPage } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { takeInvitation } from '../../people/invitations/take_invitation.js';
import { renewInvitation } from '../../people/invitations/renewal.js';
import { signOut } from '../../people/sign_in/sign_out.js';
import { browserOf } from '../access/passport.js';
import { startSession } from '../sign_in/start_session.js';
import { expiredLinkView } from '../access/views.js';
import { clearCookies, readCredentials, setActingCookie } from '../shared/cookies.js';
import { translated } from '../shared/form.js';
import { identityOf } from '../shared/guard.js';
import { termsPages } from '../terms/terms_pages.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { type FoundInvitation, findInvitation } from './invited.js';
import { activePage, expiredPage, namesPage, othersPage } from './invitation_pages.js';
import { readNames } from './names_form.js';
import { activationSteps } from './steps.js';

/** What the pages of an invitation need. `secret`: the installation's. */
export interface ActivationServices {
  db: Database;
  config: Config;
  storage: Storage;
  secret: string;
  /** The installation's, honoured ones. */
  secrets: readonly string[];
}

/** A request for the invitation of its address. */
interface InvitationContext extends ActivationServices, FoundInvitation {
  req: Request;
  res: Response;
  /** The invitation's address. */
  path: string;
}

/**
 * Where an invitation's link leads: to the first step, or back to where somebody has come. GET changes nothing, since
 * mail scanners open links, too; what a scanner could press doesn't tick the box of the terms.
 */
export function activation(services: ActivationServices): Router {
  const router = Router();
  const by = (handle: (ctx: InvitationContext) => unknown) => async (req: Request, res: Response) => {
    const token = String(req.params['token']);
    const found = await findInvitation(services.db.pool, token);
    if (!found || found.invitation.revoked) return res.status(410).send(unknownPage(req));
    return handle({ ...services, ...found, req, res, path: `/invitation/${encodeURIComponent(token)}` });
  };
  router.get('/invitation/:token', by(open));
  router.post('/invitation/:token', by(take));
  router.post('/invitation/:token/renew', by(renew));
  router.post('/invitation/:token/sign-out', by(leave));
  return router.use(activationSteps(services), termsPages(services.db));
}

function open(ctx: InvitationContext) {
  const { invitation, req, res, path } = ctx;
  const { user_id, assurance } = identityOf(req);
  const signed_in = user_id !== null && assurance === 'verified';
  if (signed_in && user_id !== invitation.user_id) return res.send(othersPage(path, invitation, req));
  if (invitation.accepted_at) return signed_in ? goOn(ctx, invitation.step) : res.send(activePage(path, invitation));
  if (!invitation.live) return res.status(410).send(expiredPage(path, invitation, null));
  return res.send(namesPage(path, ctx));
}

const STEPS: Record<number, string> = { 2: '/activation/profile', 3: '/activation/overview' };

const addressOf = ({ invitation: { slug } }: InvitationContext, step: number) => `/${slug}${STEPS[step] ?? ''}`;

/** To the step that comes next, as the person who was invited. */
function goOn(ctx: InvitationContext, step: number) {
  actAsInvited(ctx);
  ctx.res.redirect(303, addressOf(ctx, step));
}

function actAsInvited({ config, req, res, invitation: { person_id } }: InvitationContext) {
  const { acting } = readCredentials(req, config);
  setActingCookie(res, config, [person_id, ...acting.filter((other) => other !== person_id)]);
}

async function take(ctx: InvitationContext) {
  const { db, config, invitation, req, res, path } = ctx;
  if (!isOpen(ctx)) return res.redirect(303, path);
  const step = invitation.partner === null ? 4 : 2;
  try {
    const browser = { ...browserOf(req), device: readCredentials(req, config).device };
    const typed = await readNames(ctx, req.body);
    const given = { ...typed, browser, signed_in: isTheirs(ctx), return_to: addressOf(ctx, step) };
    const session = await takeInvitation(db.knex, invitation, given);
    if (session) {
      actAsInvited(ctx);
      return await startSession(ctx, session);
    }
    // Taken meanwhile, or by somebody who signs in for it.
    if (session === false || !isTheirs(ctx)) return res.redirect(303, path);
    return goOn(ctx, step);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    const errors = translated(error.fields, i18nOf(invitation).t, error.values);
    return res.status(422).send(namesPage(path, ctx, submittedText(req.body), errors));
  }
}

const isTheirs = ({ invitation, req }: InvitationContext): boolean => {
  const { user_id, assurance } = identityOf(req);
  return assurance === 'verified' && user_id === invitation.user_id;
};

/** Whether this browser may take it now: it is open, and nobody else is signed in. */
function isOpen(ctx: InvitationContext): boolean {
  const { user_id, assurance } = identityOf(ctx.req);
  const nobody = user_id === null || assurance === 'link';
  return ctx.invitation.live && !ctx.invitation.accepted_at && (nobody || isTheirs(ctx));
}

async function renew({ db, secret, invitation, res, path }: InvitationContext) {
  if (invitation.live || invitation.accepted_at) return res.redirect(303, path);
  const renewal = await renewInvitation(db.knex, secret, invitation);
  return res.send(expiredPage(path, invitation, renewal));
}

/** Signs the browser's person out, and shows the invitation to whom it was sent. */
async function leave({ db, config, req, res, path }: InvitationContext) {
  const { session } = readCredentials(req, config);
  if (session) await signOut(db.knex, session, browserOf(req));
  clearCookies(res, config);
  res.redirect(303, path);
}

/** The general page: the link is none of ours, or was withdrawn. */
function unknownPage(req: Request): string {
  const input = { action: null, sent: false, masked: null, hidden: {}, sign_in_url: '/sign-in' };
  return renderPage(expiredLinkView, bareLayout(req, 'Your link'), { reason: 'unknown', ...input });
}
