import { randomBytes } from 'node:crypto';
import type { AddressObject, EmailAddress, ParsedMail } from 'mailparser';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { escapeHtml } from '../../pages/views/template.js';
import type { Person } from './inboxes.js';
import { type Program, programs } from './mail_clients.js';

/** An uploaded file. */
interface Upload {
  originalname: string;
  mimetype: string;
  buffer: Buffer;
}

interface Reply extends SendMailOptions {
  to: { name: string; address: string };
}

/** A person's reply as their mail client sends it: quoted, threaded (RFC 5322 §3.6.4), and sent to Reply-To. */
export function composeReply(
  mail: Partial<ParsedMail>,
  person: Person,
  program: Program,
  typed: string,
  files: Upload[] = [],
): Reply {
  const { references = [], messageId, subject = '', date = new Date() } = mail;
  const { name, address } = person;
  const from = firstMailbox(mail.from);
  const text = (mail.text ?? '').trimEnd();
  const answered = { from, to: { name, address }, subject, date, text, html: bodyOf(mail) };
  const thread = messageId ? { inReplyTo: messageId, references: [...[references].flat(), messageId] } : {};
  return {
    from: { name, address },
    to: mail.replyTo ? firstMailbox(mail.replyTo) : from,
    messageId: `<${randomBytes(16).toString('hex')}@${domainOf(person)}>`,
    ...thread,
    ...programs[program](typed.replace(/\r\n?/g, '\n').trimEnd(), person, answered),
    textEncoding: 'quoted-printable' as const,
    attachments: files.map(({ originalname, mimetype, buffer }) => ({
      filename: originalname,
      contentType: mimetype,
      content: buffer,
    })),
  };
}

/** Sends a reply to our own SMTP port and returns the server's response. @throws nodemailer's errors */
export async function sendReply(message: Reply, person: Person, port: number): Promise<string> {
  const smtp = createTransport({
    host: '127.0.0.1',
    port,
    secure: false,
    ignoreTLS: true,
    name: domainOf(person),
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 30_000,
  });
  try {
    return (await smtp.sendMail({ ...message, envelope: { from: person.address, to: message.to.address } })).response;
  } finally {
    smtp.close();
  }
}

const domainOf = ({ address }: Person) => /@([a-z0-9.-]+)$/i.exec(address)?.[1] ?? 'localhost';

function firstMailbox(addresses: AddressObject | undefined): { name: string; address: string } {
  const { name = '', address = '' }: Partial<EmailAddress> = addresses?.value[0] ?? {};
  return { name, address };
}

/** The content of the body element, or a plain-text message as HTML. */
function bodyOf({ html, text = '' }: Partial<ParsedMail>): string {
  if (typeof html !== 'string') return `<div>${escapeHtml(text).replaceAll('\n', '<br>')}</div>`;
  return /<body[^>]*>([\s\S]*?)(?:<\/body>|$)/i.exec(html)?.[1]?.trim() ?? html;
}
