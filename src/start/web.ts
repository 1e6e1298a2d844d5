import { once } from 'node:events';
import { createServer } from 'node:http';
import { createApp } from '../app.js';
import { listen } from '../activity/listen.js';
import type { House } from './house.js';

/** Serves the site. Stopping lets requests under way end, and cuts off the open streams of live pages. */
export async function startWeb(house: House) {
  const { config, log } = house;
  const listener = await listen(house.direct, log);
  const server = createServer({ headersTimeout: 20_000, requestTimeout: 120_000 }, createApp({ ...house, listener }));
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    async stop() {
      await listener.close();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}
