import type { Knex } from 'knex';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { newId } from '../../db/ids.js';
import { dkimSigned, type SigningKey } from '../deliverability/dkim.js';
import type { Installation } from '../messages/message_headers.js';
import { type BuiltMessage, openSmtpPool } from './smtp_pool.js';
import type { RateLimits } from './throttle.js';

/** A way to send messages, with the server's response. @throws nodemailer's errors: `responseCode` 5xx is permanent */
export interface Transport {
  send(message: SendMailOptions): Promise<{ response: string }>;
  close(): void;
}

interface Pdf {
  filename: string;
  content: Buffer;
}

interface AskedStatement {
  partner_id: string;
  period: { from: string; to: string };
  currency: string;
  locale: string;
  time_zone: string;
}

/** What the email of a statement shows and has attached. */
export interface EmailedStatement {
  equation: { label: string; value: string }[];
  /** Null: it can't be printed. */
  pdf: Pdf | null;
}

/** What mail is composed and sent with. */
export interface MailContext extends Installation {
  transport: Transport;
  /** Null: unlimited. */
  rate_limits: RateLimits | null;
  /** So long after an email about a message further ones are gathered, in seconds; 0: not at all. */
  bundle_seconds: number;
  /** The current time; for tests. */
  now?: () => Date;
  /** The PDF of a document's version, as an attachment. */
  pdf(organization_id: string, document_id: string, version: number, locale: string): Promise<Pdf | null>;
  /** The sums and the PDF of a statement of account. */
  statement(organization_id: string, asked: AskedStatement): Promise<EmailedStatement>;
  /** The PDF of a page to print; null if it can't be printed. */
  print(html: string): Promise<Buffer | null>;
  /** The bytes of a stored file. */
  file(sha256: string): Promise<Buffer>;
  /** The signed PDF of a version; null if nobody signed it. */
  signed(organization_id: string, document_id: string, version: number): Promise<Pdf | null>;
}

/** Finds the current DKIM key; null while messages must go out unsigned. */
type Keyring = () => Promise<SigningKey | null>;

// Nothing in a message may make nodemailer read a file or fetch a URL.
const NO_ACCESS = { disableFileAccess: true, disableUrlAccess: true } as const;

/** Builds messages as they go over the wire, and signs them. */
function messageBuilder(keyring: Keyring) {
  const stream = nodemailer.createTransport({ streamTransport: true, buffer: true, ...NO_ACCESS });
  return async (message: SendMailOptions): Promise<BuiltMessage> => {
    const [built, key] = await Promise.all([stream.sendMail({ ...message, ...NO_ACCESS }), keyring()]);
    const bytes = Buffer.isBuffer(built.message) ? withCrlf(built.message) : Buffer.from('');
    const { from, to } = built.envelope;
    const raw = key ? await dkimSigned(bytes, key) : bytes;
    return { raw, message_id: built.messageId, envelope: { from: from || '', to: to.map(String) } };
  };
}

/** Ends every line in CRLF. Nodemailer's own way to do so passes each line on by itself: half of the time to build. */
const withCrlf = (message: Buffer) => Buffer.from(message.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1');

/**
 * `required`: STARTTLS with a valid certificate or nothing is sent (RFC 8314). `opportunistic`: encrypted if the server
 * offers it, with a valid certificate wherever a password is sent (and always for smtps:).
 */
type Tls = 'opportunistic' | 'required';

const tlsOptions = (url: string, tls: Tls) => {
  const { protocol, username } = new URL(url);
  const verifies = tls === 'required' || protocol === 'smtps:' || username !== '';
  return {
    requireTLS: tls === 'required' && protocol !== 'smtps:',
    tls: { rejectUnauthorized: verifies, minVersion: 'TLSv1.2' as const },
  };
};

/** Sends through the server in `url` (smtp://user:password@host:port). Times out before a job is retried. */
export function smtpTransport(url: string, tls: Tls, keyring: Keyring): Transport {
  const smtp = openSmtpPool({
    url,
    ...tlsOptions(url, tls),
    pool: true,
    maxConnections: 4,
    maxMessages: 1000,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
  });
  const build = messageBuilder(keyring);
  return {
    send: async (message) => smtp.send(await build(message)),
    close: () => smtp.close(),
  };
}

/** Delivers to the demo mailbox: messages are built as for a server, and stored whole. */
export function mailboxTransport(db: Knex, keyring: Keyring): Transport {
  const build = messageBuilder(keyring);
  return {
    async send(message) {
      const { raw, message_id, envelope } = await build(message);
      const id = newId();
      const sent_at = message.date ?? new Date();
      const mail_to = String(envelope.to[0]).toLowerCase();
      // As the final server adds it (RFC 5321 §4.4).
      const return_path = Buffer.from(`Return-Path: <${envelope.from}>\r\n`);
      await db('mailbox_messages').insert({ id, mail_to, raw: Buffer.concat([return_path, raw]), message_id, sent_at });
      return { response: `250 kept in the mailbox as ${id}` };
    },
    close: () => {},
  };
}
