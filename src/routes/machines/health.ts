import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { queueAge } from '../../mail/deliverability/delivery_health.js';

/** How long an email that is due may wait before it is an alarm. */
const LATE_SECONDS = 240;

/** For monitoring: whether the process is alive, can serve requests (until it is `leaving`), and gets its mail out. */
export function health(db: Database, leaving: AbortSignal): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text').send('ok\n');
  });
  router.get('/readyz', async (_req, res) => {
    const there = await db.pool.query('select 1 from migrations limit 1').then(
      () => true,
      () => false,
    );
    const wrong = leaving.aborted ? 'stopping' : there ? '' : 'the database is not there';
    res
      .status(wrong ? 503 : 200)
      .type('text')
      .send(`${wrong || 'ready'}\n`);
  });
  router.get('/healthz/mail', async (_req, res) => {
    const age = await queueAge(db.pool).catch(() => null);
    res
      .status(age && age.oldest_seconds < LATE_SECONDS && age.dead_jobs === 0 ? 200 : 503)
      .json(age ?? { error: 'the database is not there' });
  });
  return router;
}
