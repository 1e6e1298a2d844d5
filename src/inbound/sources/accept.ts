import { type Envelope, receive } from '../receive.js';
import { type MailIntake, ownRecipients } from './recipients.js';
import { headerOf, isLooped, recipientsIn, senderIn } from './envelope.js';
import { toRejection, Rejection } from './rejection.js';

/** Keeps a message for recipients who are known to be ours. Committed when it returns; its id. @throws NotTaken */
export async function storeMessage(door: MailIntake, raw: Buffer, envelope: Envelope): Promise<string> {
  const { max_message_bytes } = door.config;
  if (envelope.recipients.length === 0) throw new Rejection('nobody', 'There is no such mailbox here');
  if (raw.length > max_message_bytes)
    throw new Rejection('too_large', `At most ${Math.round(max_message_bytes / 2 ** 20)} MB`);
  if (isLooped(headerOf(raw))) throw new Rejection('looped', 'It has been through too many servers');
  return receive(door.db, raw, envelope).catch((error: unknown) => {
    throw toRejection(error);
  });
}

/** An envelope as others tell it: perhaps without its sender, perhaps for an address that only forwards to ours. */
export type ForwardedEnvelope = Omit<Envelope, 'mail_from' | 'helo'> & { mail_from: string | null };

/**
 * Keeps a message that another server took in for us. Its recipients are those of ours that it was brought for; or,
 * where those only forward to us, those that its header names. @throws NotTaken, also if none is ours
 */
export async function acceptForwarded(
  door: MailIntake,
  raw: Buffer,
  { recipients, mail_from, ...told }: ForwardedEnvelope,
): Promise<string> {
  const header = headerOf(raw);
  const found = async () => {
    const ours = await ownRecipients(recipients, door);
    const at_ours = recipients.some((recipient) =>
      recipient.trim().toLowerCase().endsWith(`@${door.config.mail_domain}`),
    );
    return ours.length > 0 || at_ours ? ours : recipientsIn(header, door);
  };
  const ours = await found().catch((error: unknown) => {
    throw toRejection(error);
  });
  return storeMessage(door, raw, { ...told, recipients: ours, mail_from: mail_from ?? senderIn(header), helo: '' });
}
