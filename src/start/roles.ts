import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { listen } from '../activity/listen.js';
import { startImap } from '../inbound/sources/imap/imap.js';
import { startSmtp } from '../inbound/sources/smtp/smtp.js';
import { readCertificate } from '../inbound/sources/smtp/tls.js';
import { runJobs } from '../jobs/run.js';
import { CRONTAB, tasks } from '../jobs/tasks.js';
import { keepWarm } from '../db/reading/warm.js';
import { firstQueries } from './first_queries.js';
import type { Services } from './services.js';

/** How long requests under way may take once the server is to stop; idle keep-alive connections are cut then, too. */
const GRACE_MS = 5000;

/**
 * Serves the site. Stopping tells proxies to send people elsewhere and serves on until they have noticed; then it lets
 * requests under way end, and closes the event streams of live pages.
 * @throws Error, for the terminal, if its port isn't free.
 */
export async function startWeb(services: Services, roles: readonly string[] = ['web']) {
  const { config, db, log } = services;
  // Jobs and mail do without the pages: 50 MB and a second of processor time at their start.
  const { createApp } = await import('../app.js');
  await keepWarm(db.pool, config.database_pool.min, firstQueries());
  const listener = await listen(services.directConnection, log);
  const leave = new AbortController();
  const app = createApp({ ...services, listener, roles, leaving: leave.signal });
  const server = createServer({ headersTimeout: 20_000, requestTimeout: 120_000 }, app);
  // A connection that is kept open would be cut later, perhaps under a request.
  server.prependListener('request', (_, res) => leave.signal.aborted && res.setHeader('Connection', 'close'));
  server.listen(config.port, config.host);
  await once(server, 'listening').catch(async (error: unknown) => {
    await listener.close();
    throw portError('PORT', config.port, error);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    async stop() {
      leave.abort();
      await pause(config.drain_ms);
      await listener.close();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const deadline = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(deadline);
    },
  };
}

/**
 * Receives mail: by SMTP, and from the configured mailboxes.
 * @throws Error, for the terminal, if its port isn't free or its certificate can't be read.
 */
export async function startMail({ config, db, directConnection, log, secret }: Services) {
  const context = { db: db.knex, config, secret, log };
  const tls = config.inbound_tls && (await readCertificate(config.inbound_tls));
  const smtp = await startSmtp(context, tls).catch((error: unknown) => {
    throw portError('INBOUND_SMTP_PORT', config.inbound_port, error);
  });
  const imap = startImap(context, directConnection);
  return {
    port: smtp.port,
    async stop() {
      await Promise.all([smtp.stop(), imap.stop()]);
    },
  };
}

/** Runs the jobs and the schedule. `lease` and another `crontab` are for tests. */
export const startWorker = (services: Services, lease?: number, crontab = CRONTAB) =>
  runJobs(services.directConnection, tasks(services), crontab, services.log, lease);

const PORT_ERRORS: Record<string, string> = {
  EADDRINUSE: 'is in use by another program',
  EACCES: 'may not be used by this account',
};

/** Names the setting, for the terminal. */
function portError(setting: string, port: number, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = PORT_ERRORS[code];
  return reason
    ? new Error(`${setting}: ${port} ${reason}.`)
    : new Error(`HOST: ${error instanceof Error ? error.message : String(error)}`);
}
