import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { replyKey } from '../../db/secrets.js';
import { documentLocale } from '../../input/locale_tag.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import { type Audience, issueLinks, issueReplyKeys } from '../links/issue_keys.js';
import { composeEvent } from '../messages/compose.js';
import { attachedPhotos } from '../messages/projects/log_email.js';
import type { DueEmail, Reminder } from '../messages/event_email.js';
import { attachedFiles } from '../messages/event_files.js';
import type { Composer } from './prepare.js';
import type { MailContext } from './transport.js';

/** Issues the links and reply keys of events' emails; returns what composes them, by the ids of the emails. */
export async function eventComposers(
  db: Knex.Transaction,
  context: MailContext,
  organization_id: string,
  events: readonly DueEmail[],
): Promise<[string, Composer][]> {
  if (!events.length) return [];
  const linked = events.flatMap(linkedEmails);
  const [links, keys] = await Promise.all([
    issueLinks(db, context.secret, organization_id, linked),
    replyKeysOf(db, context.secret, organization_id, events),
  ]);
  const linkOf = (email_id: string) => links[linked.findIndex(({ id }) => id === email_id)] ?? '';
  return events.map((event, i) => {
    const reply_key_id = keys[i] ?? '';
    const tokens = { link: linkOf(event.email.id), reply: replyKey(context.secret, reply_key_id), linkOf };
    const compose = async () => {
      const message = composeEvent(event, tokens, context, await attachmentsOf(context, event));
      return { message, reply_key_id };
    };
    return [event.email.id, compose];
  });
}

/** An email's own link, and those to the other invoices that a reminder tells of. */
function linkedEmails({ activity, email, reader, subject, reminder }: DueEmail) {
  // Nor a way back in.
  if (activity.action === 'uninvite') return [];
  const own = { id: email.id, message_id: email.message_id, person_id: reader.id, subject_id: subject.id };
  const others = (reminder?.invoices ?? []).filter(({ id }) => id !== email.id);
  return [own, ...others.map(({ id, message_id, subject_id }) => ({ ...own, id, message_id, subject_id }))];
}

/** The id of each email's reply key; only those of new threads are made. */
async function replyKeysOf(
  db: Knex.Transaction,
  secret: string,
  organization_id: string,
  events: readonly DueEmail[],
): Promise<(string | undefined)[]> {
  const unknown = events.filter(({ reply_key_id }) => !reply_key_id).map(threadOf);
  const made = unknown.length ? await issueReplyKeys(db, secret, organization_id, unknown) : [];
  return events.map(({ reply_key_id, subject, reader }) => {
    const fits = (key: (typeof made)[number]) => key.subject_id === subject.id && key.person_id === reader.id;
    return reply_key_id ?? made.find(fits)?.id;
  });
}

const threadOf = ({ subject, reader, activity }: DueEmail) => {
  const side: Audience = reader.partner_id ? 'partner' : 'staff';
  const audience: Audience = activity.visible_to === 'both' ? 'shared' : side;
  return { subject_id: subject.id, person_id: reader.id, audience };
};

/** Larger attachments, a third larger again in base64, are rejected by many servers; the message links to the file. */
const MAX_ATTACHED_BYTES = 10 * 2 ** 20;

const attachmentsOf = async (context: MailContext, event: DueEmail) => [
  ...(event.reminder ? await reminderPdfs(context, event, event.reminder) : await documentPdf(context, event)),
  ...(await attachedFiles(event, (sha256) => context.file(sha256))),
  ...(await attachedPhotos(event, (sha256) => context.file(sha256))),
];

/** So many invoices are attached to a reminder at most; of more than that, none are. */
const MAX_REMINDER_PDFS = 5;

/** The PDFs of the invoices that a reminder tells of, if they are few and together not too large. */
async function reminderPdfs(context: MailContext, event: DueEmail, { invoices }: Reminder) {
  if (invoices.length > MAX_REMINDER_PDFS) return [];
  const pdfs: Awaited<ReturnType<typeof documentPdf>> = [];
  for (const { subject_id, version } of invoices) {
    const subject = { ...event.subject, id: subject_id };
    pdfs.push(...(await documentPdf(context, { ...event, subject, activity: { ...event.activity, version } })));
  }
  const size = pdfs.reduce((sum, { content }) => sum + (Buffer.isBuffer(content) ? content.length : 0), 0);
  return size <= MAX_ATTACHED_BYTES ? pdfs : [];
}

/** The document's PDF, signed if it was signed; [] if the action attaches none, or if it is too large. */
async function documentPdf(
  context: MailContext,
  { organization, subject, reader, activity: { action, version, details } }: DueEmail,
): Promise<NonNullable<SendMailOptions['attachments']>> {
  const { attaches, effect } = actionNamed(subject.type, action) ?? {};
  if (!attaches || version === 0) return [];
  // Who gets it from somebody else gets it as it was signed.
  const asked = details['signature'] || effect === 'forward';
  const signed = asked ? await context.signed(organization.id, subject.id, version) : null;
  const locale = documentLocale(reader.locale, reader.document_locale ?? null);
  const pdf = signed ?? (reader.partner_id ? await context.pdf(organization.id, subject.id, version, locale) : null);
  return pdf && pdf.content.length <= MAX_ATTACHED_BYTES ? [{ ...pdf, contentType: 'application/pdf' }] : [];
}
