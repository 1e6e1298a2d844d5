import { Router } from 'express';
import type { Database } from '../db/database.js';

/** For whoever watches over the processes: alive, and able to serve. */
export function health(db: Database): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text').send('ok\n');
  });
  router.get('/readyz', async (_req, res) => {
    const ready = await db.pool.query('select 1 from migrations limit 1').then(
      () => true,
      () => false,
    );
    res
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'the database is not there\n');
  });
  return router;
}
