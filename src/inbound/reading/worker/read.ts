import { createHash } from 'node:crypto';
import { maskFile } from '../attachments/masked_file.js';
import { automaticReason, bulkReason } from '../automated/automatic.js';
import { readBounce } from '../automated/bounce.js';
import type { BounceInput } from '../automated/bounce_input.js';
import { pressedAnswer } from '../automated/pressed_answer.js';
import { cleaned } from '../cleaned.js';
import { NOTICES } from '../formats/crypto.js';
import { attachmentsOf } from '../attachments/received_files.js';
import { addressesIn, messageIds, valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import type { Limits } from '../limits.js';
import type { MailAttachment, ReadingContext, ReadMail } from '../message.js';
import { parseMime, safeText } from '../mime/mime.js';
import type { Mime } from '../mime/mime.js';
import { readReply } from '../../reply.js';
import type { ReplyContext } from '../../reply/quotes/answered_email.js';
import { readSender } from '../sender/from_header.js';
import type { SenderReading } from '../sender/from_header.js';

/** A parsed message whose sender is not authenticated yet. */
export type Unauthenticated = Omit<ReadMail, 'authentication'>;

const MAX_REFERENCES = 32;
const MAX_SUBJECT = 255;
const RECIPIENT_HEADERS = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'to', 'cc'];

/** Reads a message within `limits`. Call it in a worker: hostile mail may hang or crash it. @throws MailRefused */
export async function readMessage(raw: Buffer, context: ReadingContext, limits: Limits): Promise<Unauthenticated> {
  const mail = await parseMime(raw, limits);
  const { fields, event } = mail;
  const sender = agreedSender(mail);
  const from = 'sender' in sender ? sender.sender : null;
  const subject = subjectOf(mail);
  const replyContext = replyContextOf(context, mail, subject);
  const { mail_from, recipient } = context;
  const facts = { fields, subject, mail_from, recipient, from: from?.address ?? null };
  const reading = readReply(mail.text, mail.html, replyContext);
  const pressed = reading.reply.text.trim() === '' ? pressedAnswer(subject, event, from?.name ?? '') : '';
  const { attachments, notice } = attachmentsOf(mail.files, reading.trimmed_images);
  return {
    ...thread(raw, fields),
    date: dateOf(fields),
    from: from && { ...from, name: cleaned(from.name) },
    recipients: recipientsOf(fields, context.recipient),
    bounce: bounceOf({ ...facts, text: mail.text || reading.reply.text, parts: mail.files }),
    attachments: attachments.map(shownFile),
    ...cleaned({
      subject,
      from_problem: 'problem' in sender ? sender.problem : null,
      automatic: automaticReason(facts),
      bulk: bulkReason(fields),
      reply: pressed === '' ? reading.reply : { ...reading.reply, text: pressed },
      pressed: pressed !== '',
      event,
      notices: [
        ...mail.notices,
        ...(notice === null ? [] : [notice]),
        ...(reading.reply.otherwise ? [NOTICES.differs] : []),
      ],
    }),
  };
}

const shownFile = (file: MailAttachment): MailAttachment => ({
  ...file,
  filename: cleaned(file.filename),
  content: maskFile(file.content),
});

// A new message quotes no email of ours, whatever its address.
const replyContextOf = ({ answered }: ReadingContext, { answers, known_as }: Mime, subject: string): ReplyContext => ({
  ...(answers ? answered : answered?.tails && { tails: answered.tails }),
  ...(known_as && { sender: known_as }),
  ...{ answers, subject },
});

// The displayed and the authenticated sender must be the same, so two parsers of From have to agree.
function agreedSender({ fields, sender, from: [parsed, ...others] }: Mime): SenderReading {
  const reading = readSender(fields, sender);
  if ('problem' in reading) return reading;
  const local = (address: string) => address.slice(0, address.lastIndexOf('@')).toLowerCase();
  const agrees =
    parsed?.address !== undefined && others.length === 0 && local(parsed.address) === local(reading.sender.address);
  return agrees ? reading : { problem: 'From can be read in two ways.' };
}

function thread(
  raw: Buffer,
  fields: readonly HeaderField[],
): Pick<ReadMail, 'message_id' | 'in_reply_to' | 'references'> {
  const ids = (name: string) => valuesOf(fields, name).flatMap((value) => messageIds(safeText(value)));
  return {
    message_id: ids('message-id')[0] ?? `<${createHash('sha256').update(raw).digest('hex')}@without-id.invalid>`,
    in_reply_to: ids('in-reply-to')[0] ?? null,
    references: ids('references').slice(-MAX_REFERENCES),
  };
}

// "Tue, 10 Mar 2026 09:14:00 +0100 (CET)": the comment adds nothing.
function dateOf(fields: readonly HeaderField[]): Date | null {
  const stated = (valuesOf(fields, 'date')[0] ?? '')
    .slice(0, 100)
    .replace(/\([^()]*\)/g, '')
    .trim();
  const time = Date.parse(stated);
  return time > 0 && time <= Date.now() ? new Date(time) : null;
}

function subjectOf(mail: Mime): string {
  // Direction controls would also affect the text around the subject.
  const text = mail.subject.replace(/[\p{Cc}\s]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  return Array.from(text.trim().slice(0, 2000)).slice(0, MAX_SUBJECT).join('');
}

function recipientsOf(fields: readonly HeaderField[], recipient: string | null): string[] {
  const found = RECIPIENT_HEADERS.flatMap((name) =>
    valuesOf(fields, name)
      .flatMap((value) => addressesIn(safeText(value)))
      .slice(0, 1000),
  );
  return [...new Set([...(recipient === null ? [] : [recipient.toLowerCase()]), ...found])];
}

function bounceOf(input: BounceInput): ReadMail['bounce'] {
  const bounce = readBounce(input);
  return bounce && { ...bounce, diagnostic: bounce.diagnostic && cleaned(safeText(bounce.diagnostic)) };
}
