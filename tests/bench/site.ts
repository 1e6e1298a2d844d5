import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { readConfig } from '../../src/config.js';
import { openSession } from '../../src/people/sessions.js';
import { type Services, openServices } from '../../src/start/services.js';
import { startMail, startWeb, startWorker } from '../../src/start/roles.js';
import { UNHURRIED } from '../support/unhurried.js';
import { ZONE } from '../support/zone.js';

/** All goes to two domains here, as fast as it can. */
const UNPACED = { MAIL_PER_PERSON_MINUTE: '0', MAIL_PER_PERSON_HOUR: '0', MAIL_PER_DOMAIN_MINUTE: '0' };

const starters = { mail: startMail, worker: startWorker, web: startWeb };

export interface Site {
  services: Services;
  web_port: number;
  mail_port: number;
  /** The cookie of a browser in which this user is signed in. */
  cookieOf(user_email: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Parley in the roles asked for, as it runs in production but for the database at `database_url` and the mail server
 * at `smtp_url`.
 */
export async function openSite(
  database_url: string,
  roles: (keyof typeof starters)[],
  smtp_url = 'smtp://127.0.0.1:1',
): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const config = readConfig({
    ...UNHURRIED,
    INBOUND_RELAYS: '127.0.0.1',
    PORT: '0',
    INBOUND_SMTP_PORT: '0',
    HOST: '127.0.0.1',
    BASE_URL: 'http://localhost',
    DATABASE_URL: database_url,
    SMTP_URL: smtp_url,
    DATA_DIR: folder,
    DEMO: 'off',
    SECRET: randomBytes(32).toString('hex'),
    MAIL_DOMAIN: 'mail.parley.example',
    ...UNPACED,
  });
  const home = { ...(await openServices(config, pino({ level: 'error' }, pino.destination(2)))), dns: ZONE };
  const running: { port?: number; stop(): Promise<void> }[] = [];
  const ports: Partial<Record<keyof typeof starters, number>> = {};
  for (const role of roles) {
    const part: (typeof running)[number] = await starters[role](home);
    running.push(part);
    ports[role] = part.port ?? 0;
  }
  return {
    services: home,
    web_port: ports.web ?? 0,
    mail_port: ports.mail ?? 0,
    async cookieOf(email) {
      const user = await home.db.knex('users').where({ email }).first('id');
      return `parley_session=${await openSession(home.db.knex, user.id, 'bench')}`;
    },
    async stop() {
      for (const part of running.toReversed()) await part.stop();
      await home.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
