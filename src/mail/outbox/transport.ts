import type { Knex } from 'knex';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { newId } from '../../db/ids.js';
import { dkimSigned, type SigningKey } from '../deliverability/dkim.js';

/** What a server answered once it took the message. @throws what nodemailer throws: `responseCode` 5xx means never. */
export interface Transport {
  send(message: SendMailOptions): Promise<{ response: string }>;
  close(): void;
}

/** The key that signs now; null where none may. */
export type Keyring = () => Promise<SigningKey | null>;

// No path or address in a message may make the mailer read a file or fetch a page.
const careful = { disableFileAccess: true, disableUrlAccess: true } as const;

interface Made {
  raw: Buffer;
  message_id: string;
  envelope: { from: string; to: string[] };
}

/** Makes messages whole, as they go over the wire, and signs them. */
function maker(keyring: Keyring) {
  const stream = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows', ...careful });
  return async (message: SendMailOptions): Promise<Made> => {
    const [made, key] = await Promise.all([stream.sendMail({ ...message, ...careful }), keyring()]);
    const bytes = Buffer.isBuffer(made.message) ? made.message : Buffer.from('');
    const { from, to } = made.envelope;
    const raw = key ? await dkimSigned(bytes, key) : bytes;
    return { raw, message_id: made.messageId, envelope: { from: from || '', to: to.map(String) } };
  };
}

/**
 * How far a server must prove who it is. `required`: STARTTLS with a certificate that holds, or nothing is sent (RFC
 * 8314). `opportunistic`: encrypted where the server offers it; its certificate must hold wherever a password is sent
 * (and with smtps: always).
 */
export type Tls = 'opportunistic' | 'required';

const tlsOf = (url: string, tls: Tls) => {
  const { protocol, username } = new URL(url);
  const proves = tls === 'required' || protocol === 'smtps:' || username !== '';
  return {
    requireTLS: tls === 'required' && protocol !== 'smtps:',
    tls: { rejectUnauthorized: proves, minVersion: 'TLSv1.2' as const },
  };
};

/**
 * Sends through the server that `url` names (smtp://user:password@host:port). Shorter waits than a job's retry, so
 * that none is sent twice at once.
 */
export function smtpTransport(url: string, tls: Tls, keyring: Keyring): Transport {
  const smtp = nodemailer.createTransport({
    url,
    ...careful,
    ...tlsOf(url, tls),
    pool: true,
    maxConnections: 4,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
  });
  const make = maker(keyring);
  return {
    async send(message) {
      const { raw, envelope } = await make(message);
      return { response: (await smtp.sendMail({ raw, envelope, ...careful })).response };
    },
    close: () => smtp.close(),
  };
}

/** Puts mail into the inboxes of the sample people: the message is made as for a server, and kept whole. */
export function mailboxTransport(db: Knex, keyring: Keyring): Transport {
  const make = maker(keyring);
  return {
    async send(message) {
      const { raw, message_id, envelope } = await make(message);
      const id = newId();
      const sent_at = message.date ?? new Date();
      // As the last server on the way writes it (RFC 5321 §4.4).
      const kept = Buffer.concat([Buffer.from(`Return-Path: <${envelope.from}>\r\n`), raw]);
      await db('mailbox_messages').insert({
        id,
        mail_to: String(envelope.to[0]).toLowerCase(),
        raw: kept,
        message_id,
        sent_at,
      });
      return { response: `250 kept in the mailbox as ${id}` };
    },
    close: () => {},
  };
}
