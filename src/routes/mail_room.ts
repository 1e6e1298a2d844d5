import { Router } from 'express';
import type { Database } from '../db/database.js';
import { read, scoped } from '../db/scope.js';
import { isId } from '../db/ids.js';
import { Invalid, NotFound } from '../errors.js';
import { renderPage } from '../pages/render.js';
import { dismissMail, placeMail } from '../inbound/mail_room.js';
import { frame, tongueOf } from './frame.js';
import { staff } from './guard.js';

interface Held {
  id: string;
  from_name: string;
  from_address: string;
  subject: string;
  preview: string;
  reason: string;
  state: string;
  created_at: Date;
  number: string | null;
}

const LOOKS: Record<string, [string, string]> = { held: ['Waits for you', 'waiting'], posted: ['Placed', 'good'], ignored: ['Set aside', 'quiet'], refused: ['Refused', 'stopped'] };

/** Mail that could not be placed by itself, with the reason; and the trace of all that came. */
export function mailRoom(db: Database): Router {
  const router = Router();

  router.get('/:organization/mail-room', staff((req, res, actor, membership) => show(req, res, actor, membership, null)));

  router.get(
    '/:organization/mail-room/:id/original',
    staff(async (req, res, actor) => {
      const id = String(req.params['id']);
      if (!isId(id)) throw new NotFound();
      const row = await scoped(db.knex, actor, (db) => db('inbound_deliveries as d').join('inbound_messages as m', 'm.id', 'd.message_id').where('d.id', id).first('raw'));
      if (!row) throw new NotFound();
      res.set({ 'Content-Type': 'message/rfc822', 'Content-Disposition': 'attachment; filename="original.eml"', 'X-Content-Type-Options': 'nosniff' }).send(row.raw);
    }),
  );

  router.post(
    '/:organization/mail-room/:id/place',
    staff(async (req, res, actor, membership) => {
      try {
        const document = await placeMail(db.knex, actor, String(req.params['id']), String(req.body?.number ?? ''));
        res.redirect(303, `/${membership.slug}/documents/${document}?done=placed`);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        await show(req, res.status(422), actor, membership, { id: String(req.params['id']), number: String(req.body?.number ?? ''), error: error.message });
      }
    }),
  );

  router.post(
    '/:organization/mail-room/:id/set-aside',
    staff(async (req, res, actor, membership) => {
      await dismissMail(db.knex, actor, String(req.params['id']));
      res.redirect(303, `/${membership.slug}/mail-room?done=done`);
    }),
  );

  return router;

  async function show(...[req, res, actor, membership, back]: [...Parameters<Parameters<typeof staff>[0]>, { id: string; number: string; error: string } | null]) {
    const all = req.query['show'] === 'all';
    const before = isId(String(req.query['before'])) ? String(req.query['before']) : null;
    const [rows = []] = await read(db.pool, actor, {
      name: 'mail_room',
      text: `select i.id, from_name, from_address, subject, preview, reason, i.state, i.created_at, d.number from inbound_deliveries i
        left join documents d on d.organization_id = i.organization_id and d.id = i.document_id
        where i.organization_id = $1 and ($2 or i.state = 'held') and ($3::uuid is null or i.id < $3) order by i.id desc limit 31`,
      values: [actor.organization_id, all, before],
    });
    const { t } = tongueOf(actor);
    const url = `/${membership.slug}/mail-room`;
    const messages = (rows as unknown as Held[]).slice(0, 30).map((held) => view(held, url, t, back?.id === held.id ? back : null));
    const tabs = [
      { href: url, label: t('Waiting'), current: !all },
      { href: `${url}?show=all`, label: t('All mail'), current: all },
    ];
    const next = rows.length > 30 ? `${url}?${all ? 'show=all&' : ''}before=${messages.at(-1)?.id}` : null;
    res.send(renderPage('desk/mail_room', { ...frame(req, actor, membership, t('Mail room')), tabs, messages, next }));
  }
}

function view(held: Held, url: string, t: (sentence: string) => string, back: { number: string; error: string } | null) {
  const [label = held.state, tone = 'quiet'] = LOOKS[held.state] ?? [];
  const field = { name: 'number', kind: 'text', label: t('Document number'), value: back?.number ?? held.number ?? '', error: back && t(back.error), required: true };
  const shared = { style: 'plain', href: null, needs_code: false };
  const place = { ...shared, name: 'place', label: t('Put it on a document'), explains: t('It becomes an internal note of yours there, with its sender named. The other side sees nothing of it.') };
  return {
    ...{ id: held.id, from_name: held.from_name, from_address: held.from_address, subject: held.subject, at: new Date(held.created_at), reason: t(held.reason) },
    ...{ text: held.preview, state_label: t(label), tone, original_url: `${url}/${held.id}/original`, files: [] },
    actions:
      held.state === 'held'
        ? [
            { ...place, url: `${url}/${held.id}/place`, fields: [field], open: back !== null },
            { ...shared, name: 'set-aside', label: t('Set aside'), explains: null, url: `${url}/${held.id}/set-aside`, fields: [], open: false },
          ]
        : [],
  };
}
