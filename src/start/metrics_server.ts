import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Services } from './services.js';

/**
 * Serves /metrics on METRICS_PORT, for a process that serves no pages, or whose pages are behind a proxy.
 * @throws Error, for the terminal, if the port isn't free
 */
export async function startMetrics({ config, db }: Services, roles: readonly string[]) {
  const [{ default: express }, { metrics }] = await Promise.all([
    import('express'),
    import('../routes/machines/metrics_page.js'),
  ]);
  const app = express().disable('x-powered-by').use(metrics({ db, config, roles }));
  const server = createServer({ requestTimeout: 20_000 }, app).listen(config.metrics_port, config.host);
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(`METRICS_PORT: ${error instanceof Error ? error.message : String(error)}`);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : null,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
