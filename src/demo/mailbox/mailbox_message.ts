import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import type pg from 'pg';
import { type Envelope, rawOf } from './inboxes.js';

/**
 * A message as GET /mailbox/messages.json tells it. `from` as people write it: `Harbor & Pine
 * <harbor@parley.localhost>`; `to` (the recipient of the envelope) and `replyTo` plain addresses; `replyTo` and
 * `html` null where there is none; `date` ISO 8601. `headers` by lower-case name, unfolded, otherwise as they stand
 * in the source; a name that comes several times has an array. `size` in bytes.
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

const MOST_KEPT = 2000;
const read = new Map<string, MailboxMessage>();

/**
 * Messages as data, in the order of `envelopes`. Messages never change, so each is read once; the bytes of its
 * attachments are not held.
 */
export async function messagesOf(pool: pg.Pool, envelopes: Envelope[]): Promise<MailboxMessage[]> {
  if (read.size >= MOST_KEPT) read.clear();
  const raws = await rawOf(
    pool,
    envelopes.map(({ id }) => id).filter((id) => !read.has(id)),
  );
  const messages: MailboxMessage[] = [];
  for (const envelope of envelopes) {
    const message = read.get(envelope.id) ?? told(envelope, await parsed(raws.get(envelope.id) ?? Buffer.alloc(0)));
    read.set(message.id, message);
    messages.push(message);
  }
  return messages;
}

/** A message of ours decoded, with its attachments. What can't be decoded is shown as the text it is. */
export async function parsed(raw: Buffer): Promise<Partial<ParsedMail>> {
  try {
    return await simpleParser(raw, { skipHtmlToText: true, skipTextLinks: true, skipImageLinks: true });
  } catch {
    return { subject: 'This message can’t be read.', text: raw.toString('utf8') };
  }
}

function told({ id, mail_to, sent_at }: Envelope, mail: Partial<ParsedMail>): MailboxMessage {
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
