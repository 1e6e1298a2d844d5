import express, { type Request, type Response, Router } from 'express';
import { subjectLabel } from '../../activity/sentence.js';
import type { Database } from '../../db/database.js';
import { findUnsubscribe, setMuted, type UnsubscribeTarget } from '../../mail/suppression/mute.js';
import { renderPage } from '../../pages/views/render.js';
import { translatorFor } from '../../pages/i18n.js';
import { bareLayout } from '../shared/layout.js';
import { masked } from '../shared/return_to.js';
import { unsubscribeView } from './views.js';

const PATH = '/unsubscribe/:token';

/**
 * Routes for muting optional email about one subject. The link itself is the permission: mail programs post to it
 * without a cookie (one-click unsubscribe, RFC 8058), so mount this before `ownFormsOnly`. GET changes nothing.
 */
export function unsubscribe(db: Database, secrets: readonly string[]): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '10kb' });
  router.get(PATH, (req, res) => show(db, secrets, req, res));
  router.post(PATH, form, (req, res) => change(db, secrets, req, res, true));
  router.post(`${PATH}/undo`, form, (req, res) => change(db, secrets, req, res, false));
  return router;
}

async function show(db: Database, secrets: readonly string[], req: Request, res: Response) {
  const target = await findUnsubscribe(db.knex, secrets, String(req.params['token']));
  if (target) res.send(page(req, target));
  else res.status(404).send(gone(req));
}

async function change(db: Database, secrets: readonly string[], req: Request, res: Response, muted: boolean) {
  const target = await findUnsubscribe(db.knex, secrets, String(req.params['token']));
  if (!target) return res.status(404).send(gone(req));
  await setMuted(db.knex, target, muted);
  return res.send(page(req, { ...target, muted }));
}

const layoutFor = (req: Request, title: string, locale: string, time_zone: string) => {
  const layout = bareLayout(req, title);
  return { ...layout, locale, time_zone, page: { ...layout.page, title: translatorFor(locale)(title) } };
};

function page(req: Request, { kind, number, email, locale, time_zone, muted }: UnsubscribeTarget): string {
  const url = `/unsubscribe/${String(req.params['token'])}`;
  const about = subjectLabel(translatorFor(locale), kind, number);
  const it = { about, masked: masked(email), muted, action: muted ? `${url}/undo` : url };
  return renderPage(unsubscribeView, layoutFor(req, 'Fewer emails', locale, time_zone), it);
}

function gone(req: Request): string {
  return renderPage(unsubscribeView, bareLayout(req, 'Fewer emails'), { action: null });
}
