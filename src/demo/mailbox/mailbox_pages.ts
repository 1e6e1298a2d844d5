import type pg from 'pg';
import { renderPage } from '../../pages/render.js';
import { type Envelope, samplePeople, messagesTo } from './inboxes.js';
import { type MailboxMessage, messagesOf } from './mailbox_message.js';
import type { Program } from './mail_clients.js';

/** What came of a reply: the server's answer, or what is wrong and what was typed. */
export interface ReplyResult {
  replied?: string | null;
  error?: string;
  value?: string;
  program?: Program;
}

const MOST_SHOWN = 200;
const urlOf = (id: string) => `/mailbox/messages/${id}`;

/** The people, and the messages of the chosen one. */
export async function indexPage(pool: pg.Pool, address: string | null): Promise<string> {
  return page(pool, 'index', address, null);
}

/** One message, as a mail program shows it, with the form to answer it. */
export async function messagePage(pool: pg.Pool, envelope: Envelope, returned: ReplyResult): Promise<string> {
  const [message] = await messagesOf(pool, [envelope]);
  return page(pool, 'message', envelope.mail_to, message ? { message, returned } : null);
}

interface Open {
  message: MailboxMessage;
  returned: ReplyResult;
}

async function page(pool: pg.Pool, view: string, address: string | null, open: Open | null): Promise<string> {
  const [all, envelopes] = await Promise.all([samplePeople(pool), address ? messagesTo(pool, address) : []]);
  const messages = await messagesOf(pool, envelopes.slice(0, MOST_SHOWN));
  const person = all.find((known) => known.address === address) ?? null;
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
    message: open ? opened(open) : null,
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

function opened({ message, returned }: Open) {
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
      value: returned.value ?? '',
      error: returned.error ?? null,
      program: returned.program ?? 'gmail',
      quoted: text,
    },
    replied: returned.replied ?? null,
  };
}
