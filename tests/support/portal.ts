import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'superagent';
import request from 'supertest';
import { readConfig } from '../../src/config.js';
import { systemActor, withActor } from '../../src/db/scope.js';
import { honouredSecrets } from '../../src/db/secrets.js';
import { openSession } from '../../src/people/sessions.js';
import { adoptSecrets } from '../../src/start/adopt_secrets.js';
import { startMail, startWeb, startWorker } from '../../src/start/roles.js';
import { openServices, type Services } from '../../src/start/services.js';
import { openLog } from '../../src/telemetry/log.js';
import { cloneDatabase, MAIL_DOMAIN, SECRET } from './database.js';
import { watchJobs } from './jobs.js';
import { freePort } from './ports.js';
import { blankPrinter } from './printer.js';
import { lookupIn, type Records } from './records.js';
import { type Answer, type ReceivedEmail, mailIn, openPostOffice, quoted, rawIn } from './post_office.js';
import { signal } from './signal.js';
import { ZONE } from './zone.js';

export type Portal = Awaited<ReturnType<typeof openPortal>>;

/**
 * All of Parley, as `npm start` runs it, on a database of its own, with a mail server of the outside world that
 * catches what it sends. `from`: the database and folder of one that was stopped, to go on with copies of them. What
 * is printed is empty, unless a test says otherwise.
 */
export async function openPortal(
  env: Record<string, string> = {},
  from?: { database: string; folder: string },
  printer = blankPrinter(),
  log = openLog(env['LOG_LEVEL'] ?? 'error'),
) {
  const changes = signal();
  const [database, office, folder, web_port, mail_port] = await Promise.all([
    cloneDatabase(from?.database),
    openPostOffice(changes),
    mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'portal-')),
    freePort(),
    freePort(),
  ]);
  if (from) await cp(from.folder, folder, { recursive: true });
  const config = readConfig({
    PORT: `${web_port}`,
    INBOUND_SMTP_PORT: `${mail_port}`,
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    SMTP_URL: office.url,
    DEMO: 'off',
    // Planning on connections to come takes longer than most tests.
    DATABASE_POOL_MIN: '0',
    SECRET,
    MAIL_DOMAIN,
    // A test does in a second what takes people a week.
    MAIL_PER_PERSON_MINUTE: '0',
    MAIL_PER_PERSON_HOUR: '0',
    MAIL_PER_DOMAIN_MINUTE: '0',
    MAIL_BUNDLE_SECONDS: '0',
    ...env,
  });
  const records: Records = {};
  const home = {
    ...(await openServices(config, log, printer)),
    dns: ZONE,
    lookup: lookupIn(records),
  };
  await adoptSecrets(home.db.knex, honouredSecrets(home.secret, config), home.log);
  // No test depends on the minute in which it runs: what the clock does, it does by itself.
  const worker = await startWorker(home, undefined, '');
  const mail = await startMail(home);
  const running: (typeof worker)[] = [mail, worker, await startWeb(home)];
  const leave = async (part: typeof worker) => {
    running.splice(running.indexOf(part), 1);
    await part.stop();
  };
  const { knex } = home.db;
  const jobs = await watchJobs(database.url, changes);
  const post = Object.assign(office, {
    /**
     * The newest email to an address that says so, or for which `wanted` is true; waits for it as long as a job may
     * bring it.
     */
    to: (email: string, wanted: string | ((received: ReceivedEmail) => boolean) = '') => {
      const fits = typeof wanted === 'string' ? ({ text }: ReceivedEmail) => text?.includes(wanted) ?? false : wanted;
      return jobs
        .until(`an email to ${email}`, () => office.emails.findLast((one) => one.recipient === email && fits(one)))
        .catch((error: unknown) => {
          throw withArrivals(error, office.emails);
        });
    },
  });

  /** For a code that is asked for from now on: waits for its email, and gives its six digits. */
  const codeFor = (email: string) => {
    const before = office.emails.length;
    const asked = (one: ReceivedEmail) => office.emails.indexOf(one) >= before && /^\d{6} /.test(one.subject ?? '');
    return async () => (await post.to(email, asked)).subject?.slice(0, 6) ?? '';
  };

  /** The cookie that each person's device is known by. */
  const devices = new Map<string, string>();

  const stop = async () => {
    for (const part of running.toReversed()) await part.stop();
    await home.stop();
    await post.close();
    await jobs.close();
  };

  return {
    database: database.name,
    database_url: database.url,
    folder,
    /** Stop the worker, or the SMTP server, so that another process can take its place. */
    close_worker: () => leave(worker),
    close_mail: () => leave(mail),
    /** Another worker, perhaps with other services; `lease` is how long it may be silent, in ms. */
    startWorker: (lease?: number, services: Services = home) => startWorker(services, lease, ''),
    services: home,
    config,
    db: home.db,
    knex,
    post,
    base_url: config.base_url,
    browser: () => browser(config.base_url),
    codeFor,
    /** A browser in which they have signed in, some time ago. */
    async signIn(email: string) {
      const { id } = await knex('users').where({ email: email.toLowerCase() }).first('id');
      const agent = browser(config.base_url);
      agent.jar.setCookie(
        `parley_session=${await openSession(knex, id, 'a browser')}`,
        new URL(config.base_url).hostname,
        '/',
      );
      return agent;
    },
    /** Signs in as a person would: asks for a code, reads the email, types it. Each has one device. */
    async signInByCode(email: string) {
      const agent = browser(config.base_url);
      const code = codeFor(email);
      const known = devices.get(email);
      if (known) agent.jar.setCookie(known);
      await agent.post('/sign-in').type('form').send({ email }).expect(303);
      const { headers } = await agent
        .post('/sign-in/code')
        .type('form')
        .send({ code: await code() })
        .expect(303);
      const device = /(?:__Host-|parley_)device=[^;]+/.exec(String(headers['set-cookie']))?.[0];
      if (device) devices.set(email, device);
      return agent;
    },
    /** Opens an email's link in a browser that knows nobody. Follows the redirect that drops the secret. */
    async open(received: ReceivedEmail) {
      const agent = browser(config.base_url);
      const { headers } = await agent.get(received.link).expect(303);
      const cookie = [headers['set-cookie'] ?? []]
        .flat()
        .map((one: string) => one.split(';')[0])
        .join('; ');
      return Object.assign(agent, { page: String(headers['location']), cookie });
    },
    /** Answers an email as its reader, over SMTP, with the quoted original below. */
    reply: (received: ReceivedEmail, words: string, rest: Partial<Answer> = {}) =>
      mailIn(mail_port, {
        from: received.recipient,
        to: received.reply_to,
        subject: `Re: ${received.subject}`,
        text: quoted(received, words),
        ...(received.messageId ? { in_reply_to: received.messageId } : {}),
        ...rest,
      }),
    mailIn: (answer: Answer) => mailIn(mail_port, answer),
    rawIn: (message: { mail_from: string; to: string; raw: string }) => rawIn(mail_port, message),
    mail_port,
    /** DNS, as far as our own mail's records are looked for there. */
    records,
    /** Waits until no job is due or under way. */
    idle: () => jobs.idle(),
    /** Waits for what a job brings; fails once none is left. */
    until: jobs.until,
    /** Jobs that wait for a later time are due now. */
    runJobsNow: () => jobs.runNow(),
    /** Reads the database as the system actor of an organization. */
    look: <T>(organization_id: string, work: Parameters<typeof withActor<T>>[2]) =>
      withActor(knex, systemActor(organization_id), work),
    /** Ends it, and leaves its database and folder. */
    stop,
    async close() {
      await stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Says what did arrive, too. */
function withArrivals(error: unknown, emails: readonly ReceivedEmail[]): Error {
  const arrived = emails.map(({ recipient, subject }) => `  ${recipient}: ${subject}`).join('\n');
  const words = error instanceof Error ? error.message : String(error);
  return new Error(`${words}\nThese have arrived:\n${arrived}`, { cause: error });
}

/** What another process must know to be part of this portal. */
export const envOf = (portal: Portal) => ({
  DATABASE_URL: portal.database_url,
  SMTP_URL: portal.post.url,
  DATA_DIR: portal.folder,
  DEMO: 'off',
  DATABASE_POOL_MIN: '0',
  LOG_LEVEL: 'silent',
  SECRET: portal.services.secret,
  MAIL_DOMAIN: portal.config.mail_domain,
  BASE_URL: portal.base_url,
  HOST: '127.0.0.1',
});

export type Browser = ReturnType<typeof browser>;
const browser = (base_url: string) => request.agent(base_url).use(readsNumbers);

/** Pages keep numbers in one line (pages/views/whole_numbers.ts), of which a reader sees nothing. */
const readsNumbers: Plugin = (asked) =>
  void asked.on('response', (answer: { text?: string }) => {
    if (answer.text) answer.text = answer.text.replace(/<span class="nowrap">([A-Z\d-]+)<\/span>/g, '$1');
  });
