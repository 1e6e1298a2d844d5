import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import type pg from 'pg';
import { type Envelope, rawOf } from './inboxes.js';

/**
 * A message in GET /mailbox/messages.json. `from` is like `Harbor & Pine <harbor@parley.localhost>`; `to`, the
 * envelope's recipient, and `replyTo` are plain addresses; `date` is ISO 8601. `headers` are raw but unfolded, by name
 * in lower case; a repeated name has an array. `size` is in bytes.
 */
export interface MailboxMessage {
  id: string;
  from: string;
  to: string;
  replyTo: string | null;
  subject: string;
  date: string;
  text: string;
  html: string | null;
  headers: Record<string, string | string[]>;
  attachments: { filename: string; contentType: string; size: number }[];
}

const EMPTY = Buffer.alloc(0);
const CACHE_SIZE = 2000;
const cache = new Map<string, MailboxMessage>();

/** Parses messages, in the order of `envelopes`. They never change and are cached, without their attachments. */
export async function messagesOf(pool: pg.Pool, envelopes: Envelope[]): Promise<MailboxMessage[]> {
  if (cache.size >= CACHE_SIZE) cache.clear();
  const raws = await rawOf(
    pool,
    envelopes.map(({ id }) => id).filter((id) => !cache.has(id)),
  );
  const messages: MailboxMessage[] = [];
  for (const envelope of envelopes) {
    const message = cache.get(envelope.id) ?? toMessage(envelope, await parseMail(raws.get(envelope.id) ?? EMPTY));
    cache.set(message.id, message);
    messages.push(message);
  }
  return messages;
}

/** Parses a message with its attachments. One that can't be parsed is shown as plain text. */
export async function parseMail(raw: Buffer): Promise<Partial<ParsedMail>> {
  try {
    return await simpleParser(raw, { skipHtmlToText: true, skipTextLinks: true });
  } catch {
    return { subject: 'This message can’t be read.', text: raw.toString('utf8') };
  }
}

function toMessage({ id, mail_to, sent_at }: Envelope, mail: Partial<ParsedMail>): MailboxMessage {
  const from = mail.from?.value[0];
  return {
    id,
    from: from?.name ? `${from.name} <${from.address ?? ''}>` : (from?.address ?? ''),
    to: mail_to,
    replyTo: firstAddress(mail.replyTo),
    subject: mail.subject ?? '',
    date: (mail.date ?? sent_at).toISOString(),
    text: mail.text ?? '',
    html: typeof mail.html === 'string' ? mail.html : null,
    headers: headersOf(mail.headerLines ?? []),
    attachments: (mail.attachments ?? []).map(({ filename, contentType, size }) => ({
      filename: filename ?? 'file',
      contentType,
      size,
    })),
  };
}

const firstAddress = (given: AddressObject | undefined): string | null => given?.value[0]?.address ?? null;

function headersOf(lines: readonly { key: string; line: string }[]): Record<string, string | string[]> {
  const headers = new Map<string, string | string[]>();
  for (const { key, line } of lines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n(?=[ \t])/g, '')
      .trim();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(headers);
}
