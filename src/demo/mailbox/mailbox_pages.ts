import type pg from 'pg';
import { renderPage } from '../../pages/render.js';
import { type Envelope, samplePeople, messagesTo } from './inboxes.js';
import { type MailboxMessage, messagesOf } from './mailbox_message.js';
import type { Program } from './mail_clients.js';

/** The result of a reply: the server's response, or the error with the typed text. */
interface ReplyResult {
  replied?: string | null;
  error?: string;
  value?: string;
  program?: Program;
}

const MAX_SHOWN = 200;
const urlOf = (id: string) => `/mailbox/messages/${id}`;

/** The list of people, and the inbox of the selected one. */
export async function indexPage(pool: pg.Pool, address: string | null): Promise<string> {
  return page(pool, 'index', address, null);
}

/** One message with a form to reply. */
export async function messagePage(pool: pg.Pool, envelope: Envelope, result: ReplyResult): Promise<string> {
  const [message] = await messagesOf(pool, [envelope]);
  return page(pool, 'message', envelope.mail_to, message ? { message, result } : null);
}

interface OpenMessage {
  message: MailboxMessage;
  result: ReplyResult;
}

async function page(pool: pg.Pool, view: string, address: string | null, open: OpenMessage | null): Promise<string> {
  const [all, envelopes] = await Promise.all([samplePeople(pool), address ? messagesTo(pool, address) : []]);
  const messages = await messagesOf(pool, envelopes.slice(0, MAX_SHOWN));
  const person = all.find((one) => one.address === address) ?? null;
  return renderPage(`mailbox/${view}`, {
    layout: 'mailbox',
    time_zone: person?.time_zone ?? 'UTC',
    page: { title: open?.message.subject ?? 'Mailbox' },
    portal_url: '/',
    people: all.map(({ name, address, company, count }) => ({
      href: `/mailbox?to=${encodeURIComponent(address)}`,
      name,
      address,
      company,
      count,
      current: address === person?.address,
    })),
    person,
    messages: messages.map((message) => row(message, open?.message.id)),
    message: open ? openedMessage(open) : null,
  });
}

const row = ({ id, from, subject, date, text, attachments }: MailboxMessage, current: string | undefined) => ({
  href: urlOf(id),
  from: from.replace(/ <[^<>]*>$/, ''),
  subject,
  at: new Date(date),
  current: id === current,
  attachments: attachments.length,
  snippet: text.replace(/\s+/g, ' ').trim().slice(0, 140),
});

function openedMessage({ message, result }: OpenMessage) {
  const { id, from, to, replyTo, subject, date, text, attachments } = message;
  return {
    id,
    from,
    to,
    reply_to: replyTo ?? from,
    subject,
    at: new Date(date),
    text,
    html_url: `${urlOf(id)}/body`,
    source_url: `${urlOf(id)}.eml`,
    attachments: attachments.map(({ filename, contentType, size }, at) => ({
      name: filename,
      url: `${urlOf(id)}/files/${at}`,
      size,
      content_type: contentType,
    })),
    reply: {
      action: `${urlOf(id)}/reply`,
      value: result.value ?? '',
      error: result.error ?? null,
      program: result.program ?? 'gmail',
      quoted: text,
    },
    replied: result.replied ?? null,
  };
}
