import type { SendMailOptions } from 'nodemailer';
import { capital, documentLabel, sentence } from '../../activity/sentence.js';
import { typeNamed } from '../../document_types/index.js';
import { type Format, formatFor } from '../../pages/format.js';
import type { EmailButton, EmailLayout } from '../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../pages/views/render.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import { bounceAddress, messageIdOf, replyAddress, senderAddress } from '../address.js';
import { type Detail, eventDetails } from './details.js';
import type { EventEmail } from './event_email.js';
import { isOptional } from '../suppression/optional.js';
import { unsubscribeToken } from '../suppression/mute.js';

/** Where links lead and where mail comes from. */
export interface Installation {
  base_url: string;
  mail_domain: string;
  /** The installation's, from which addresses and links are made. */
  secret: string;
}

interface Secrets {
  /** The token of its magic link, and the key of its reply address. */
  link: string;
  reply: string;
}

/**
 * The message of an event: HTML and text from one layout, in the reader's language, threaded with the others about
 * its document (RFC 5322 §3.6.4).
 */
export function composeEvent(
  eventEmail: EventEmail,
  { link, reply }: Secrets,
  place: Installation,
  attachments: SendMailOptions['attachments'],
): SendMailOptions {
  const { reader, organization, document, email, previous } = eventEmail;
  const root = `<document.${document.id}@${place.mail_domain}>`;
  const unsubscribe_url = isOptional(eventEmail.activity.action)
    ? `${place.base_url}/unsubscribe/${unsubscribeToken(place.secret, email.message_id)}`
    : null;
  const optional = unsubscribe_url ? listed(organization, unsubscribe_url, place) : {};
  const last = previous ? messageIdOf(previous, place.mail_domain) : root;
  return {
    ...envelope(
      organization,
      { name: reader.name, address: email.to_address },
      email.message_id,
      place,
      unsubscribe_url !== null,
    ),
    date: new Date(email.created_at),
    replyTo: { name: oneLine(organization.name), address: replyAddress(reply, place.mail_domain) },
    inReplyTo: last,
    references: previous ? [root, last] : [root],
    ...optional,
    ...renderEvent(eventEmail, `${place.base_url}/in/${link}`, unsubscribe_url),
    attachments,
  };
}

/**
 * What mail that a reader need not have says of itself: that it is a list's (RFC 2919), and how one click stops it
 * (RFC 8058). No other mail does.
 */
const listed = (
  organization: EventEmail['organization'],
  url: string,
  { mail_domain }: Installation,
): SendMailOptions => ({
  list: {
    id: { url: `documents.${organization.slug}.${mail_domain}`, comment: oneLine(organization.name) },
    unsubscribe: { url },
  },
});

interface EventMessage {
  headline: string;
  subtitle: string | null;
  details?: Detail[];
  button: EmailButton;
  /** What was said with it. */
  message: { author: string; text: string } | null;
  earlier: { author: string; at: Date; text: string }[];
  reply_line: string | null;
  document_label: string;
  /** Why this reader gets it. */
  why: string;
  /** Stops such emails; null where this one must be read. */
  stop: EmailButton | null;
}

export const eventMessage = defineView<EventMessage, EmailLayout>('emails/event');

/**
 * What the reader of an event's message sees: subject, HTML and text in their language, with a button that leads to
 * `url`, and a line that stops more like it.
 */
export function renderEvent(
  eventEmail: EventEmail,
  url: string,
  unsubscribe_url: string | null = null,
): { subject: string; html: string; text: string } {
  const { reader, organization, document } = eventEmail;
  const { locale, time_zone } = reader;
  const t = translatorFor(locale);
  const label = documentLabel(t, document.type, document.number);
  const button = { label: t(buttonOf(eventEmail)), url };
  return {
    subject: oneLine(`[${organization.name}] ${capital(label)}`),
    ...renderEmail(
      eventMessage,
      { locale, time_zone, organization },
      {
        ...wordsOf(eventEmail, t),
        button,
        stop: unsubscribe_url
          ? { url: unsubscribe_url, label: t('Stop emails about {{document}}', { document: label }) }
          : null,
      },
    ),
  };
}

/** What its button says: what is asked of the reader, if it is their move; or else to look. */
function buttonOf({ reader, document }: EventEmail): string {
  const { label, stateLabels } = typeNamed(document.type);
  const look = stateLabels[document.state];
  const asked = reader.partner_id && look?.awaits === 'partner' ? look.button : undefined;
  return asked ?? `View ${label.toLowerCase()}`;
}

/**
 * What every message of ours bears: the organization as sender at our domain, one recipient, an address of its own to
 * which it comes back, one Message-ID over all tries, and that a machine sent it (RFC 3834).
 */
export function envelope(
  organization: { slug: string; name: string },
  to: { name: string; address: string },
  message_id: string,
  { mail_domain, secret }: Installation,
  one_click = false,
): SendMailOptions {
  return {
    envelope: { from: bounceAddress(secret, message_id, mail_domain), to: [to.address] },
    from: { name: oneLine(organization.name), address: senderAddress(organization.slug, mail_domain) },
    to: { name: oneLine(to.name), address: to.address },
    messageId: messageIdOf(message_id, mail_domain),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(one_click ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
    },
  };
}

/** A name as a header may bear it: one line, and nothing that turns its letters around. */
const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 200);

/** The plain facts of the event, in the reader's words. */
function wordsOf(eventEmail: EventEmail, t: Translate) {
  const { reader, organization, activity, document, comments, others } = eventEmail;
  const format = formatFor(reader);
  const said = comments.find((comment) => comment.activity_id === activity.id);
  const earlier = comments.filter((comment) => comment !== said).slice(0, 2);
  const due = dueOf(document, t, format);
  const forwarded = activity.action === 'forward' && activity.details['person_id'] === reader.id;
  const told = {
    ...activity,
    type: document.type,
    number: document.number,
    currency: document.currency,
    to: reader.partner_id ? null : eventEmail.partner,
    reader: reader.id,
  };
  return {
    headline: sentence(told, t, format),
    subtitle: [document.title, amountOf(document, t, format), due].filter(Boolean).join(' · '),
    details: eventDetails(eventEmail, t, format),
    message: said
      ? { author: said.author, text: said.body || t('{{count}} files attached', { count: said.files }) }
      : reasonOf(activity),
    earlier: earlier.map(({ author, body, created_at }) => ({
      author,
      at: new Date(created_at),
      text: shortened(body),
    })),
    reply_line: t('Reply to this email and {{names}} will read it.', {
      names: others.length ? format.list(others) : organization.name,
    }),
    document_label: capital(documentLabel(t, document.type, document.number)),
    why: forwarded
      ? t('You get this because {{name}} forwarded it to you.', { name: activity.actor ?? '' })
      : reader.partner_id
        ? t('You get this because {{organization}} prepared it for you.', { organization: organization.name })
        : t('You get this because you follow it.'),
  };
}

/** Until when it must be answered or paid, while it must. */
function dueOf(
  { type, state, open, due_on, pay_on }: EventEmail['document'],
  t: Translate,
  format: Format,
): string | null {
  const { due, owes, stateLabels } = typeNamed(type);
  if (owes === 'receivable') return open > 0 && due_on ? t('due {{date}}', { date: format.date(due_on) }) : null;
  if (owes === 'payable') return open > 0 && pay_on ? t('to be paid {{date}}', { date: format.date(pay_on) }) : null;
  return due_on && stateLabels[state]?.awaits
    ? t(`${due.toLowerCase()} {{date}}`, { date: format.date(due_on) })
    : null;
}

/** What it costs; once something was paid, what is still open. */
function amountOf(
  { type, open, total, currency, state }: EventEmail['document'],
  t: Translate,
  format: Format,
): string | null {
  if (typeNamed(type).features.includes('unpriced') || total === 0) return null;
  if (open <= 0)
    return state === 'paid'
      ? t('{{amount}}, paid in full', { amount: format.money(total, currency) })
      : format.money(total, currency);
  const amount = format.money(open, currency);
  return open < total ? t('{{amount}} still open', { amount }) : amount;
}

const reasonOf = ({ details, actor }: EventEmail['activity']) =>
  typeof details['reason'] === 'string' && details['reason'] ? { author: actor ?? '', text: details['reason'] } : null;

const shortened = (body: string) => (body.length > 280 ? `${body.slice(0, 280).trimEnd()} …` : body);
