import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg, { type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { type Config, root } from '../config.js';
import { openDatabase } from '../db/database.js';
import { startPostgres } from '../db/embedded/postgres.js';
import { readOrCreateSecret } from '../db/secrets.js';
import { pdfOf } from '../documents/queries/document_pdf.js';
import { demoZone } from '../demo/dns_zone.js';
import { diskStorage } from '../files/storage.js';
import type { JobContext } from '../jobs/tasks.js';
import { keyring } from '../mail/deliverability/dkim_keys.js';
import { systemLookup } from '../mail/deliverability/dns.js';
import { type MailContext, mailboxTransport, smtpTransport } from '../mail/outbox/transport.js';
import { createPdfRenderer, type PdfRenderer } from '../pdf/pdf_renderer.js';
import { signedPdf } from '../signing/signed_pdf.js';

/** What every role is made of. */
export interface Services extends JobContext {
  log: Logger;
  /** Bypasses any pooler: for LISTEN and the job runner. */
  directConnection: PoolConfig;
  /** Rejects, with the server's output, if the embedded database ends before `stop`. */
  databaseFailed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Opens the database (the embedded one, unless DATABASE_URL is set), file storage, PDF renderer and mail transport.
 * @throws Error, for the terminal, if a database can't be reached or started.
 */
export async function openServices(
  config: Config,
  log: Logger,
  printer: PdfRenderer = createPdfRenderer(),
): Promise<Services> {
  const data = config.data_dir ?? join(root, 'data');
  await mkdir(data, { recursive: true });
  await requireReachable('DATABASE_URL', config.database_url);
  await requireReachable('LISTEN_URL', config.listen_url);
  const secret = config.secret ?? (await readOrCreateSecret(data));
  // The last step that can fail: a failure after it would leave the server running.
  const postgres = config.database_url ? null : await startPostgres({ data_dir: join(data, 'postgres') });
  const connection: PoolConfig = postgres ? postgres.connection() : { connectionString: config.database_url };
  const directConnection: PoolConfig = config.listen_url ? { connectionString: config.listen_url } : connection;
  const db = openDatabase(connection, config.database_pool.max, config.database_pool.min);
  const storage = diskStorage(join(data, 'files'));
  const post = createMailContext({ config, db, storage, printer, secret });
  const stop = async () => {
    post.transport.close();
    await Promise.allSettled([printer.close(), db.close()]);
    await postgres?.stop();
  };
  const databaseFailed = new Promise<never>((_, reject) => {
    void postgres?.exited.then((output) => reject(new Error(`The database ended. ${output}`)));
  });
  databaseFailed.catch(() => {}); // rejects on an ordinary stop, too, when nobody awaits it
  const resolvers = { dns: config.demo ? demoZone : ('system' as const), lookup: systemLookup() };
  return { databaseFailed, config, log, db, directConnection, storage, printer, secret, post, ...resolvers, stop };
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
  const pdf: MailContext['pdf'] = (...version) => pdfOf(db.knex, storage, printer, ...version);
  const signed: MailContext['signed'] = (...version) =>
    signedPdf({ db: db.knex, storage, printer, secret, base_url, pdf }, ...version);
  const file: MailContext['file'] = (sha256) => storage.get(sha256);
  // Mail to our own mailbox needs no throttle.
  const rate_limits = smtp_url ? config.rate_limits : null;
  return { base_url, mail_domain, secret, transport, pdf, file, signed, rate_limits };
}

/** @throws Error that names the setting, if there is no database at its URL. */
async function requireReachable(setting: string, url: string | undefined): Promise<void> {
  if (!url) return;
  try {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.end();
  } catch (error) {
    // An AggregateError has one for each address of the host.
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    throw new Error(`${setting}: ${first instanceof Error ? first.message : String(first)}`, { cause: error });
  }
}
