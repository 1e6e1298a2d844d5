import { type ParsedMail, simpleParser } from 'mailparser';
import nodemailer from 'nodemailer';
import { SMTPServer, type SMTPServerEnvelope } from 'smtp-server';
import { type Signal, signal } from './signal.js';

export interface ReceivedEmail extends ParsedMail {
  /** The recipient of the envelope. */
  recipient: string;
  /** How many recipients the envelope had, and its sender. */
  recipients: number;
  mail_from: string;
  /** The magic link behind its button, as a path. */
  link: string;
  reply_to: string;
  raw: string;
}

/** The outside world's mail server: takes what Parley sends (`arrivals`), and can be asked to answer otherwise. */
export async function openPostOffice(arrivals: Signal = signal()) {
  const emails: ReceivedEmail[] = [];
  const stalls = signal();
  const office = {
    answer: null as null | { code: number; message: string },
    refuses_senders: false,
    held: null as null | (() => void)[],
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    // As servers do that want a login first.
    onMailFrom: (_address, _session, done) =>
      done(
        office.refuses_senders
          ? Object.assign(new Error('5.7.0 Authentication required'), { responseCode: 530 })
          : null,
      ),
    onData: (stream, session, done) => {
      const take = async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
        const raw = Buffer.concat(chunks);
        if (office.held) {
          stalls.happened();
          await new Promise<void>((resolve) => office.held?.push(resolve));
          return; // whoever sent it is gone by now
        }
        if (office.answer)
          return done(Object.assign(new Error(office.answer.message), { responseCode: office.answer.code }));
        emails.push(await receivedOf(raw, session.envelope));
        arrivals.happened();
        done();
      };
      // Whoever sends may be killed in the middle of it.
      take().catch(done);
    },
  });
  server.on('error', () => {}); // a connection that was cut off
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return Object.assign(office, {
    emails,
    /** From now on messages are taken and never answered, until `resume`. Returns when the first of them is there. */
    stall(): { first: Promise<void> } {
      office.held = [];
      return { first: stalls.next() };
    },
    resume() {
      const held = office.held ?? [];
      office.held = null;
      for (const release of held) release();
    },
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

async function receivedOf(raw: Buffer, { mailFrom, rcptTo }: SMTPServerEnvelope): Promise<ReceivedEmail> {
  const mail = await simpleParser(raw);
  const link = /https?:\/\/[^/\s]+(\/(?:in|sign-in\/link)\/[\w-]+)/.exec(mail.text ?? '')?.[1] ?? '';
  const recipient = rcptTo[0]?.address ?? '';
  const mail_from = mailFrom ? mailFrom.address : '';
  return {
    ...mail,
    recipient,
    recipients: rcptTo.length,
    mail_from,
    link,
    reply_to: mail.replyTo?.value[0]?.address ?? '',
    raw: raw.toString('utf8'),
  };
}

export interface Answer {
  from: string;
  to: string;
  subject?: string;
  text?: string;
  html?: string;
  headers?: Record<string, string>;
  in_reply_to?: string;
  message_id?: string;
  attachments?: { filename: string; content: string | Buffer; contentType?: string }[];
  /** The envelope's sender, if it isn't From. */
  mail_from?: string;
}

/** Sends a message to Parley over SMTP, as any mail server would. */
export async function mailIn(
  port: number,
  { from, to, in_reply_to, message_id, mail_from, ...rest }: Answer,
): Promise<string> {
  const smtp = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  const ids = {
    ...(in_reply_to ? { inReplyTo: in_reply_to, references: in_reply_to } : {}),
    ...(message_id ? { messageId: message_id } : {}),
  };
  const { response } = await smtp.sendMail({ from, to, ...rest, ...ids, envelope: { from: mail_from ?? from, to } });
  smtp.close();
  return response;
}

/** Sends bytes as they are; `mail_from` '' is the null path of a report. */
export async function rawIn(
  port: number,
  { mail_from, to, raw }: { mail_from: string; to: string; raw: string },
): Promise<string> {
  const smtp = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  const { response } = await smtp.sendMail({ envelope: { from: mail_from, to: [to] }, raw });
  smtp.close();
  return response;
}

/** What a mail program puts below an answer. */
export const quoted = (received: ReceivedEmail, words: string) =>
  `${words}\n\nOn Tue, 3 Nov 2026 at 09:14, ${received.from?.text} wrote:\n\n${(received.text ?? '').replace(/^/gm, '> ')}\n`;
