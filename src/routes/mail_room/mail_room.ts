import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import type { Storage } from '../../files/storage.js';
import { mailRoomMessages, VIEWS, type View } from '../../inbound/mail_room/messages.js';
import { staff } from '../shared/guard.js';
import { idParam, textParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { mailMessage } from './mail_message.js';
import { mailRoomPage, mailRoomView } from './mail_room_view.js';

/** Incoming mail that staff must place, with the reason; and the record of all that arrived. */
export function mailRoom(db: Database, storage: Storage): Router {
  const router = Router();
  router.get('/:organization/mail-room', withContext(db)(staff, show));
  return router.use(mailMessage(db, storage));
}

const Params = z.object({
  show: z
    .string()
    .refine((name): name is View => Object.hasOwn(VIEWS, name))
    .catch('waiting'),
  q: textParam,
  before: idParam,
});

async function show(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const { show: view, q, before } = Params.parse(req.query);
  const [messages] = await read(db.pool, actor, mailRoomMessages(actor, view, q, before));
  const url = `/${membership.slug}/mail-room`;
  res.send(contextPage(ctx, mailRoomPage, t('Mail room'), mailRoomView(messages, { view, q, url }, t)));
}
