import { Router } from 'express';
import type { Listener } from '../../activity/listen.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { type Actor, read, withActor } from '../../db/scope.js';
import { findDocument } from '../../documents/content/document.js';
import { members } from '../shared/guard.js';

export type { Listener } from '../../activity/listen.js';

const BEAT_MS = 25_000;

/**
 * A stream that says `changed` when something happens to one document that its reader may know (server-sent events,
 * HTML §9.2).
 * `after` is the newest activity that the page shows: what happened between its rendering and this request is said at
 * once.
 */
export function live(db: Database, listener: Listener): Router {
  const router = Router();
  router.get(
    '/:organization/documents/:key/live',
    members(async (req, res, actor) => {
      const { organization_id, id } = await withActor(db.knex, actor, (db) =>
        findDocument(db, actor, String(req.params['key'])),
      );
      // Whoever has left meanwhile closes no more: the stream would be kept for nobody.
      if (res.destroyed) return;
      res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      });
      if (req.method === 'HEAD') return res.end();
      res.write('retry: 2000\n\n');
      const unfollow = listener.follow(organization_id, id, ({ visible_to }) => {
        if (visible_to === 'both' || visible_to === actor.side) res.write('event: changed\ndata: \n\n');
      });
      const beat = setInterval(() => res.write(':\n\n'), BEAT_MS);
      const unclose = listener.onClose(() => res.end());
      res.on('close', () => {
        clearInterval(beat);
        unfollow();
        unclose();
      });
      const after = req.query['after'];
      if (typeof after === 'string' && isId(after) && (await isNews(db, actor, id, after)))
        res.write('event: changed\ndata: \n\n');
    }),
  );
  return router;
}

async function isNews(db: Database, actor: Actor, document_id: string, after: string): Promise<boolean> {
  const text = 'select id from activities where organization_id = $1 and document_id = $2 and id > $3 limit 1';
  const [rows] = await read(db.pool, actor, {
    name: 'activity_after',
    text,
    values: [actor.organization_id, document_id, after],
  });
  return rows.length > 0;
}
