import express, { type Request, type Response, Router } from 'express';
import { documentLabel } from '../../activity/sentence.js';
import type { Database } from '../../db/database.js';
import { findStop, setMuted, type Stop } from '../../mail/suppression/mute.js';
import { renderPage } from '../../pages/render.js';
import { wordsFor } from '../../pages/i18n.js';
import { bare } from '../shared/layout.js';
import { masked } from '../shared/return_to.js';

const ONE = '/stop/:token';

/**
 * Stops mail that a reader need not have, about one document. The link is the permission: mail programs post to it by
 * themselves, from anywhere and without a cookie (RFC 8058), so this stands before the guard of forms. GET shows what
 * would happen and changes nothing.
 */
export function unsubscribe(db: Database, secret: string): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '10kb' });
  router.get(ONE, (req, res) => show(db, secret, req, res));
  router.post(ONE, form, (req, res) => change(db, secret, req, res, true));
  router.post(`${ONE}/undo`, form, (req, res) => change(db, secret, req, res, false));
  return router;
}

async function show(db: Database, secret: string, req: Request, res: Response) {
  const stop = await findStop(db.knex, secret, String(req.params['token']));
  if (stop) res.send(page(req, stop));
  else res.status(404).send(gone(req));
}

async function change(db: Database, secret: string, req: Request, res: Response, muted: boolean) {
  const stop = await findStop(db.knex, secret, String(req.params['token']));
  if (!stop) return res.status(404).send(gone(req));
  await setMuted(db.knex, stop, muted);
  return res.send(page(req, { ...stop, muted }));
}

const around = (req: Request, title: string, locale: string, time_zone: string) => {
  const frame = bare(req, title);
  return { ...frame, locale, time_zone, page: { ...frame.page, title: wordsFor(locale)(title) } };
};

function page(req: Request, { type, number, email, locale, time_zone, muted }: Stop): string {
  const url = `/stop/${String(req.params['token'])}`;
  const about = documentLabel(wordsFor(locale), type, number);
  const it = { about, masked: masked(email), muted, action: muted ? `${url}/undo` : url };
  return renderPage('access/unsubscribe', { ...around(req, 'Fewer emails', locale, time_zone), ...it });
}

function gone(req: Request): string {
  const frame = bare(req, 'Fewer emails');
  return renderPage('access/unsubscribe', { ...frame, action: null });
}
