import { systemActor, withActor } from '../../../db/scope.js';
import { receive } from '../../receive.js';
import type { HeaderField } from '../../reading/headers.js';
import { organizationByAddress, threadByKey } from '../../deciding/thread.js';
import { type MailIntake, onlyAddress } from '../recipients.js';
import { headerOf, recipientsIn, senderIn } from '../envelope.js';
import type { Account } from './account.js';
import { storeMessage } from '../accept.js';

/** Keeps a message of a mailbox; its header stands for the envelope. Committed when it returns. @throws NotTaken */
export async function acceptFetched(door: MailIntake, account: Account, raw: Buffer): Promise<void> {
  const header = headerOf(raw);
  await storeMessage(door, raw, await envelopeIn(door, account, header));
}

/** What a mailbox says of a message without giving all of it. */
export interface MessageOutline {
  header: Buffer;
  from_address: string;
  from_name: string;
  subject: string;
}

/** Keeps a message's header alone, held for staff with the reason why the rest stays where it is. */
export async function acceptOutline(
  door: MailIntake,
  account: Account,
  { header, ...outline }: MessageOutline,
  reason: string,
): Promise<void> {
  const envelope = await envelopeIn(door, account, headerOf(header));
  const [recipient = ''] = envelope.recipients;
  const organization_id = await organizationOf(door, recipient);
  await receive(door.db, header, { ...envelope, recipients: [recipient] }, { ...outline, reason, organization_id });
}

async function envelopeIn(door: MailIntake, account: Account, header: readonly HeaderField[]) {
  const named = await recipientsIn(header, door);
  const recipients = named.length > 0 ? named : [await fallback(door, account)];
  return { source: 'imap' as const, mail_from: senderIn(header), recipients, remote_ip: '', helo: '' };
}

/**
 * Mail that names nobody here is for whom the mailbox is; with several organizations and no word of which, it is kept
 * as nobody's.
 */
async function fallback(door: MailIntake, { recipient, name }: Account): Promise<string> {
  const whose = recipient ?? door.config.imap_recipient ?? (await onlyAddress(door));
  if (!whose)
    door.log.warn({ mailbox: name }, 'a message names no address of ours, and IMAP_RECIPIENT does not say whose it is');
  return whose ?? `unknown@${door.config.mail_domain}`;
}

const organizationOf = ({ db, config }: MailIntake, recipient: string): Promise<string | null> =>
  withActor(db, systemActor(null), async (db) => {
    const thread = await threadByKey(db, recipient, config.mail_domain);
    return thread?.organization_id ?? organizationByAddress(db, recipient, config.mail_domain);
  });
