import { Router } from 'express';
import type { Listener } from '../../activity/listen.js';
import type { Database } from '../../db/database.js';
import { type Actor, read } from '../../db/scope.js';
import { type EventStream, keepStream, startStream } from '../conversation/event_stream.js';
import { verified } from '../shared/guard.js';
import { unreadOf } from './notification_queries.js';

/** A stream of server-sent events for the bell: `unread`, with the count, now and whenever it may have changed. */
export function notificationStream(db: Database, listener: Listener): Router {
  const router = Router();
  router.get(
    '/:organization/notifications/live',
    verified((req, res, actor) => {
      startStream(res);
      if (req.method === 'HEAD') return res.end();
      const stream = keepStream(res, listener, actor);
      const count = oneAtATime(() => sendCount(db, actor, stream));
      stream.onClose(listener.onNotified(String(actor.organization_id), String(actor.person_id), count));
      return count();
    }),
  );
  return router;
}

async function sendCount(db: Database, actor: Actor, stream: EventStream): Promise<void> {
  const [[row]] = await read(db.pool, actor, unreadOf(actor));
  if (row) stream.send('unread', String(row.unread));
}

/** However often it is called meanwhile, `work` runs once more afterwards. A failure leaves it to the next call. */
function oneAtATime(work: () => Promise<void>): () => void {
  let [running, again] = [false, false];
  const run = async () => {
    if (running) return void (again = true);
    running = true;
    await work().catch(() => {});
    running = false;
    if (again) {
      again = false;
      await run();
    }
  };
  return () => void run();
}
