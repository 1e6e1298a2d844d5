import { type Request, type Response, Router } from 'express';
import type { Listener } from '../../activity/listen.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { type Actor, read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { SUBJECT_PATHS, subjectAt } from '../../subjects/find_subject.js';
import { endStream, type EventStream, keepStream, startStream } from './event_stream.js';
import { identityOf, members } from '../shared/guard.js';

export type { Listener } from '../../activity/listen.js';

/**
 * A stream of server-sent events (HTML §9.2): `changed` whenever something happens to one subject that its reader
 * may know of, `ended` once they may see it no more. `after` is the newest activity on the page, for what happened between its rendering and this request.
 */
export function live(db: Database, listener: Listener): Router {
  const router = Router();
  for (const page of SUBJECT_PATHS) {
    router.get(
      `/:organization/${page}/:key/live`,
      members(async (req, res, actor) => {
        const [[subject]] = await read(db.pool, actor, subjectAt(actor, page, String(req.params['key'])));
        if (!subject) throw new NotFound();
        // A reader who has left meanwhile fires no more `close`: their stream would never end.
        if (res.destroyed) return;
        startStream(res);
        if (req.method === 'HEAD') return res.end();
        const stream = follow(listener, actor, subject.id, res);
        const { removed, news } = await sinceThen(db, actor, subject.id, req);
        if (removed) return endStream(res);
        if (news) stream.send('changed');
      }),
    );
  }
  return router;
}

function follow(listener: Listener, actor: Actor, subject_id: string, res: Response): EventStream {
  const stream = keepStream(res, listener, actor);
  const { organization_id, side } = actor;
  const unfollow = listener.follow(String(organization_id), subject_id, ({ visible_to }) => {
    if (visible_to === 'both' || visible_to === side) stream.send('changed');
  });
  stream.onClose(unfollow);
  return stream;
}

/** What came to pass between the request's identification, or the page's rendering, and its following. */
async function sinceThen(db: Database, actor: Actor, subject_id: string, req: Request) {
  const { query } = req;
  const { organization_id, person_id } = actor;
  const after = typeof query['after'] === 'string' && isId(query['after']) ? query['after'] : null;
  const { session } = identityOf(req);
  const [people, sessions, news] = await read(
    db.pool,
    actor,
    {
      name: 'person_now',
      text: 'select id from people where organization_id = $1 and id = $2 and removed_at is null',
      values: [organization_id, person_id],
    },
    {
      name: 'session_now',
      text: 'select id from sessions where token_hash = $1',
      values: [session?.hash ?? ''],
    },
    {
      name: 'activity_after',
      text: 'select id from activities where organization_id = $1 and subject_id = $2 and id > $3 limit 1',
      values: [organization_id, subject_id, after],
    },
  );
  const ended = session !== null && sessions.length === 0;
  return { removed: ended || people.length === 0, news: news.length > 0 };
}
