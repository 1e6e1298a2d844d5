import { once } from 'node:events';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { replyKeyIn } from '../../../mail/address.js';
import { type MailIntake, ownRecipients, ownRecipient } from '../recipients.js';
import { recipientLimit, type RecipientLimit } from './recipient_limit.js';
import { readStream } from '../read_stream.js';
import { storeMessage } from '../accept.js';
import { countReplyKeys } from './reply_keys.js';
import { toRejection, Rejection, type RejectionReason } from '../rejection.js';
import { type MemoryBudget, memoryBudget } from '../memory_budget.js';
import { type Certificate, reloadCertificate } from './tls.js';

/** An answer with its SMTP code (RFC 5321 §4.2) and its enhanced code (RFC 3463) in the words. */
class Answer extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

const CODES: Record<RejectionReason, [number, string]> = {
  forged: [550, '5.7.1'],
  nobody: [550, '5.1.1'],
  too_large: [552, '5.3.4'],
  looped: [554, '5.4.6'],
  bare_breaks: [554, '5.6.0'],
  unreadable: [451, '4.3.0'],
  full: [452, '4.3.1'],
  away: [451, '4.3.0'],
};

interface Desk extends MailIntake {
  room: MemoryBudget;
  guesses: RecipientLimit;
  /** Sessions whose message is being kept, by id. */
  under_way: Set<string>;
  stopping: boolean;
}

/**
 * Takes in mail for our domain. "250" is said only once the message is committed; with the database or the disk away
 * the sender is told to try again. The end of the data is CRLF.CRLF alone, and bare CR or LF are refused, so that no
 * message hides in another (CVE-2023-51764). Stopping tells those who are between two messages to come again, and
 * lets the messages under way be kept.
 */
export async function startSmtp(door: MailIntake, tls: Certificate | null) {
  const { config, log } = door;
  const room = memoryBudget(AT_ONCE * config.max_message_bytes, config);
  const desk: Desk = { ...door, room, guesses: recipientLimit(), under_way: new Set(), stopping: false };
  const server = serverOf(desk, tls);
  server.on('error', (error) => log.warn({ err: error }, 'inbound mail'));
  server.listen(config.inbound_port, config.host);
  await once(server.server, 'listening');
  const fresh = config.inbound_tls && reloadCertificate(server, config.inbound_tls, log);
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.inbound_port,
    async stop() {
      clearInterval(fresh ?? undefined);
      desk.stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sendAway(server, desk);
      await closed;
    },
  };
}

function serverOf(desk: Desk, tls: Certificate | null): SMTPServer {
  const { mail_domain, max_message_bytes } = desk.config;
  const server: SMTPServer = new SMTPServer({
    name: mail_domain,
    banner: 'Parley',
    ...tls,
    disabledCommands: tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: max_message_bytes,
    maxClients: 100,
    closeTimeout: 10_000,
    socketTimeout: 120_000,
    onRcptTo: ({ address }, session, done) => {
      refusalOf(address, session, desk).then(done, (error: unknown) => done(answerTo(error, desk)));
    },
    onData: (stream, session, done) => {
      desk.under_way.add(session.id);
      void take(stream, session, desk)
        .then(
          (id) => done(null, `2.0.0 kept as ${id}`),
          (error: unknown) => done(answerTo(error, desk)),
        )
        .finally(() => {
          desk.under_way.delete(session.id);
          if (desk.stopping) setImmediate(sendAway, server, desk);
        });
    },
  });
  return server;
}

/** So many of the largest messages are heard at a time; who brings more comes again later. */
const AT_ONCE = 20;
const RECIPIENTS = 50;

/** "421" to all whose message is not under way (RFC 5321 §3.8). */
function sendAway(server: SMTPServer, { under_way }: Desk): void {
  for (const connection of server.connections)
    if (!under_way.has(connection.id)) connection.send(421, '4.3.2 Closing for a moment; come again', false);
}

async function refusalOf(address: string, session: SMTPServerSession, desk: Desk): Promise<Error | null> {
  if (session.envelope.rcptTo.length >= RECIPIENTS)
    return new Answer(452, '4.5.3 Too many recipients; send the rest later');
  // Before anything is looked up, so that the known and the unknown are answered alike.
  const free = desk.config.inbound_relays.includes(session.remoteAddress);
  if (!free && !desk.guesses.take(session.remoteAddress))
    return new Answer(451, '4.7.1 Too many addresses at once; come again later');
  return (await ownRecipient(address, desk)) ? null : new Answer(550, '5.1.1 There is no such mailbox here');
}

async function take(stream: SMTPServerDataStream, session: SMTPServerSession, desk: Desk): Promise<string> {
  const { mailFrom, rcptTo } = session.envelope;
  const { remoteAddress: remote_ip, hostNameAppearsAs } = session;
  const from = {
    source: 'smtp' as const,
    mail_from: mailFrom ? mailFrom.address : '',
    remote_ip,
    helo: hostNameAppearsAs || '',
  };
  return readStream(stream as AsyncIterable<Buffer>, desk.config.max_message_bytes, desk.room, async (raw) => {
    if (hasBareBreak(raw)) throw new Rejection('bare_breaks', 'Lines must end with CR LF');
    const addresses = rcptTo.map(({ address }) => address);
    const recipients = await ownRecipients(addresses, desk);
    const id = await storeMessage(desk, raw, { ...from, recipients });
    await forgive(remote_ip, recipients, desk);
    return id;
  });
}

/** Who reaches somebody was not guessing. Looked up only where much was named. */
async function forgive(ip: string, recipients: string[], { db, config, guesses, log }: Desk): Promise<void> {
  if (!guesses.isLow(ip)) return;
  const keys = recipients.flatMap((address) => replyKeyIn(address, config.mail_domain) ?? []);
  const known = await countReplyKeys(db, keys).catch((error: unknown) => {
    log.warn({ err: error }, 'reply keys could not be looked up');
    return keys.length;
  });
  guesses.give(ip, recipients.length - keys.length + known);
}

function hasBareBreak(raw: Buffer): boolean {
  for (let at = raw.indexOf(10); at !== -1; at = raw.indexOf(10, at + 1)) if (raw[at - 1] !== 13) return true;
  for (let at = raw.indexOf(13); at !== -1; at = raw.indexOf(13, at + 1)) if (raw[at + 1] !== 10) return true;
  return false;
}

function answerTo(error: unknown, { log }: Desk): Error {
  if (error instanceof Answer) return error;
  const { why, later, message, cause } = toRejection(error);
  if (later) log.error({ err: cause ?? error }, 'a message could not be kept');
  const [code, enhanced] = CODES[why];
  return new Answer(code, `${enhanced} ${message}`);
}
