import type pg from 'pg';
import type { FileRow } from '../../pages/views/components.js';
import type { MailboxLayout } from '../../pages/views/layouts.js';
import { defineView, renderPage } from '../../pages/views/render.js';
import { type Envelope, messagesTo, samplePeople } from './inboxes.js';
import type { Program } from './mail_clients.js';
import { type MailboxMessage, messagesOf } from './mailbox_message.js';

interface MailboxPerson {
  href: string;
  name: string;
  company: string;
  count: number;
  current: boolean;
}

interface MessageRow {
  href: string;
  from: string;
  subject: string;
  snippet: string;
  at: Date;
  current: boolean;
  attachments: number;
}

/** The reply's form posts text, program and files. */
interface OpenMessage {
  from: string;
  to: string;
  reply_to: string;
  subject: string;
  at: Date;
  text: string;
  /** The HTML with a policy of its own. */
  html_url: string;
  source_url: string;
  attachments: FileRow[];
  reply: { action: string; value: string; error: string | null; program: Program };
  /** The mail server's answer to the reply that was just sent. */
  replied: string | null;
}

interface MailboxInput {
  people: MailboxPerson[];
  person: { name: string; address: string } | null;
  messages: MessageRow[];
  message: OpenMessage | null;
  portal_url: string;
}

export const indexView = defineView<MailboxInput, MailboxLayout>('mailbox/index');
export const messageView = defineView<MailboxInput, MailboxLayout>('mailbox/message');

/** The outcome of a reply: the server's answer, or what is wrong with what was typed. */
interface ReplyResult {
  replied?: string | null;
  error?: string;
  value?: string;
  program?: Program;
}

const MAX_MESSAGES = 200;
const urlOf = (id: string) => `/mailbox/messages/${id}`;

/** The people, and the messages of the chosen one. */
export const indexPage = (pool: pg.Pool, address: string | null): Promise<string> =>
  render(pool, indexView, address, null);

/** One message, as a mail program shows it, with the form to answer it. */
export async function messagePage(pool: pg.Pool, envelope: Envelope, result: ReplyResult): Promise<string> {
  const [message] = await messagesOf(pool, [envelope]);
  return render(pool, messageView, envelope.mail_to, message ? { message, result } : null);
}

interface Opened {
  message: MailboxMessage;
  result: ReplyResult;
}

async function render(
  pool: pg.Pool,
  view: typeof indexView,
  address: string | null,
  opened: Opened | null,
): Promise<string> {
  const [people, envelopes] = await Promise.all([samplePeople(pool), address ? messagesTo(pool, address) : []]);
  const messages = await messagesOf(pool, envelopes.slice(0, MAX_MESSAGES));
  const person = people.find((one) => one.address === address) ?? null;
  const layout: MailboxLayout = {
    layout: 'mailbox',
    locale: 'en-US',
    time_zone: person?.time_zone ?? 'UTC',
    page: { title: opened?.message.subject ?? 'Mailbox' },
  };
  return renderPage(view, layout, {
    portal_url: '/',
    people: people.map(({ name, address, company, count }) => ({
      href: `/mailbox?to=${encodeURIComponent(address)}`,
      name,
      company,
      count,
      current: address === person?.address,
    })),
    person,
    messages: messages.map((message) => messageRow(message, opened?.message.id)),
    message: opened ? openMessage(opened) : null,
  });
}

const messageRow = (
  { id, from, subject, date, text, attachments }: MailboxMessage,
  current: string | undefined,
): MessageRow => ({
  href: urlOf(id),
  from: from.replace(/ <[^<>]*>$/, ''),
  subject,
  at: new Date(date),
  current: id === current,
  attachments: attachments.length,
  snippet: text.replace(/\s+/g, ' ').trim().slice(0, 140),
});

function openMessage({ message, result }: Opened): OpenMessage {
  const { id, from, to, replyTo, subject, date, text, attachments } = message;
  return {
    from,
    to,
    reply_to: replyTo ?? from,
    subject,
    at: new Date(date),
    text,
    html_url: `${urlOf(id)}/body`,
    source_url: `${urlOf(id)}.eml`,
    attachments: attachments.map(({ filename, size }, index) => ({
      name: filename,
      url: `${urlOf(id)}/files/${index}`,
      size,
    })),
    reply: {
      action: `${urlOf(id)}/reply`,
      value: result.value ?? '',
      error: result.error ?? null,
      program: result.program ?? 'gmail',
    },
    replied: result.replied ?? null,
  };
}
