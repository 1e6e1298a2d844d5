import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read } from '../../db/scope.js';
import { PAGE_LENGTH, mailRoomMessages, type View, VIEWS } from '../../inbound/mail_room/messages.js';
import type { Storage } from '../../files/storage.js';
import { staff } from '../shared/guard.js';
import { mailMessage } from './mail_message.js';
import { mailRowView } from './mail_room_view.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

/** Mail that could not be placed by itself, with the reason; and the trace of all that came. */
export function mailRoom(db: Database, storage: Storage): Router {
  const router = Router();
  router.get('/:organization/mail-room', withContext(db)(staff, show));
  return router.use(mailMessage(db, storage));
}

const LABELS: Record<View, string> = { waiting: 'Waiting', posted: 'Posted', aside: 'Not posted', all: 'All mail' };
const viewNames = Object.keys(VIEWS).filter((name): name is View => name in VIEWS);

async function show(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const asked = (name: string) => (typeof req.query[name] === 'string' ? req.query[name] : '');
  const view = viewNames.find((name) => name === asked('show')) ?? 'waiting';
  const words = asked('q').slice(0, 200);
  const [rows] = await read(
    db.pool,
    actor,
    mailRoomMessages(actor, view, words, isId(asked('before')) ? asked('before') : null),
  );
  const url = `/${membership.slug}/mail-room`;
  const to = (query: Record<string, string>) => {
    const said = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
    return said ? `${url}?${said}` : url;
  };
  const narrowed = { show: view === 'waiting' ? '' : view, q: words };
  const messages = rows.slice(0, PAGE_LENGTH).map((mail) => mailRowView(mail, url, t));
  const tabs = viewNames.map((name) => ({
    href: to({ show: name === 'waiting' ? '' : name, q: words }),
    label: t(LABELS[name]),
    current: view === name,
  }));
  const filters = {
    action: url,
    search: { name: 'q', value: words, label: t('Sender, subject or words') },
    choices: [],
    hidden: narrowed.show ? { show: narrowed.show } : {},
    clear: words ? to({ show: narrowed.show }) : null,
  };
  const next = rows.length > PAGE_LENGTH ? to({ ...narrowed, before: messages.at(-1)?.id ?? '' }) : null;
  res.send(
    contextPage(ctx, 'mail_room/mail_room', t('Mail room'), {
      tabs,
      filters,
      searched: words !== '',
      messages,
      next,
    }),
  );
}
