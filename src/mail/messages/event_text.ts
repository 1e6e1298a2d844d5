import { authorName, sentence, subjectTitle } from '../../activity/sentence.js';
import { typeNamed } from '../../document_types/index.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { type Format, formatFor } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import { withoutLinks } from '../links/without_links.js';
import { type Detail, eventDetails } from './details.js';
import type { EmailedDocument, EventEmail } from './event_email.js';
import { type EmailedLog, logLine } from './projects/log_email.js';
import type { EmailedTask } from './projects/task_email.js';

/** What happened, in the reader's language and formats. */
export interface EventText extends EventConversation {
  headline: string;
  subtitle: string | null;
  details?: Detail[];
  reply_line: string | null;
  document_label: string;
  /** Why the reader gets the email. */
  why: string;
}

interface EventConversation {
  /** `note`: whose words they are, where that isn't plain. */
  message: { author: string; text: string; note?: string } | null;
  earlier: { author: string; at: Date; text: string }[];
}

export function eventText(eventEmail: EventEmail, t: Translate): EventText {
  const { reader, subject, document, activity, task, log, event_of } = eventEmail;
  const format = formatFor(reader);
  const money = document ? [amountOf(document, t, format), dueOf(document, t, format)] : [];
  const own = log ? [subject.title, logLine(log, t)] : [event_of ?? subject.title, ...money];
  const details = eventDetails(eventEmail, t, format);
  const dated = details.some(({ after }) => after !== undefined);
  const facts = task ? taskLine({ ...task, due_on: dated ? null : task.due_on }, t, format) : own;
  return {
    headline: headlineOf(eventEmail, t, format),
    subtitle: facts.filter(Boolean).join(' · '),
    details,
    ...(activity.action === 'forward' ? forwardedWith(eventEmail, t) : conversationOf(eventEmail, t)),
    reply_line: task?.lost ? null : replyLine(eventEmail, t, format),
    document_label: task ? subject.title : subjectTitle(t, subject.type, subject.number),
    why: whyReceived(eventEmail, t, format),
  };
}

/** Who reads an answer by email: in a thread, its author gets it by email, and all who see the thread can read it. */
function replyLine(eventEmail: EventEmail, t: Translate, format: Format): string {
  const { thread, activity, others, organization, subject, reader, log } = eventEmail;
  const read = (names: string) => t('Reply to this email and {{names}} will read it.', { names });
  if (reader.partner_id && (log || subject.talks === false)) return read(organization.name);
  if (log?.vendor && activity.actor)
    return t('What you reply is a note for your side: {{name}} won’t get it.', { name: activity.actor });
  const name = thread?.author ?? (lifecycleOf(subject.type).conversation ? activity.actor : null);
  if (!name && !others.length && !reader.partner_id) return t('Reply to this email to add a comment.');
  if (!name) return read(others.length ? format.list(others) : organization.name);
  const line =
    activity.visible_to === 'both'
      ? t('Reply to this email to reach {{name}}. Everyone on the project can read it.', { name })
      : t('Reply to this email to reach {{name}}. Only your side can read it.', { name });
  return `${line} ${t('Write @ and a name to reach others, too.')}`;
}

function headlineOf(
  { activity, subject, document, reader, partner }: EventEmail,
  t: Translate,
  format: Format,
): string {
  const { type, number } = subject;
  const currency = document?.currency ?? null;
  // What was sent to the partner was not sent to "you", to whom it was forwarded.
  const to = reader.partner_id && !reader.guest ? null : partner;
  const own = activity.person_id === reader.id;
  return sentence({ ...activity, type, number, currency, to, reader: reader.id, own }, t, format);
}

/** Where a task belongs, and by when it is to be done: nothing of what is no more its reader's. */
const taskLine = ({ project, due_on, lost }: EmailedTask, t: Translate, format: Format) => [
  project,
  due_on && !lost ? t('due {{date}}', { date: format.date(due_on) }) : null,
];

/** The event's own comment, or the reason given with it, and up to two earlier comments. */
function conversationOf(eventEmail: EventEmail, t: Translate): EventConversation {
  const { comments, activity, reader, log, subject, thread, organization } = eventEmail;
  if (log) return { message: saidIn(log, organization.name), earlier: [] };
  const comment = comments.find(({ activity_id, told }) => told ?? activity_id === activity.id);
  // To whom it was forwarded, what was written before that was not written.
  // Nor what stands in another thread.
  const apart = reader.guest || (lifecycleOf(subject.type).conversation && !thread);
  const earlier = apart ? [] : comments.filter((other) => other !== comment).slice(0, 2);
  return {
    message: comment
      ? {
          // What is passed on was written by another.
          author: comment.told ? comment.author : authorName(comment.author, activity.details, t),
          text: comment.body || t('{{count}} files attached', { count: comment.files }),
        }
      : reasonOf(activity, t),
    earlier: earlier.map(({ author, body, created_at }) => ({
      author,
      at: new Date(created_at),
      text: shortened(body),
    })),
  };
}

const saidIn = ({ text, author, vendor }: EmailedLog, organization: string): EventConversation['message'] =>
  text ? { author: [author, vendor].filter(Boolean).join(' · ') || organization, text } : null;

/** What somebody wrote to go with what they forward, as theirs: we send it to whomever they name. No conversation. */
function forwardedWith(eventEmail: EventEmail, t: Translate): EventConversation {
  const { message } = conversationOf(eventEmail, t);
  if (!message) return { message, earlier: [] };
  const { name } = eventEmail.organization;
  const note = t('{{author}} wrote this, not {{organization}}.', { author: message.author, organization: name });
  return { message: { ...message, text: withoutLinks(message.text), note }, earlier: [] };
}

/** Why gateways refused something is nobody's message, and known to be translated. */
const BY_GATEWAY = new Set(['failed', 'refund_failed']);

function reasonOf({ action, details, actor }: EventEmail['activity'], t: Translate): EventConversation['message'] {
  const { reason } = details;
  if (typeof reason !== 'string' || !reason) return null;
  return BY_GATEWAY.has(action) ? { author: '', text: t(reason) } : { author: actor ?? '', text: reason };
}

const shortened = (body: string) => (body.length > 280 ? `${body.slice(0, 280).trimEnd()} …` : body);

/** Explains to the reader why they receive this email. */
function whyReceived(eventEmail: EventEmail, t: Translate, format: Format): string {
  const { activity, reader, organization, document, absent } = eventEmail;
  if (absent)
    return t('You get this because {{name}} is away until {{date}}.', {
      name: absent.name,
      date: format.date(absent.until_on),
    });
  if (activity.action === 'forward' && activity.details['person_id'] === reader.id)
    return t('You get this because {{name}} forwarded it to you.', { name: activity.actor ?? '' });
  if (activity.action === 'add_person' && activity.details['person_id'] === reader.id)
    return t('You get this because {{name}} added you.', { name: activity.actor ?? organization.name });
  if (eventEmail.task?.theirs) return t('You get this because the task is yours.');
  if (eventEmail.meeting?.invited) return t('You get this because you are invited.');
  if (reader.guest) return t('You get this because it was forwarded to you.');
  if (eventEmail.thread)
    return t('You get this because {{name}} wanted you to read it.', { name: activity.actor ?? '' });
  return reader.partner_id && document
    ? t('You get this because {{organization}} prepared it for you.', { organization: organization.name })
    : t('You get this because you follow it.');
}

/** When the document is due, while an answer or payment is expected. */
function dueOf({ type, state, open, due_on, pay_on }: EmailedDocument, t: Translate, format: Format): string | null {
  const { due, owes, stateLabels } = typeNamed(type);
  if (owes === 'receivable') return open > 0 && due_on ? t('due {{date}}', { date: format.date(due_on) }) : null;
  if (owes === 'payable') return open > 0 && pay_on ? t('to be paid {{date}}', { date: format.date(pay_on) }) : null;
  return due_on && stateLabels[state]?.awaits
    ? t(`${due.toLowerCase()} {{date}}`, { date: format.date(due_on) })
    : null;
}

/** The document's amount, or the balance after a partial payment. */
function amountOf(
  { type, open, total, currency, state }: EmailedDocument,
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
