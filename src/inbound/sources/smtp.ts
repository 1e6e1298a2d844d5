import { once } from 'node:events';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Config } from '../../config.js';
import { keyIn } from '../../mail/address.js';
import { closeReaders } from '../reading/parse.js';
import { receive } from '../receive.js';
import { type Room, roomFor } from './room.js';
import { organizationAt } from '../deciding/thread_of.js';

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
  const room = roomFor(AT_ONCE * config.max_message_bytes);
  const server = new SMTPServer({
    name: config.mail_domain,
    banner: 'Parley',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: config.max_message_bytes,
    maxClients: 100,
    closeTimeout: 10_000,
    socketTimeout: 120_000,
    onRcptTo: ({ address }, session, done) => {
      refusalOf(address, session, db, config).then(done, (error: unknown) => done(answerTo(error, log)));
    },
    onData: (stream, session, done) => {
      take(stream, session, db, config, room).then(
        (id) => done(null, `2.0.0 kept as ${id}`),
        (error: unknown) => done(answerTo(error, log)),
      );
    },
  });
  server.on('error', (error) => log.warn({ err: error }, 'inbound mail'));
  server.listen(config.inbound_port, config.host);
  await once(server.server, 'listening');
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.inbound_port,
    async stop() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await closeReaders();
    },
  };
}

/** So many of the largest messages are heard at a time; who brings more comes again later. */
const AT_ONCE = 8;
const RECIPIENTS = 50;

// Whether a reply key is known is not told: all of the right form are taken. The organizations' own addresses are known to all.
async function refusalOf(address: string, { envelope }: SMTPServerSession, db: Knex, config: Config): Promise<Error | null> {
  if (envelope.rcptTo.length >= RECIPIENTS) return new Answer(452, '4.5.3 Too many recipients; send the rest later');
  const ours = keyIn(address, config.mail_domain) ?? (await organizationAt(db, address.toLowerCase(), config.mail_domain));
  return ours ? null : new Answer(550, '5.1.1 There is no such mailbox here');
}

async function take(stream: SMTPServerDataStream, session: SMTPServerSession, db: Knex, config: Config, room: Room): Promise<string> {
  const chunks: Buffer[] = [];
  let [size, kept] = [0, 0];
  try {
    // What goes beyond a limit is heard to its end, and not kept.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const whole = kept === size;
      size += chunk.length;
      if (!whole || size > config.max_message_bytes || !room.take(chunk.length)) continue;
      chunks.push(chunk);
      kept = size;
    }
    if (size > config.max_message_bytes) throw new Answer(552, `5.3.4 At most ${Math.round(config.max_message_bytes / 2 ** 20)} MB`);
    if (kept < size) throw new Answer(452, '4.3.1 Too much mail at once; come again later');
    return await keep(Buffer.concat(chunks), session, db);
  } finally {
    room.free(kept);
  }
}

function keep(raw: Buffer, session: SMTPServerSession, db: Knex): Promise<string> {
  if (hasBareBreak(raw)) throw new Answer(554, '5.6.0 Lines must end with CR LF');
  const { mailFrom, rcptTo } = session.envelope;
  return receive(db, raw, {
    source: 'smtp',
    mail_from: mailFrom ? mailFrom.address : '',
    recipients: [...new Set(rcptTo.map(({ address }) => address.toLowerCase()))],
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
