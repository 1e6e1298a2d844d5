import type { Portal } from '../portal.js';
import { type ReceivedEmail, quoted } from '../post_office.js';
import { type Mail, idsIn } from './mail.js';
import type { Program } from './programs.js';

/** What a mail server on the way makes of our messages: another Message-ID, for one. */
export type Handling = (mail: Mail) => Mail;

export const asSent: Handling = (mail) => mail;

const mailOf = ({ messageId, inReplyTo, references, subject, date }: ReceivedEmail): Mail => ({
  message_id: messageId ?? '',
  in_reply_to: inReplyTo ?? '',
  references: idsIn([references ?? []].flat().join(' ')),
  subject: subject ?? '',
  date: date ?? new Date(0),
});

let written = 0;

/** A reader's mailbox, with what came and what they wrote, in that order; they write with this program. */
export function openMailbox(portal: Portal, address: string, program: Program, handled: Handling = asSent) {
  const mine: { after: number; mail: Mail }[] = [];
  const of = (received: ReceivedEmail) => handled(mailOf(received));
  const compose = (received: ReceivedEmail, date: Date): Mail => ({
    message_id: `<${++written}.${program.prefix.length}@${address.split('@')[1]}>`,
    in_reply_to: program.in_reply_to(of(received)),
    references: program.references(of(received)),
    subject: program.prefix + String(received.subject),
    date,
  });
  const newest = (words: string) => portal.post.to(address, words);
  return {
    address,
    newest,
    /** Answers the newest message that says so, now. `lost`: headers that a server on the way drops. */
    async reply(about: string, words: string, { to, lost = [] }: { to?: string; lost?: string[] } = {}) {
      const received = await newest(about);
      const mail = compose(received, new Date(Math.floor(Date.now() / 1000) * 1000));
      mine.push({ after: portal.post.emails.length, mail });
      const named = { 'In-Reply-To': mail.in_reply_to, References: mail.references.join(' ') };
      const headers = Object.entries(named).filter(([name, value]) => value && !lost.includes(name));
      await portal.mailIn({
        ...{
          from: address,
          to: to ?? received.reply_to,
          subject: mail.subject,
          message_id: mail.message_id,
          text: quoted(received, words),
        },
        headers: { ...Object.fromEntries(headers), Date: mail.date.toUTCString() },
      });
    },
    /** All of it, in the order in which it came here. */
    mails: (): Mail[] => [
      ...portal.post.emails.flatMap((received, i) => [
        ...mine.filter(({ after }) => after === i).map(({ mail }) => mail),
        ...(received.recipient === address ? [of(received)] : []),
      ]),
      ...mine.filter(({ after }) => after === portal.post.emails.length).map(({ mail }) => mail),
    ],
  };
}

export type Mailbox = ReturnType<typeof openMailbox>;
