import { type Request, type Response, Router } from 'express';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { type Actor, read } from '../db/scope.js';
import { act } from '../documents/act.js';
import { Stale } from '../documents/changes.js';
import { keyOf } from '../documents/documents.js';
import { type DocumentPage, documentPage } from '../documents/page.js';
import { Conflict, Invalid, NotFound } from '../errors.js';
import type { Storage } from '../files/storage.js';
import { renderPage } from '../pages/render.js';
import type { Membership } from '../people/who.js';
import { markRead } from '../activity/read.js';
import { documentView, type Returned } from './document_view.js';
import { frame, tongueOf } from './frame.js';
import { members } from './guard.js';
import { uploads } from './uploads.js';

/** A document's page, and every act on it. */
export function documents(db: Database, config: Config, storage: Storage): Router {
  const router = Router();

  router.get('/:organization/documents/:key', members((req, res, actor, membership) => show(db, req, res, actor, membership)));

  // A person, not a link scanner, has looked: script says so after a scroll, a key or a pointer.
  router.post('/:organization/documents/:key/view', members(async (req, res, actor) => {
    const document = await findDocumentOf(db, actor, req);
    await markRead(db.knex, actor, document.id);
    if (actor.side === 'partner') await act(db.knex, actor, document.id, 'view');
    res.sendStatus(204);
  }));

  router.post('/:organization/documents/:key/:action', uploads(config), members(async (req, res, actor, membership) => {
    const action = String(req.params['action']);
    const input = { ...req.body } as Record<string, unknown>;
    try {
      const document = await findDocumentOf(db, actor, req);
      const files = await Promise.all(filesOf(req).map((file) => storage.put(file.buffer, file.originalname, file.mimetype)));
      const done = await act(db.knex, actor, document.id, action, input, { files });
      const back = `/${membership.slug}/documents/${keyOf({ ...document, number: done.number })}`;
      res.redirect(303, done.go ? (done.go.startsWith('/') ? done.go : `/${membership.slug}/documents/${done.go}`) : `${back}?done=${DONE[action] ?? 'done'}`);
    } catch (error) {
      if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
      await show(db, req, res.status(error.status), actor, membership, returnedBy(error, action, input));
    }
  }));

  return router;
}

const DONE: Record<string, string> = { comment: 'said', send: 'sent', revise: 'sent' };

const findDocumentOf = (db: Database, actor: Actor, req: Request) => scopedFind(db, actor, String(req.params['key']));

/** The page's row, as the actor sees it. @throws NotFound */
async function scopedFind(db: Database, actor: Actor, key: string): Promise<DocumentPage> {
  const [rows = []] = await read(db.pool, actor, documentPage(actor, key));
  const page = rows[0] as DocumentPage | undefined;
  if (!page) throw new NotFound();
  return page;
}

const filesOf = (req: Request) => (Array.isArray(req.files) ? req.files : []);

function returnedBy(error: Invalid | Conflict, action: string, input: Record<string, unknown>): Returned {
  const errors = error instanceof Invalid ? error.fields : { form: error.message };
  return { action, input, errors, changes: error instanceof Stale ? error.changes : null };
}

async function show(db: Database, req: Request, res: Response, actor: Actor, membership: Membership, returned: Returned | null = null) {
  const tongue = tongueOf(actor);
  const page = await scopedFind(db, actor, String(req.params['key']));
  const view = documentView(page, actor, membership.slug, tongue, returned);
  const title = [view.document.type_label, page.number].filter(Boolean).join(' ');
  const around = frame(req, actor, membership, title);
  const notice = returned && !returned.changes && !view.actions.some(({ open }) => open) ? (returned.errors['form'] ?? null) : null;
  res.send(renderPage('documents/show', { ...around, page: { ...around.page, toast: notice ?? around.page.toast }, ...view }));
}
