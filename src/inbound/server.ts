import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { keyIn } from '../mail/address.js';
import { closeReaders } from './parse.js';
import { receive } from './receive.js';

/** An answer with its SMTP code (RFC 5321 §4.2) and its enhanced code (RFC 3463) in the words. */
class Answer extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Takes in mail for our domain. "250" is said only once the message is committed; with the database or the disk away it is "451", and the sender
 * tries again. The end of the data is CRLF.CRLF alone, and bare CR or LF are refused, so that no message hides in another (CVE-2023-51764).
 */
export async function startInbound(db: Knex, config: Config, log: Logger) {
  const server = new SMTPServer({
    ...{ name: config.mail_domain, banner: 'Parley', disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false },
    ...{ size: config.max_message_bytes, maxClients: 100, closeTimeout: 10_000, socketTimeout: 120_000 },
    onRcptTo: ({ address }, session, done) => done(refusalOf(address, session, config)),
    onData: (stream, session, done) => {
      take(stream, session, db, config).then(
        (id) => done(null, `2.0.0 kept as ${id}`),
        (error: unknown) => done(answerTo(error, log)),
      );
    },
  });
  server.on('error', (error) => log.warn({ err: error }, 'inbound mail'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.inbound_port, config.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.inbound_port,
    async stop() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await closeReaders();
    },
  };
}

const RECIPIENTS = 50;

// Whether a reply key is known is not told: all of the right form are taken.
function refusalOf(address: string, { envelope }: SMTPServerSession, config: Config): Error | null {
  if (envelope.rcptTo.length >= RECIPIENTS) return new Answer(452, '4.5.3 Too many recipients; send the rest later');
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  const ours = domain === config.mail_domain && (keyIn(address, config.mail_domain) !== null || /^[a-z0-9][a-z0-9-]{1,38}$/.test(local));
  return ours ? null : new Answer(550, '5.1.1 There is no such mailbox here');
}

async function take(stream: SMTPServerDataStream, session: SMTPServerSession, db: Knex, config: Config): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= config.max_message_bytes) chunks.push(chunk);
    else chunks.length = 0; // too large: the rest is heard, not kept
  }
  if (stream.sizeExceeded || size > config.max_message_bytes)
    throw new Answer(552, `5.3.4 At most ${Math.round(config.max_message_bytes / 2 ** 20)} MB`);
  const raw = Buffer.concat(chunks);
  if (hasBareBreak(raw)) throw new Answer(554, '5.6.0 Lines must end with CR LF');
  const { mailFrom, rcptTo } = session.envelope;
  const recipients = [...new Set(rcptTo.map(({ address }) => address.toLowerCase()))];
  return receive(db, raw, {
    mail_from: mailFrom ? mailFrom.address : '',
    recipients,
    remote_ip: session.remoteAddress,
    helo: session.hostNameAppearsAs || '',
  });
}

function hasBareBreak(raw: Buffer): boolean {
  for (let at = raw.indexOf(10); at !== -1; at = raw.indexOf(10, at + 1)) if (raw[at - 1] !== 13) return true;
  for (let at = raw.indexOf(13); at !== -1; at = raw.indexOf(13, at + 1)) if (raw[at + 1] !== 10) return true;
  return false;
}

function answerTo(error: unknown, log: Logger): Error {
  if (error instanceof Answer) return error;
  log.error({ err: error }, 'a message could not be kept');
  return new Answer(451, '4.3.0 Try again later');
}
