import { once } from 'node:events';
import type { Server } from 'node:http';
import compression from 'compression';
import express from 'express';
import type pg from 'pg';
import { read } from '../../src/db/scope.js';
import { documentPage } from '../../src/documents/queries/page.js';
import { actorOf } from '../../src/people/identify.js';
import { identifySession } from '../../src/people/strategies/session_cookie.js';

/**
 * What is compared against: Express with nothing but the page's own SQL, which answers with a page that is made
 * already.
 */
export async function openBarePage(pool: pg.Pool, page: string): Promise<{ port: number; server: Server }> {
  const app = express().disable('x-powered-by');
  app.use('/compressed', compression());
  app.get(['/:organization/documents/:key', '/compressed/:organization/documents/:key'], async (req, res) => {
    const session = /parley_session=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1] ?? null;
    const identity = session && (await identifySession(pool, session, String(req.params['organization'])));
    const actor = identity ? actorOf(identity) : null;
    const [rows = []] = actor ? await read(pool, actor, documentPage(actor, String(req.params['key']))) : [];
    res
      .status(rows.length ? 200 : 404)
      .type('html')
      .send(page);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}
