import { type Envelope, receive } from '../receive.js';
import { type MailIntake, ownRecipients } from './recipients.js';
import { headerOf, isLooped, recipientsIn, senderIn } from './envelope.js';
import { toRejection, Rejection } from './rejection.js';

/** Stores a message for recipients that are ours, and returns its id once it is committed. @throws Rejection */
export async function storeMessage(intake: MailIntake, raw: Buffer, envelope: Envelope): Promise<string> {
  const { max_message_bytes } = intake.config;
  if (envelope.recipients.length === 0) throw new Rejection('nobody', 'There is no such mailbox here');
  if (raw.length > max_message_bytes)
    throw new Rejection('too_large', `At most ${Math.round(max_message_bytes / 2 ** 20)} MB`);
  if (isLooped(headerOf(raw))) throw new Rejection('looped', 'It has been through too many servers');
  return receive(intake.db, raw, envelope).catch((error: unknown) => {
    throw toRejection(error);
  });
}

/** An envelope from another server: its sender may be unknown, its recipient may only forward to us. */
type ForwardedEnvelope = Omit<Envelope, 'mail_from' | 'helo'> & { mail_from: string | null };

/**
 * Stores a message that another server received for us, for those of its recipients that are ours; if they only forward
 * to us, for those in its header.
 * @throws Rejection, also if no recipient is ours
 */
export async function acceptForwarded(
  intake: MailIntake,
  raw: Buffer,
  { recipients, mail_from, ...envelope }: ForwardedEnvelope,
): Promise<string> {
  const header = headerOf(raw);
  const own = await forwardedRecipients(intake, recipients, header).catch((error: unknown) => {
    throw toRejection(error);
  });
  const sender = mail_from ?? senderIn(header);
  return storeMessage(intake, raw, { ...envelope, recipients: own, mail_from: sender, helo: '' });
}

async function forwardedRecipients(intake: MailIntake, recipients: string[], header: ReturnType<typeof headerOf>) {
  const own = await ownRecipients(recipients, intake);
  const domain = `@${intake.config.mail_domain}`;
  const at_our_domain = recipients.some((recipient) => recipient.trim().toLowerCase().endsWith(domain));
  return own.length > 0 || at_our_domain ? own : recipientsIn(header, intake);
}
