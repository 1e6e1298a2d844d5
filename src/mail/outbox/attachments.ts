import type { SendMailOptions } from 'nodemailer';
import type { Action } from '../../document_types/index.js';
import type { EventEmail } from '../messages/event_email.js';
import type { MailContext } from './mail_context.js';

/**
 * Beyond this many servers turn a message away (in base64 it is a third more): its button leads to the file instead.
 */
export const MAX_ATTACHED_BYTES = 10 * 2 ** 20;

type Attachment = NonNullable<SendMailOptions['attachments']>[number];

/**
 * The PDF that comes along with an event's email: the signed one if it was signed; [] if none does, or if it is too
 * large.
 */
export async function attachmentsOf(
  post: MailContext,
  { organization, document, reader, activity }: EventEmail,
  attaches: Action['attaches'],
): Promise<Attachment[]> {
  if (!attaches || activity.version === 0) return [];
  const signed = activity.details['signature']
    ? await post.signed(organization.id, document.id, activity.version)
    : null;
  const pdf =
    signed ??
    (reader.partner_id ? await post.pdf(organization.id, document.id, activity.version, reader.locale) : null);
  return pdf && pdf.content.length <= MAX_ATTACHED_BYTES ? [{ ...pdf, contentType: 'application/pdf' }] : [];
}
