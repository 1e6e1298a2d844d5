import { type Request, type Response, Router } from 'express';
import type { Knex } from 'knex';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { clock, pipeline, scoped } from '../db/scope.js';
import { hashOf } from '../db/secrets.js';
import { freshLink } from '../mail/fresh_link.js';
import { renderPage } from '../pages/render.js';
import { closeSession } from '../people/sessions.js';
import { forget, keepLinks, shownBy } from './cookies.js';
import { bare } from './frame.js';
import { masked } from './return_to.js';

/** A link as its holder may know it: whose it is, what it opens, and whether it still does. */
interface Link {
  organization_id: string;
  id: string;
  user_id: string;
  person_id: string;
  document_id: string;
  live: boolean;
  revoked: boolean;
}

/** Magic links: GET opens and changes nothing, whoever or whatever opens it, however often. */
export function links(db: Database, config: Config): Router {
  const router = Router();

  router.get('/in/:token', async (req, res) => {
    const { token } = req.params;
    const link = await find(db, token);
    const place = link && (await scoped(db.knex, clock(link.organization_id), (db) => placeOf(db, link)));
    if (!link?.live || !place || place.removed_at) return expired(req, res, link && place && !link.revoked && !place.removed_at ? { token, email: place.email } : null);
    const { user_id, email } = req.who;
    if (user_id && user_id !== link.user_id) return choose(req, res, token, place, email);
    if (req.who.assurance === 'link') keepLinks(res, config, [token, ...shownBy(req, config).links.filter((known) => known !== token)]);
    res.redirect(303, place.url);
  });

  // The one who is signed in as somebody else says which of the two they are now.
  router.post('/switch', async (req, res) => {
    const token = String(req.body?.token ?? '');
    const link = await find(db, token);
    if (!link?.live) return res.redirect(303, `/in/${encodeURIComponent(token)}`);
    const { session } = shownBy(req, config);
    if (session) await closeSession(db.knex, session);
    forget(res, config);
    keepLinks(res, config, [token]);
    const place = await scoped(db.knex, clock(link.organization_id), (db) => placeOf(db, link));
    res.redirect(303, place?.url ?? '/');
  });

  router.post('/fresh-link', async (req, res) => {
    const link = await find(db, String(req.body?.token ?? ''));
    if (link && !link.revoked) await scoped(db.knex, clock(link.organization_id), (db) => freshLink(db, link));
    res.send(renderPage('people/expired_link', { ...bare(req, 'Link'), reason: 'expired', action: null, sent: true, masked: null, hidden: {}, sign_in_url: '/sign-in' }));
  });

  return router;
}

async function find(db: Database, token: string): Promise<Link | null> {
  const hash = hashOf(token);
  const [, rows = []] = await pipeline(db.pool, [
    { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${hash}}`] },
    {
      name: 'link',
      text: `select organization_id, id, user_id, person_id, document_id, expires_at > now() and revoked_at is null as live, revoked_at is not null as revoked from links where token_hash = $1`,
      values: [hash],
    },
  ]);
  return (rows[0] as Link | undefined) ?? null;
}

interface Place {
  url: string;
  name: string;
  email: string;
  removed_at: Date | null;
  about: string;
}

async function placeOf(db: Knex.Transaction, { organization_id, person_id, document_id }: Link): Promise<Place | null> {
  const row = await db('documents as d')
    .join('organizations as o', 'o.id', 'd.organization_id')
    .join('people as p', (on) => on.on('p.organization_id', 'd.organization_id').on('p.id', db.raw('?', [person_id])))
    .where({ 'd.organization_id': organization_id, 'd.id': document_id })
    .first('o.slug', 'd.number', 'd.id', 'd.type', 'p.name', 'p.email', 'p.removed_at');
  return row ? { ...row, url: `/${row.slug}/documents/${row.number ?? row.id}`, about: row.number ?? row.id } : null;
}

function expired(req: Request, res: Response, known: { token: string; email: string } | null) {
  const offer = known ? { action: '/fresh-link', masked: masked(known.email), hidden: { token: known.token } } : { action: null, masked: null, hidden: {} };
  const reason = known ? 'expired' : 'unknown';
  res.status(410).send(renderPage('people/expired_link', { ...bare(req, 'Link'), ...offer, reason, sent: false, sign_in_url: '/sign-in' }));
}

function choose(req: Request, res: Response, token: string, place: Place, signed_in_name: string | null) {
  const it = { action: '/switch', stay_url: '/', link_name: place.name, signed_in_name: signed_in_name ?? '', about: place.about, hidden: { token } };
  res.send(renderPage('people/switch', { ...bare(req, 'Who are you?'), ...it }));
}
