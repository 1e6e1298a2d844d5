import type { SendMailOptions } from 'nodemailer';
import { subjectLabel, subjectTitle } from '../../activity/sentence.js';
import { typeNamed } from '../../document_types/index.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { subjectUrl } from '../../subjects/subject_url.js';
import { formatFor } from '../../pages/format.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../pages/views/render.js';
import { messageIdOf, replyAddress } from '../address.js';
import { invitationIn } from '../invitations/invitation.js';
import { answerButtons } from '../invitations/meeting_text.js';
import { unsubscribeToken } from '../suppression/mute.js';
import { isOptional } from '../../activity/notification_kinds.js';
import { taskButtons } from './projects/task_buttons.js';
import { type EmailedPhoto, logFiles, logPhotos, morePhotos } from './projects/log_email.js';
import { reminderText } from '../reminders/reminder_message.js';
import type { EventEmail, Reminder } from './event_email.js';
import { fileLinks, type FileLink } from './event_files.js';
import { type EventText, eventText } from './event_text.js';
import { type Installation, listHeaders, messageHeaders, subjectOf } from './message_headers.js';
import { oneLine, safeTexts } from './safe_text.js';

interface EventMessage extends EventText {
  /** What an inbox shows beside the subject; left out: the headline, with what stands below it. */
  preheader?: string;
  files: FileLink[];
  /** Of a day of a project's log; `more`: beyond those. */
  photos?: EmailedPhoto[];
  more_photos?: string | null;
  button: EmailButton;
  /** What else its reader can do, as links. */
  asides?: EmailButton[];
  /** Unsubscribes; null where the email is not optional. */
  stop: EmailButton | null;
  /** Where its reader chooses what comes and how often; null in a preview. */
  settings?: EmailButton | null;
}

export const eventMessage = defineView<EventMessage, EmailLayout>('emails/event');

interface Tokens {
  /** Of the magic link. */
  link: string;
  /** The key of the reply address. */
  reply: string;
  /** Of the magic link of another email that is told in this one. */
  linkOf?: (email_id: string) => string;
}

/** The message for an event, in the reader's language, threaded with others on the subject (RFC 5322 §3.6.4). */
export function composeEvent(
  eventEmail: EventEmail,
  { link, reply, linkOf = () => link }: Tokens,
  installation: Installation,
  attachments: SendMailOptions['attachments'],
): SendMailOptions {
  const { reader, organization, subject, email, previous } = eventEmail;
  const { base_url, mail_domain } = installation;
  const root = `<subject.${subject.id}@${mail_domain}>`;
  const last = previous ? messageIdOf(previous, mail_domain) : root;
  const unsubscribe_url = unsubscribeUrl(eventEmail, installation);
  const to = { name: reader.name, address: email.to_address };
  const settings_url = `${base_url}/${organization.slug}/settings/notifications`;
  const urls = { unsubscribe_url, settings_url };
  // Who is no longer invited, or has no part in a task any more, gets no link to it.
  const url = link && !eventEmail.task?.lost ? `${base_url}/in/${link}` : `${base_url}/${organization.slug}`;
  const { subject: about, ...parts } = renderEvent(eventEmail, url, urls, (id) => `${base_url}/in/${linkOf(id)}`);
  const sent = { message_id: email.message_id, subject: about };
  const { headers, ...envelope } = messageHeaders(organization, to, sent, installation);
  return {
    ...envelope,
    headers: { ...headers, ...(unsubscribe_url && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }) },
    date: new Date(email.created_at),
    replyTo: { name: oneLine(organization.name), address: replyAddress(reply, mail_domain) },
    inReplyTo: last,
    references: previous ? [root, last] : [root],
    ...(unsubscribe_url && listHeaders(organization, unsubscribe_url, installation)),
    ...parts,
    attachments,
    ...withInvitation(eventEmail, reply, installation),
  };
}

/** Of an event: for its reader's calendar. */
function withInvitation(event: EventEmail, reply: string, { base_url, mail_domain }: Installation): SendMailOptions {
  const { organization, subject } = event;
  const url = base_url + subjectUrl(organization.slug, { ...subject, kind: subject.type });
  const icalEvent = invitationIn(event, { reply, url, mail_domain });
  return icalEvent ? { icalEvent } : {};
}

/** Only optional mail can be unsubscribed from. */
const unsubscribeUrl = ({ activity, email }: EventEmail, { base_url, secret }: Installation) =>
  isOptional(activity.action) ? `${base_url}/unsubscribe/${unsubscribeToken(secret, email.message_id)}` : null;

interface FootUrls {
  unsubscribe_url: string | null;
  settings_url: string | null;
}

const NO_URLS: FootUrls = { unsubscribe_url: null, settings_url: null };

/** Subject, HTML and text of an event's message, with a button to `url`, and links to get less mail. */
export function renderEvent(
  eventEmail: EventEmail,
  url: string,
  { unsubscribe_url, settings_url }: FootUrls = NO_URLS,
  linkOf: (email_id: string) => string = () => url,
): { subject: string; html: string; text: string } {
  const { reader, organization, subject } = eventEmail;
  const { locale, time_zone } = reader;
  const t = translatorFor(locale);
  const label = subjectLabel(t, subject.type, subject.number);
  const said = eventText(eventEmail, t);
  const { titled } = lifecycleOf(subject.type);
  const named = titled && subject.title ? t('“{{title}}”', { title: subject.title }) : label;
  const message: EventMessage = {
    ...said,
    ...(titled || subject.type === 'project' ? { preheader: preheaderOf(said) } : {}),
    files: [...fileLinks(eventEmail, url, formatFor(reader)), ...logFiles(eventEmail, url, formatFor(reader))],
    photos: logPhotos(eventEmail, url),
    more_photos: morePhotos(eventEmail, t),
    ...(eventEmail.task ? taskButtons(eventEmail, eventEmail.task, url, t) : { button: buttonOf(eventEmail, url, t) }),
    ...answerButtons(eventEmail, url, t),
    stop: unsubscribe_url
      ? { url: unsubscribe_url, label: t('Stop emails about {{document}}', { document: named }) }
      : null,
    settings: settings_url ? { url: settings_url, label: t('Email settings') } : null,
    ...(eventEmail.reminder ? reminderParts(eventEmail, eventEmail.reminder, said, linkOf) : {}),
  };
  return {
    subject: subjectOf(organization, aboutOf(eventEmail, t)),
    ...renderEmail(eventMessage, safeTexts({ locale, time_zone, organization }), safeTexts(message)),
  };
}

/**
 * "Invoice INV-0042", the title of a task or an event, "Ash or oak · Project MAPLE"; to staff, who see many of what has no
 * number, also whose it is.
 */
function aboutOf({ subject: { type, number, title }, reader, thread, log }: EventEmail, t: Translate): string {
  const { unnumbered, titled } = lifecycleOf(type);
  if (log)
    return `${t('Daily log, {{day}}', { day: formatFor(reader).date(log.day) })} · ${subjectTitle(t, type, number)}`;
  if (titled && title) return title;
  if (thread?.title) return `${thread.title} · ${subjectTitle(t, type, number)}`;
  const more = unnumbered && !reader.partner_id ? title : null;
  return [subjectTitle(t, type, number), more].filter(Boolean).join(' · ');
}

/** What is other in a payment reminder: who sees it first sees what is owed, and how to pay. */
function reminderParts(
  eventEmail: EventEmail,
  reminder: Reminder,
  said: EventText,
  linkOf: (email_id: string) => string,
): Partial<EventMessage> {
  const i18n = { t: translatorFor(eventEmail.reader.locale), format: formatFor(eventEmail.reader) };
  const { words, subtitle, replies, ...parts } = reminderText(reminder, eventEmail, linkOf, i18n);
  return {
    ...parts,
    subtitle: subtitle ?? said.subtitle,
    message: { author: eventEmail.organization.name, text: words },
    reply_line: [said.reply_line, replies].filter(Boolean).join(' '),
  };
}

/** What happened, and the words or the date that it is about. */
function preheaderOf({ headline, message, details = [], subtitle }: EventText): string {
  const date = details.find(({ after }) => after !== undefined)?.after;
  const words = message?.text.replace(/\s+/g, ' ').slice(0, MOST_WORDS);
  return [headline, words ?? date ?? subtitle].filter(Boolean).join(' · ');
}

const MOST_WORDS = 140;

/** To a payment's receipt, a comment in its thread, or the subject. Guests see documents alone. */
function buttonOf(eventEmail: EventEmail, url: string, t: Translate): EmailButton {
  const { action, details } = eventEmail.activity;
  const { thread } = eventEmail;
  if (thread) return { label: t('View comment'), url: `${url}?comment=${thread.comment_id}` };
  const { payment, comment } = details;
  if (eventEmail.log) return { label: t('View log'), url: `${url}?to=log` };
  if (action === 'take_mail' && typeof comment === 'string')
    return { label: t('View email'), url: `${url}?comment=${comment}` };
  if (PROJECT_FILES.has(action) && eventEmail.subject.type === 'project')
    return { label: t('View files'), url: `${url}?to=details` };
  const time = TIME_BUTTONS[action];
  if (time)
    return { label: t(time), url: `${url}?to=time&week=${typeof details['week'] === 'string' ? details['week'] : ''}` };
  if (!RECEIPTS.has(action) || typeof payment !== 'string' || eventEmail.reader.guest)
    return { label: t(buttonLabel(eventEmail)), url };
  const paid = eventEmail.document && typeNamed(eventEmail.document.type).owes === 'payable';
  return { label: t(paid ? 'View remittance' : 'View receipt'), url: `${url}?payment=${payment}` };
}

/** What is about a week of a project's time leads there. */
const TIME_BUTTONS: Readonly<Record<string, string>> = {
  submit_week: 'Review time',
  submit_hours: 'Review time',
  approve_week: 'View time',
  send_back_week: 'Edit time',
  ask_time: 'Approve time',
  approve_time: 'View time',
  question_time: 'View time',
};

/** What is about the files of a project leads to them. */
const PROJECT_FILES = new Set(['add_file', 'replace_file', 'share_file', 'remove_file']);

/** What says that money arrived. */
const RECEIPTS = new Set(['receive', 'receive_late', 'record_payment']);

/** The action that is expected of the reader's side in this state; otherwise to view the subject. */
function buttonLabel({ reader, subject: { type, state } }: EventEmail): string {
  const { label, stateLabels, actions } = lifecycleOf(type);
  const side = reader.partner_id ? 'partner' : 'staff';
  const awaited = stateLabels[state]?.awaits === side && !reader.guest;
  const usual = Object.values(actions).find(
    ({ by, from, style, creates }) => by === side && style === 'primary' && !creates && from?.includes(state),
  );
  const action = side === 'partner' ? stateLabels[state]?.button : usual?.label;
  return (awaited && action) || `View ${label.toLowerCase()}`;
}
