import { once } from 'node:events';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { replyKeyIn } from '../../../mail/address.js';
import { storeMessage } from '../accept.js';
import { type MemoryBudget, memoryBudget } from '../memory_budget.js';
import { readStream } from '../read_stream.js';
import { countReplyKeys, type MailIntake, ownRecipients, ownRecipient } from '../recipients.js';
import { Rejection } from '../rejection.js';
import { Connections } from './connections.js';
import { RecipientLimit } from './recipient_limit.js';
import { responseTo, SmtpResponse } from './smtp_response.js';
import { type Certificate, reloadCertificate } from './tls.js';

interface SmtpContext extends MailIntake {
  budget: MemoryBudget;
  limit: RecipientLimit;
  connections: Connections;
  stopping: boolean;
}

/** So many messages of the maximum size are received at once; further senders are asked to try later. */
const MESSAGES_AT_ONCE = 20;
const MAX_RECIPIENTS = 50;

/**
 * Receives mail for our domain over SMTP. "250" is sent only after the message is committed; if the database or disk is
 * unavailable the sender is asked to try again. Bare CR or LF are rejected, so that no message hides in another
 * (CVE-2023-51764). Stopping completes the messages in progress and asks idle clients to come back.
 */
export async function startSmtp(intake: MailIntake, tls: Certificate | null) {
  const { config, log } = intake;
  const budget = memoryBudget(MESSAGES_AT_ONCE * config.max_message_bytes, config);
  const drop = (id: string) => close(server, (other) => other === id, '4.3.2 Too many connections; come again later');
  const connections = new Connections(drop, config.inbound_relays);
  const context: SmtpContext = { ...intake, budget, limit: new RecipientLimit(), connections, stopping: false };
  const server: SMTPServer = createServer(context, tls);
  server.on('error', (error) => log.warn({ err: error }, 'inbound mail'));
  server.listen(config.inbound_port, config.host);
  await once(server.server, 'listening');
  const reloading = config.inbound_tls && reloadCertificate(server, config.inbound_tls, log);
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.inbound_port,
    async stop() {
      clearInterval(reloading ?? undefined);
      context.stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      closeIdle(server, context);
      await closed;
    },
  };
}

function createServer(context: SmtpContext, tls: Certificate | null): SMTPServer {
  const { mail_domain, max_message_bytes } = context.config;
  const server: SMTPServer = new SMTPServer({
    name: mail_domain,
    banner: 'Parley',
    ...tls,
    disabledCommands: tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: max_message_bytes,
    closeTimeout: 10_000,
    socketTimeout: 120_000,
    ...limitedConnections(context),
    onRcptTo: ({ address }, session, done) => {
      context.connections.note(session, 'begun');
      refusal(address, session, context).then(done, (error: unknown) => done(responseTo(error, context.log)));
    },
    onData: (stream, session, done) => {
      context.connections.note(session, 'busy');
      void receiveMessage(stream, session, context)
        .then(
          (id) => done(null, `2.0.0 kept as ${id}`),
          (error: unknown) => done(responseTo(error, context.log)),
        )
        .finally(() => {
          context.connections.note(session, 'idle');
          if (context.stopping) setImmediate(closeIdle, server, context);
        });
    },
  });
  return server;
}

/** Follows what each connection is at, so that idle ones make room for others. */
const limitedConnections = ({ connections }: SmtpContext): SMTPServerOptions => ({
  onConnect: (session, done) => {
    if (connections.admit(session)) done();
    else done(new SmtpResponse(421, '4.3.2 Too many connections; come again later'));
  },
  onMailFrom: (_address, session, done) => {
    connections.note(session, 'begun');
    done();
  },
  onClose: (session) => connections.remove(session),
});

/** Sends "421" (RFC 5321 §3.8) to all clients that aren't sending a message. */
const closeIdle = (server: SMTPServer, { connections }: SmtpContext): void =>
  close(server, (id) => !connections.isBusy(id), '4.3.2 Closing for a moment; come again');

function close(server: SMTPServer, fits: (id: string) => boolean, text: string): void {
  for (const connection of server.connections) if (fits(connection.id)) connection.send(421, text, false);
}

async function refusal(address: string, session: SMTPServerSession, context: SmtpContext): Promise<Error | null> {
  if (session.envelope.rcptTo.length >= MAX_RECIPIENTS)
    return new SmtpResponse(452, '4.5.3 Too many recipients; send the rest later');
  // Before any lookup, so that the response doesn't depend on whether the address exists.
  const exempt = context.config.inbound_relays.includes(session.remoteAddress);
  if (!exempt && !(await context.limit.take(session.remoteAddress)))
    return new SmtpResponse(451, '4.7.1 Too many addresses at once; come again later');
  return (await ownRecipient(address, context)) ? null : new SmtpResponse(550, '5.1.1 There is no such mailbox here');
}

async function receiveMessage(
  stream: SMTPServerDataStream,
  { envelope, remoteAddress: remote_ip, hostNameAppearsAs }: SMTPServerSession,
  context: SmtpContext,
): Promise<string> {
  const { mailFrom, rcptTo } = envelope;
  const mail_from = mailFrom ? mailFrom.address : '';
  const sender = { source: 'smtp' as const, mail_from, remote_ip, helo: hostNameAppearsAs || '' };
  const limit = context.config.max_message_bytes;
  return readStream(stream as AsyncIterable<Buffer>, limit, context.budget, async (raw) => {
    if (hasBareBreak(raw)) throw new Rejection('bare_breaks', 'Lines must end with CR LF');
    const addresses = rcptTo.map(({ address }) => address);
    const recipients = await ownRecipients(addresses, context);
    const id = await storeMessage(context, raw, { ...sender, recipients });
    await giveBack(remote_ip, recipients, context);
    return id;
  });
}

/** Existing recipients don't count against the limit. Reply keys are only looked up once it runs low. */
async function giveBack(ip: string, recipients: string[], { db, config, limit, log }: SmtpContext): Promise<void> {
  if (!(await limit.isLow(ip))) return;
  const keys = recipients.flatMap((address) => replyKeyIn(address, config.mail_domain) ?? []);
  const existing = await countReplyKeys(db, keys).catch((error: unknown) => {
    log.warn({ err: error }, 'reply keys could not be looked up');
    return keys.length;
  });
  await limit.give(ip, recipients.length - keys.length + existing);
}

function hasBareBreak(raw: Buffer): boolean {
  for (let at = raw.indexOf(10); at !== -1; at = raw.indexOf(10, at + 1)) if (raw[at - 1] !== 13) return true;
  for (let at = raw.indexOf(13); at !== -1; at = raw.indexOf(13, at + 1)) if (raw[at + 1] !== 10) return true;
  return false;
}
