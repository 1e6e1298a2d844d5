import express, { type Request, type Response, Router } from 'express';
import { rhythmOf, rhythmsFor, USUAL } from '../../activity/email_rhythm.js';
import { isNamed, type Kind, kindOf } from '../../activity/notification_kinds.js';
import { subjectLabel } from '../../activity/sentence.js';
import { type Actor, systemActor } from '../../db/scope.js';
import type { Database } from '../../db/database.js';
import { findUnsubscribe, setMuted, type UnsubscribeTarget } from '../../mail/suppression/mute.js';
import { renderPage } from '../../pages/views/render.js';
import { translatorFor } from '../../pages/i18n.js';
import { chooseRhythm, stopSummaries } from '../../people/email_preferences.js';
import { kindText, RHYTHM_LABELS } from '../notifications/email_settings_view.js';
import { bareLayout } from '../shared/layout.js';
import { masked } from '../shared/return_to.js';
import { unsubscribeView } from './views.js';

const PATH = '/unsubscribe/:token';

/**
 * Routes for muting optional email about one subject, for choosing how often its kind comes, and for ending summaries.
 * The link itself is the permission: mail programs post to it without a cookie (one-click unsubscribe, RFC 8058), so
 * mount this before `ownFormsOnly`. GET changes nothing.
 */
export function unsubscribe({ knex }: Database, secrets: readonly string[]): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '10kb' });
  const find = (req: Request) => findUnsubscribe(knex, secrets, String(req.params['token']));
  const handle =
    (work: (target: UnsubscribeTarget, req: Request) => Promise<unknown>) => async (req: Request, res: Response) => {
      const target = await find(req);
      if (!target) return res.status(404).send(gone(req));
      await work(target, req);
      return res.send(page(req, (await find(req)) ?? target));
    };
  router.get(
    PATH,
    handle(async () => {}),
  );
  router.post(
    PATH,
    form,
    handle((target) => stop(knex, target)),
  );
  router.post(
    `${PATH}/undo`,
    form,
    handle((target) => mute(knex, target, false)),
  );
  router.post(
    `${PATH}/rhythm`,
    form,
    handle((target, req) => choose(knex, target, req)),
  );
  return router;
}

type Knex = Database['knex'];

const stop = (db: Knex, target: UnsubscribeTarget) =>
  target.about ? mute(db, target, true) : stopSummaries(db, actorOf(target), target.preferences ?? USUAL);

async function mute(db: Knex, { about, ...target }: UnsubscribeTarget, muted: boolean): Promise<void> {
  if (about) await setMuted(db, { ...target, subject_id: about.subject_id }, muted);
}

/** Something else than what is offered changes nothing. */
async function choose(db: Knex, target: UnsubscribeTarget, { body }: Request): Promise<void> {
  const kind = kindIn(target);
  const { rhythm: typed } = (body ?? {}) as Record<string, unknown>;
  const chosen = kind && rhythmsFor(kind).find((rhythm) => rhythm === typed);
  if (kind && chosen) await chooseRhythm(db, actorOf(target), kind, chosen);
}

const sideOf = ({ partner_id }: UnsubscribeTarget) => (partner_id ? ('partner' as const) : ('staff' as const));

const actorOf = (target: UnsubscribeTarget): Actor => ({
  ...systemActor(target.organization_id, target.person_id),
  side: sideOf(target),
  partner_id: target.partner_id,
});

/** The kind of what the email was about; null of a summary. */
function kindIn(target: UnsubscribeTarget): Kind | null {
  if (!target.about) return null;
  const { type, action, side, details } = target.about;
  const named = isNamed(type, action, details, target.person_id);
  return kindOf({ type, action, side, reader: sideOf(target), named });
}

const layoutFor = (req: Request, title: string, locale: string, time_zone: string) => {
  const layout = bareLayout(req, title);
  return { ...layout, locale, time_zone, page: { ...layout.page, title: translatorFor(locale)(title) } };
};

function page(req: Request, target: UnsubscribeTarget): string {
  const { about, email, locale, time_zone } = target;
  const url = `/unsubscribe/${String(req.params['token'])}`;
  const t = translatorFor(locale);
  const muted = about?.muted ?? isWithoutSummaries(target);
  const it = {
    about: about && subjectLabel(t, about.type, about.number),
    masked: masked(email),
    muted,
    action: about && muted ? `${url}/undo` : url,
    rhythm: rhythmForm(target, url, req),
  };
  return renderPage(unsubscribeView, layoutFor(req, 'Fewer emails', locale, time_zone), it);
}

/** Whether all that could stay in the portal does. */
const isWithoutSummaries = ({ preferences }: UnsubscribeTarget) =>
  Object.entries(preferences?.rhythms ?? {}).every(([kind, rhythm]) => kind === 'response' || !/ly$/.test(rhythm));

function rhythmForm(target: UnsubscribeTarget, url: string, req: Request) {
  const kind = kindIn(target);
  if (!kind) return null;
  const t = translatorFor(target.locale);
  const [label] = kindText(kind, sideOf(target));
  const value = rhythmOf(target.preferences ?? USUAL, kind);
  const choices = rhythmsFor(kind).map((rhythm) => ({ value: rhythm, label: t(RHYTHM_LABELS[rhythm]) }));
  const field = { name: 'rhythm', kind: 'radio' as const, label: t(label), value, choices };
  return { action: `${url}/rhythm`, field, saved: req.path.endsWith('/rhythm') };
}

function gone(req: Request): string {
  return renderPage(unsubscribeView, bareLayout(req, 'Fewer emails'), { action: null });
}
