import { once } from 'node:events';
import pino from 'pino';
import { readConfig } from '../../../src/config.js';
import { openServices } from '../../../src/start/services.js';
import { startMail, startWorker } from '../../../src/start/roles.js';
import { ZONE } from '../zone.js';

// One role of Parley as a process of its own, to be killed. It differs from main.js in whom it asks about senders,
// and ends with its parent.
process.on('disconnect', () => process.exit());
const [role, lease] = process.argv.slice(2);
const stopped = once(process, 'SIGTERM');
const home = {
  ...(await openServices(readConfig(process.env), pino({ level: 'fatal' }, pino.destination(2)))),
  dns: ZONE,
};
const part = role === 'mail' ? await startMail(home) : await startWorker(home, Number(lease));
process.send?.('up');
await stopped;
await part.stop();
await home.stop();
process.disconnect();
