import { once } from 'node:events';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { replyKeyIn } from '../../../mail/address.js';
import { storeMessage } from '../accept.js';
import { type MemoryBudget, memoryBudget } from '../memory_budget.js';
import { readStream } from '../read_stream.js';
import { countReplyKeys, type MailIntake, ownRecipients, ownRecipient } from '../recipients.js';
import { Rejection } from '../rejection.js';
import { RecipientLimit } from './recipient_limit.js';
import { responseTo, SmtpResponse } from './smtp_response.js';
import { type Certificate, reloadCertificate } from './tls.js';

interface SmtpContext extends MailIntake {
  budget: MemoryBudget;
  limit: RecipientLimit;
  /** Ids of the sessions that are sending a message. */
  busy: Set<string>;
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
  const context: SmtpContext = { ...intake, budget, limit: new RecipientLimit(), busy: new Set(), stopping: false };
  const server = createServer(context, tls);
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
    maxClients: 100,
    closeTimeout: 10_000,
    socketTimeout: 120_000,
    onRcptTo: ({ address }, session, done) => {
      refusal(address, session, context).then(done, (error: unknown) => done(responseTo(error, context.log)));
    },
    onData: (stream, session, done) => {
      context.busy.add(session.id);
      void receiveMessage(stream, session, context)
        .then(
          (id) => done(null, `2.0.0 kept as ${id}`),
          (error: unknown) => done(responseTo(error, context.log)),
        )
        .finally(() => {
          context.busy.delete(session.id);
          if (context.stopping) setImmediate(closeIdle, server, context);
        });
    },
  });
  return server;
}

/** Sends "421" (RFC 5321 §3.8) to all clients that aren't sending a message. */
function closeIdle(server: SMTPServer, { busy }: SmtpContext): void {
  for (const connection of server.connections)
    if (!busy.has(connection.id)) connection.send(421, '4.3.2 Closing for a moment; come again', false);
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
