import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import request from 'supertest';
import { readConfig } from '../../src/config.js';
import { type Actor, systemActor, withActor } from '../../src/db/scope.js';
import { parseDraft } from '../../src/documents/drafts/parse_draft.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { act } from '../../src/documents/act.js';
import { addStaff, setUp } from '../../src/people/organization.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { openServices } from '../../src/start/services.js';
import { startMail, startWeb, startWorker } from '../../src/start/roles.js';
import { cloneDatabase } from './database.js';
import { lookupIn, type Records } from './records.js';
import { type Answer, type ReceivedEmail, mailIn, openPostOffice, quoted, rawIn } from './post_office.js';
import { until } from './until.js';
import { ZONE } from './zone.js';

export const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

export type Portal = Awaited<ReturnType<typeof openPortal>>;

/**
 * All of Parley, as `npm start` runs it, on a database of its own, with a mail server of the outside world that
 * catches what it sends.
 */
export async function openPortal(env: Record<string, string> = {}) {
  const [database, post, folder, web_port, mail_port] = await Promise.all([
    cloneDatabase(),
    openPostOffice(),
    mkdtemp(join(tmpdir(), 'parley-portal-')),
    freePort(),
    freePort(),
  ]);
  const config = readConfig({
    PORT: `${web_port}`,
    INBOUND_SMTP_PORT: `${mail_port}`,
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    SMTP_URL: post.url,
    DEMO: 'off',
    SECRET: randomBytes(32).toString('hex'),
    MAIL_DOMAIN: 'mail.parley.example',
    // A test does in a second what takes people a week.
    MAIL_PER_PERSON_MINUTE: '0',
    MAIL_PER_PERSON_HOUR: '0',
    MAIL_PER_DOMAIN_MINUTE: '0',
    ...env,
  });
  const records: Records = {};
  const home = {
    ...(await openServices(config, pino({ level: env['LOG_LEVEL'] ?? 'error' }))),
    dns: ZONE,
    lookup: lookupIn(records),
  };
  const worker = await startWorker(home);
  const mail = await startMail(home);
  const running: (typeof worker)[] = [mail, worker, await startWeb(home)];
  const leave = async (part: typeof worker) => {
    running.splice(running.indexOf(part), 1);
    await part.stop();
  };
  const { knex } = home.db;

  return {
    database_url: database.url,
    folder,
    /** Stop the worker, or the way in for mail, so that another process can be it. */
    close_worker: () => leave(worker),
    close_mail: () => leave(mail),
    services: home,
    config,
    db: home.db,
    knex,
    post,
    base_url: config.base_url,
    browser: () => browser(config.base_url),
    /** Signs in as a person would: asks for a code, reads the email, types it. */
    async signIn(email: string) {
      const agent = browser(config.base_url);
      const before = post.emails.length;
      await agent.post('/sign-in').type('form').send({ email }).expect(303);
      const received = await until(`a code for ${email}`, () =>
        post.emails.slice(before).find((one) => one.recipient === email && /^\d{6} /.test(one.subject ?? '')),
      );
      await agent
        .post('/sign-in/code')
        .type('form')
        .send({ code: received.subject?.slice(0, 6) })
        .expect(303);
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
    /** Waits until no job is waiting for now. */
    idle: (seconds?: number) =>
      until(
        'the jobs',
        async () => {
          const { rows } = await knex.raw(
            'select count(*)::int as waiting from graphile_worker.jobs where run_at <= now() and attempts < max_attempts',
          );
          return rows[0].waiting === 0;
        },
        seconds,
      ),
    /** Reads the database as the clock of an organization. */
    look: <T>(organization_id: string, work: Parameters<typeof withActor<T>>[2]) =>
      withActor(knex, systemActor(organization_id), work),
    async close() {
      for (const part of running.toReversed()) await part.stop();
      await home.stop();
      await post.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What another process must know to be part of this portal. */
export const envOf = (portal: Portal) => ({
  DATABASE_URL: portal.database_url,
  SMTP_URL: portal.post.url,
  DATA_DIR: portal.folder,
  DEMO: 'off',
  LOG_LEVEL: 'silent',
  SECRET: portal.services.secret,
  MAIL_DOMAIN: portal.config.mail_domain,
  BASE_URL: portal.base_url,
  HOST: '127.0.0.1',
});

export type Browser = ReturnType<typeof browser>;
const browser = (base_url: string) => request.agent(base_url);

let made = 0;

/**
 * An organization with Olivia and Tom, and Maple Street Clinic with Maya and Noah. Each call makes another, with its
 * own addresses.
 */
export async function harbor({ knex }: Pick<Portal, 'knex'>) {
  const n = ++made;
  const place = {
    address: '1 Quay Road\nPortland',
    tax_number: 'US-1',
    currency: 'USD',
    locale: 'en-US',
    time_zone: 'UTC',
    accent: '#2f5d50',
    payment_note: '',
    gateway: 'sandbox' as const,
  };
  const olivia = { name: 'Olivia Grant', email: `olivia${n}@harbor.example` };
  const fields = { ...place, slug: `harbor${n}`, name: 'Harbor & Pine', email: olivia.email };
  const { organization_id, person_id } = await setUp(knex, fields, olivia);
  const tom = { name: 'Tom Reyes', email: `tom${n}@harbor.example` };
  const tom_id = await addStaff(knex, { ...fields, id: organization_id }, tom, 'member');
  const staff: Actor = { ...systemActor(organization_id, person_id), side: 'staff', ...olivia };
  const customer = {
    is_customer: true,
    is_vendor: false,
    address: '12 Maple Street',
    tax_number: '',
    currency: 'USD',
    locale: 'en-US',
    terms_days: 14,
  };
  const partner_id = await addPartner(knex, staff, { ...customer, name: 'Maple Street Clinic', email: '' });
  const [maya, noah] = [
    { name: 'Maya Chen', email: `maya${n}@maple.example` },
    { name: 'Noah Weiss', email: `noah${n}@maple.example` },
  ];
  const maya_id = await newContact(knex, staff, partner_id, maya);
  const noah_id = await newContact(knex, staff, partner_id, noah);
  return {
    organization_id,
    slug: `harbor${n}`,
    staff,
    partner_id,
    customer,
    olivia: { ...olivia, id: person_id },
    tom: { ...tom, id: tom_id },
    maya: { ...maya, id: maya_id },
    noah: { ...noah, id: noah_id },
  };
}

export type Harbor = Awaited<ReturnType<typeof harbor>>;

/** A draft invoice of 108.00 (100.00 and 8 % tax) for Maya, unless said otherwise. Returns its id. */
export async function draftInvoice(
  { knex }: Pick<Portal, 'knex'>,
  { staff, partner_id, maya }: Harbor,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const form = {
    title: 'Reception fit-out',
    issued_on: '2026-11-01',
    due_on: '2026-12-01',
    terms: '',
    note: '',
    partial_payments: 'on',
    recipient: [maya.id],
    line_description: ['Reception desk'],
    line_quantity: ['1'],
    line_unit: ['pc'],
    line_price: ['100.00'],
    line_discount: [''],
    line_tax: ['8'],
    ...fields,
  };
  const { draft, errors } = parseDraft(form, 'en-US', 'USD');
  if (!draft) throw new Error(JSON.stringify(errors));
  return createDocument(knex, staff, 'invoice', partner_id, draft);
}

/** The same, sent. */
export async function sentInvoice(portal: Pick<Portal, 'knex'>, home: Harbor, fields: Record<string, unknown> = {}) {
  const id = await draftInvoice(portal, home, fields);
  const { number } = await act(portal.knex, home.staff, id, 'send');
  return { id, number: String(number), url: `/${home.slug}/documents/${number}` };
}
