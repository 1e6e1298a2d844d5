import { createHash } from 'node:crypto';
import type { Attachment, ParsedMail } from 'mailparser';
import { automaticReason } from './automatic.js';
import { readBounce, type Suspect } from './bounce.js';
import { safeFilename } from './filename.js';
import { addressesIn, headerFields, messageIds, valuesOf } from './headers.js';
import type { HeaderField } from './headers.js';
import type { Limits } from './limits.js';
import type { MailAttachment, MailContext, ReadMail } from './message.js';
import { bodiesOf, parseMime, safeText } from './mime.js';
import { readReply } from '../reply.js';
import type { ReplyReading } from '../reply.js';
import { readSender } from './sender.js';
import type { SenderReading } from './sender.js';

/** All that a message says but for who vouches for it. Throws MailRefused. To be called where a hang or a crash does no harm. */
export type Unauthenticated = Omit<ReadMail, 'authentication'>;

const MOST_REFERENCES = 32;
const LONGEST_SUBJECT = 255;
const RECIPIENT_HEADERS = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'to', 'cc'];

/** Reads a message within `limits`. Throws MailRefused. */
export async function readMessage(raw: Buffer, context: MailContext, limits: Limits): Promise<Unauthenticated> {
  const mail = await parseMime(raw, limits);
  const fields = headerFields(raw);
  const sender = agreedSender(fields, mail);
  const from = 'sender' in sender ? sender.sender : null;
  const subject = subjectOf(mail);
  const bodies = bodiesOf(mail);
  const knowledge = { ...context.answered, subject, ...(from !== null && from.name !== '' && { sender: from.name }) };
  const circumstances = { fields, subject, mail_from: context.mail_from, from: from?.address ?? null };
  const reading = readReply(bodies.text, bodies.html, knowledge);
  return {
    ...thread(raw, fields),
    date: dateOf(mail),
    subject,
    from,
    from_problem: 'problem' in sender ? sender.problem : null,
    recipients: recipientsOf(fields, context.recipient),
    automatic: automaticReason(circumstances),
    bounce: bounceOf({ ...circumstances, text: bodies.text || reading.reply.text }, mail),
    reply: reading.reply,
    attachments: attachmentsOf(mail, reading),
  };
}

// What is shown and what is checked must be the same: two readers of From have to agree.
function agreedSender(fields: readonly HeaderField[], mail: ParsedMail): SenderReading {
  const [parsed, ...others] = mail.from?.value ?? [];
  const reading = readSender(fields, safeText(parsed?.name ?? ''));
  if ('problem' in reading) return reading;
  const local = (address: string) => address.slice(0, address.lastIndexOf('@')).toLowerCase();
  const agrees = parsed?.address !== undefined && others.length === 0 && local(parsed.address) === local(reading.sender.address);
  return agrees ? reading : { problem: 'From can be read in two ways.' };
}

function thread(raw: Buffer, fields: readonly HeaderField[]): Pick<ReadMail, 'message_id' | 'in_reply_to' | 'references'> {
  const ids = (name: string) => valuesOf(fields, name).flatMap((value) => messageIds(safeText(value)));
  return {
    message_id: ids('message-id')[0] ?? `<${createHash('sha256').update(raw).digest('hex')}@without-id.invalid>`,
    in_reply_to: ids('in-reply-to')[0] ?? null,
    references: ids('references').slice(-MOST_REFERENCES),
  };
}

function dateOf(mail: ParsedMail): Date | null {
  return mail.date && mail.date.getTime() > 0 && mail.date.getTime() <= Date.now() ? mail.date : null;
}

function subjectOf(mail: ParsedMail): string {
  const text = safeText(mail.subject ?? '').replace(/[\p{Cc}\s]+/gu, ' ');
  return Array.from(text.trim()).slice(0, LONGEST_SUBJECT).join('');
}

function recipientsOf(fields: readonly HeaderField[], recipient: string | null): string[] {
  const found = RECIPIENT_HEADERS.flatMap((name) =>
    valuesOf(fields, name)
      .flatMap((value) => addressesIn(safeText(value)))
      .slice(0, 1000),
  );
  return [...new Set([...(recipient === null ? [] : [recipient.toLowerCase()]), ...found])];
}

function bounceOf(suspect: Omit<Suspect, 'parts'>, mail: ParsedMail): ReadMail['bounce'] {
  const bounce = readBounce({
    ...suspect,
    parts: mail.attachments.map((part) => ({ content_type: part.contentType, content: part.content })),
  });
  return bounce && { ...bounce, diagnostic: bounce.diagnostic === null ? null : safeText(bounce.diagnostic) };
}

function attachmentsOf(mail: ParsedMail, reading: ReplyReading): MailAttachment[] {
  return mail.attachments
    .filter((part) => !isNoise(part, reading))
    .map((part, index) => ({
      filename: safeFilename(
        part.filename,
        `${part.contentType.startsWith('image/') ? 'image' : 'attachment'}-${index + 1}${extensionFor(part.contentType)}`,
      ),
      content_type: safeText(part.contentType).slice(0, 200),
      content: part.content,
      inline: part.contentDisposition !== 'attachment' && part.cid !== undefined,
    }));
}

// A logo in a signature or in the quoted message: nothing the sender sent.
function isNoise(part: Attachment, reading: ReplyReading): boolean {
  return (
    part.cid !== undefined &&
    part.contentDisposition !== 'attachment' &&
    part.contentType.startsWith('image/') &&
    reading.trimmed_images.has(part.cid)
  );
}

function extensionFor(type: string): string {
  const known: Readonly<Record<string, string>> = {
    'message/rfc822': '.eml',
    'image/png': '.png',
    'image/jpeg': '.jpg',
    'image/gif': '.gif',
    'application/pdf': '.pdf',
    'text/calendar': '.ics',
  };
  return known[type] ?? '';
}
