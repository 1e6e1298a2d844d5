import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoolConfig } from 'pg';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { openDatabase, stopPreparingAll } from '../db/database.js';
import { startPostgres } from '../db/embedded/postgres.js';
import { readOrCreateSecret } from '../db/secrets.js';
import { pdfOf } from '../documents/queries/document_pdf.js';
import { demoZone } from '../demo/dns_zone.js';
import type { JobContext } from '../jobs/tasks.js';
import { keyring } from '../mail/deliverability/dkim_keys.js';
import { systemLookup } from '../mail/deliverability/dns.js';
import { type MailContext, mailboxTransport, smtpTransport } from '../mail/outbox/transport.js';
import { createPdfRenderer, type PdfRenderer } from '../pdf/pdf_renderer.js';
import { remembering, Unprintable } from '../pdf/print_failures.js';
import { emailedStatement } from '../routes/statements/statement_email.js';
import { signedPdf } from '../signing/signed_pdf.js';
import { probe } from './probe.js';
import { dataFolder, openStorage } from './stored/open_storage.js';

/** What every role is made of. */
export interface Services extends JobContext {
  /** Bypasses any pooler: for LISTEN and the job runner. */
  directConnection: PoolConfig;
  stop(): Promise<void>;
}

/**
 * Opens the database (the embedded one, unless DATABASE_URL is set), file storage, PDF renderer and mail transport.
 * `say` is told what takes a while.
 * @throws Error, for the terminal, if a database can't be reached or started.
 */
export async function openServices(
  config: Config,
  log: Logger,
  renderer: PdfRenderer = createPdfRenderer(),
  say: (text: string) => void = () => {},
): Promise<Services> {
  const data = dataFolder(config);
  await mkdir(data, { recursive: true });
  const pooled = await probeDatabases(config, log);
  const secret = config.secret ?? (await readOrCreateSecret(data));
  // The last step that can fail: a failure after it would leave the server running.
  const postgres = config.database_url ? null : await startPostgres({ data_dir: join(data, 'postgres'), say });
  const connection: PoolConfig = postgres ? postgres.connection() : { connectionString: config.database_url };
  const directConnection: PoolConfig = config.listen_url ? { connectionString: config.listen_url } : connection;
  const db = openDatabase(connection, config.database_pool.max, config.database_pool.min);
  if (pooled) stopPreparingAll(db);
  const storage = await openStorage(config);
  const printer = remembering(db.knex, renderer);
  const post = createMailContext({ config, db, storage, printer, secret });
  const stop = async () => {
    post.transport.close();
    await Promise.allSettled([printer.close(), db.close()]);
    await postgres?.stop();
  };
  const resolvers = { dns: config.demo ? demoZone : ('system' as const), lookup: systemLookup() };
  return { config, log, db, directConnection, storage, printer, secret, post, ...resolvers, stop };
}

function createMailContext({
  config,
  db,
  storage,
  printer,
  secret,
}: Pick<Services, 'config' | 'db' | 'storage' | 'printer' | 'secret'>): MailContext {
  const { base_url, mail_domain, smtp_url, smtp_tls } = config;
  const keys = keyring(db.knex, secret, mail_domain, !config.production);
  const transport = smtp_url ? smtpTransport(smtp_url, smtp_tls, keys) : mailboxTransport(db.knex, keys);
  const print: MailContext['print'] = (html) => printer.render(html).catch(nullIfUnprintable);
  const printed = (...version: Parameters<MailContext['pdf']>) => pdfOf(db.knex, storage, printer, ...version);
  // An email goes without what can't be printed: its link leads to the page.
  const pdf: MailContext['pdf'] = (...version) => printed(...version).catch(nullIfUnprintable);
  const signed: MailContext['signed'] = (...version) =>
    signedPdf({ db: db.knex, storage, printer, secret, base_url, pdf: printed }, ...version);
  const file: MailContext['file'] = (sha256) => storage.get(sha256);
  // Mail to our own mailbox needs no throttle.
  const rate_limits = smtp_url ? config.rate_limits : null;
  const { bundle_seconds } = config;
  const statement = emailedStatement(db, printer);
  const made = { pdf, print, statement, file, signed };
  return { base_url, mail_domain, secret, transport, ...made, rate_limits, bundle_seconds };
}

function nullIfUnprintable(error: unknown): null {
  if (error instanceof Unprintable) return null;
  throw error;
}

/** Whether there is a pooler between us and the database. @throws Error that names a setting */
async function probeDatabases({ database_url, listen_url }: Config, log: Logger): Promise<boolean> {
  const { pooled } = database_url ? await probe('DATABASE_URL', database_url) : { pooled: false };
  if (listen_url) await probe('LISTEN_URL', listen_url);
  else if (pooled)
    log.warn(
      'DATABASE_URL goes through a pooler: set LISTEN_URL to the database itself, for live pages, jobs and locks',
    );
  return pooled;
}
