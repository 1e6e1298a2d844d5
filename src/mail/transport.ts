import type { Knex } from 'knex';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { newId } from '../db/ids.js';

/** What a server answered once it took the message. @throws what nodemailer throws: `responseCode` 5xx means never. */
export interface Transport {
  send(message: SendMailOptions): Promise<{ response: string }>;
  close(): void;
}

// No path or address in a message may make the mailer read a file or fetch a page.
const careful = { disableFileAccess: true, disableUrlAccess: true } as const;

/** Sends through the server that `url` names (smtp://user:password@host:port). Shorter waits than a job's retry, so that none is sent twice at once. */
export function smtpTransport(url: string): Transport {
  const smtp = nodemailer.createTransport({
    url,
    ...careful,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
  });
  return {
    send: async (message) => ({ response: (await smtp.sendMail({ ...message, ...careful })).response }),
    close: () => smtp.close(),
  };
}

/** Puts mail into the inboxes of the sample people: the message is made as for a server, and kept whole. */
export function mailboxTransport(db: Knex): Transport {
  const stream = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows', ...careful });
  return {
    async send(message) {
      const made = await stream.sendMail({ ...message, ...careful });
      const id = newId();
      const sent_at = message.date ?? new Date();
      await db('mailbox_messages').insert({
        id,
        mail_to: String(made.envelope.to[0]).toLowerCase(),
        raw: made.message,
        message_id: made.messageId,
        sent_at,
      });
      return { response: `250 kept in the mailbox as ${id}` };
    },
    close: () => stream.close(),
  };
}
