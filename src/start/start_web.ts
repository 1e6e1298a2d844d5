import { once } from 'node:events';
import { createServer } from 'node:http';
import { createApp } from '../app.js';
import { listen } from '../activity/listen.js';
import type { Services } from './services.js';
import { describePortError } from './ports.js';

/**
 * How long requests under way may take once it is to stop. Then, too, those go who hold a connection open and ask for
 * nothing.
 */
const GRACE_MS = 5000;

/**
 * Serves the site. Stopping lets requests under way end, and cuts off the open streams of live pages.
 * @throws in words for the person at the terminal if its port can't be had.
 */
export async function startWeb(house: Services) {
  const { config, log } = house;
  const listener = await listen(house.directConnection, log);
  const server = createServer({ headersTimeout: 20_000, requestTimeout: 120_000 }, createApp({ ...house, listener }));
  server.listen(config.port, config.host);
  await once(server, 'listening').catch(async (error: unknown) => {
    await listener.close();
    throw describePortError('PORT', config.port, error);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    async stop() {
      await listener.close();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(late);
    },
  };
}
