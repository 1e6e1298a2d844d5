import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';

/** A message as it goes over the wire. */
export interface BuiltMessage {
  raw: Buffer;
  message_id: string;
  envelope: { from: string; to: string[] };
}

/** Private to nodemailer: how its pool of connections is given a message, and what it asks of it. */
interface Pool {
  send(mail: { data: object; message: PooledMessage }, done: (error: Error | null, info: Sent) => void): void;
}

interface PooledMessage {
  getEnvelope(): BuiltMessage['envelope'];
  messageId(): string;
  getHeader(): string;
  createReadStream(): Readable;
}

interface Sent {
  response: string;
}

type PoolOptions = Parameters<typeof nodemailer.createTransport>[0] & { pool: true };

/**
 * Nodemailer's pool of SMTP connections, given messages that are built already: to wrap one in a message of its own
 * and take it apart again costs nodemailer twice as much as to send it.
 */
export function openSmtpPool(options: PoolOptions) {
  const smtp = nodemailer.createTransport(options);
  const pool = smtp.transporter as unknown as Pool;
  return {
    send: (message: BuiltMessage): Promise<Sent> =>
      new Promise((resolve, reject) => {
        pool.send({ data: {}, message: pooled(message) }, (error, sent) => (error ? reject(error) : resolve(sent)));
      }),
    close: () => smtp.close(),
  };
}

const pooled = ({ raw, message_id, envelope }: BuiltMessage): PooledMessage => ({
  getEnvelope: () => ({ ...envelope }),
  messageId: () => message_id,
  getHeader: () => message_id,
  createReadStream: () => Readable.from([raw], { objectMode: false }),
});
