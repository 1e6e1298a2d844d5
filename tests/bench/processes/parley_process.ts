import { once } from 'node:events';
import pino from 'pino';
import { readConfig } from '../../../src/config.js';
import { yieldToPages } from '../../../src/start/priority.js';
import { startMail, startWeb, startWorker } from '../../../src/start/roles.js';
import { openServices } from '../../../src/start/services.js';
import { ZONE } from '../../support/zone.js';
import { answerParent } from './child.js';
import type { Role } from './parley.js';

// Some roles of Parley. It differs from main.js in whom it asks about senders, and in that it tells its ports.
const starters = { mail: startMail, worker: startWorker, web: startWeb };
const gone = once(process, 'disconnect');
yieldToPages(process.argv.slice(2));
const config = readConfig(process.env);
const services = { ...(await openServices(config, pino({ level: config.log_level }, pino.destination(2)))), dns: ZONE };
const parts: { port?: number; stop(): Promise<void> }[] = [];
const ports: Partial<Record<Role, number>> = {};
for (const role of process.argv.slice(2) as Role[]) {
  const part: (typeof parts)[number] = await starters[role](services);
  parts.push(part);
  ports[role] = part.port ?? 0;
}
answerParent(ports, () => null);
await gone;
for (const part of parts.toReversed()) await part.stop();
await services.stop();
