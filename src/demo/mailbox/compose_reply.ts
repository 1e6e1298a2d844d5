import { randomBytes } from 'node:crypto';
import type { AddressObject, EmailAddress, ParsedMail } from 'mailparser';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { escapeHtml } from '../../pages/views/template.js';
import type { Person } from './inboxes.js';
import { type Program, programs } from './mail_clients.js';

/** A file as the form brought it. */
export interface Enclosed {
  originalname: string;
  mimetype: string;
  buffer: Buffer;
}

interface Reply extends SendMailOptions {
  to: { name: string; address: string };
}

/**
 * The answer of a person to a message, as their mail program sends it: quoted in its way, threaded (RFC 5322 §3.6.4),
 * to where replies are wanted.
 */
export function composeReply(
  mail: Partial<ParsedMail>,
  person: Person,
  program: Program,
  typed: string,
  files: Enclosed[] = [],
): Reply {
  const { references = [], messageId } = mail;
  const from = first(mail.from);
  const text = typed.replace(/\r\n?/g, '\n').trimEnd();
  const answered = {
    from,
    to: { name: person.name, address: person.address },
    subject: mail.subject ?? '',
    date: mail.date ?? new Date(),
    text: (mail.text ?? '').trimEnd(),
    html: insideOf(mail),
  };
  const thread = messageId ? { inReplyTo: messageId, references: [...[references].flat(), messageId] } : {};
  return {
    from: { name: person.name, address: person.address },
    to: mail.replyTo ? first(mail.replyTo) : from,
    messageId: `<${randomBytes(16).toString('hex')}@${domainOf(person)}>`,
    ...thread,
    ...programs[program](text, person, answered),
    textEncoding: 'quoted-printable' as const,
    attachments: files.map(({ originalname, mimetype, buffer }) => ({
      filename: originalname,
      contentType: mimetype,
      content: buffer,
    })),
  };
}

/**
 * Sends it by SMTP to this machine's own port for mail. Returns the server's answer. @throws what nodemailer throws,
 * with the answer in it.
 */
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

function first(given: AddressObject | undefined): { name: string; address: string } {
  const { name = '', address = '' }: Partial<EmailAddress> = given?.value[0] ?? {};
  return { name, address };
}

/** What stands inside the body element; of a message in plain text its lines. */
function insideOf({ html, text = '' }: Partial<ParsedMail>): string {
  if (typeof html !== 'string') return `<div>${escapeHtml(text).replaceAll('\n', '<br>')}</div>`;
  return /<body[^>]*>([\s\S]*?)(?:<\/body>|$)/i.exec(html)?.[1]?.trim() ?? html;
}
