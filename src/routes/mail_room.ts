import { Router } from 'express';
import type { Database } from '../db/database.js';
import { isId } from '../db/ids.js';
import { read } from '../db/scope.js';
import { Invalid, NotFound } from '../errors.js';
import { dismissMail, heldMail, originalMail, placeMail } from '../inbound/mail_room.js';
import { staff } from './guard.js';
import { type Back, heldView } from './mail_room_view.js';
import { pageOf, type Visit, visits, wordsOf } from './visit.js';

const ALL = '/:organization/mail-room';

/** Mail that could not be placed by itself, with the reason; and the trace of all that came. */
export function mailRoom(db: Database): Router {
  const router = Router();
  const visit = visits(db);
  router.get(
    ALL,
    visit(staff, (visit) => show(visit)),
  );
  router.get(`${ALL}/:id/original`, visit(staff, original));
  router.post(`${ALL}/:id/place`, visit(staff, place));
  router.post(`${ALL}/:id/set-aside`, visit(staff, setAside));
  return router;
}

async function show(visit: Visit, back: Back | null = null) {
  const { db, req, res, actor, membership } = visit;
  const t = wordsOf(visit);
  const all = req.query['show'] === 'all';
  const before = typeof req.query['before'] === 'string' && isId(req.query['before']) ? req.query['before'] : null;
  const [rows] = await read(db.pool, actor, heldMail(actor, all, before));
  const url = `/${membership.slug}/mail-room`;
  const messages = rows.slice(0, 30).map((held) => heldView(held, url, t, back));
  const tabs = [
    { href: url, label: t('Waiting'), current: !all },
    { href: `${url}?show=all`, label: t('All mail'), current: all },
  ];
  const next = rows.length > 30 ? `${url}?${all ? 'show=all&' : ''}before=${messages.at(-1)?.id}` : null;
  res.send(pageOf(visit, 'desk/mail_room', t('Mail room'), { tabs, messages, next }));
}

async function original({ db, req, res, actor }: Visit) {
  const raw = await originalMail(db.knex, actor, String(req.params['id']));
  if (!raw) throw new NotFound();
  const disposition = 'attachment; filename="original.eml"';
  res.set({ 'Content-Type': 'message/rfc822', 'Content-Disposition': disposition, 'X-Content-Type-Options': 'nosniff' }).send(raw);
}

async function place(visit: Visit) {
  const { db, req, res, actor, membership } = visit;
  const [id, number] = [String(req.params['id']), String(req.body?.number ?? '')];
  try {
    res.redirect(303, `/${membership.slug}/documents/${await placeMail(db.knex, actor, id, number)}?done=placed`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    res.status(422);
    await show(visit, { id, number, error: error.message });
  }
}

async function setAside({ db, req, res, actor, membership }: Visit) {
  await dismissMail(db.knex, actor, String(req.params['id']));
  res.redirect(303, `/${membership.slug}/mail-room?done=aside`);
}
