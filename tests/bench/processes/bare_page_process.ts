import { once } from 'node:events';
import compression from 'compression';
import express from 'express';
import { openDatabase } from '../../../src/db/database.js';
import { read } from '../../../src/db/scope.js';
import { documentPage } from '../../../src/documents/queries/page.js';
import { actorOf } from '../../../src/people/identify.js';
import { identifySession } from '../../../src/people/strategies/session_cookie.js';
import { answerParent } from './child.js';

// What a page is compared against: Express with nothing but the page's own SQL, which answers with a page that is made
// already. It is told that page.
const { pool } = openDatabase({ connectionString: process.env['DATABASE_URL'] ?? '' });
let page = '';
const app = express().disable('x-powered-by').disable('etag');
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
answerParent(typeof address === 'object' && address ? address.port : 0, (given: string) => (page = given));
process.on('disconnect', () => process.exit());
