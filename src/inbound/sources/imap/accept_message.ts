import { systemActor, withActor } from '../../../db/scope.js';
import { receive } from '../../receive.js';
import type { HeaderField } from '../../reading/headers.js';
import { projectByAddress } from '../../deciding/projects/project_address.js';
import { organizationByAddress, threadByKey } from '../../deciding/thread.js';
import { type MailIntake, onlyAddress } from '../recipients.js';
import { headerOf, recipientsIn, senderIn } from '../envelope.js';
import type { Account } from './account.js';
import { storeMessage } from '../accept.js';

/** Stores a mailbox's message, with the envelope from its header. Committed when it returns. @throws Rejection */
export async function acceptFetched(intake: MailIntake, account: Account, raw: Buffer): Promise<void> {
  await storeMessage(intake, raw, await envelopeFrom(intake, account, headerOf(raw)));
}

/** The parts of a message that a server gives without its body. */
interface MessageOutline {
  header: Buffer;
  from_address: string;
  from_name: string;
  subject: string;
}

/** Stores only a message's header, held for staff, with the reason why the rest was left in the mailbox. */
export async function acceptOutline(
  intake: MailIntake,
  account: Account,
  { header, ...outline }: MessageOutline,
  reason: string,
): Promise<void> {
  const envelope = await envelopeFrom(intake, account, headerOf(header));
  const [recipient = ''] = envelope.recipients;
  const organization_id = await organizationOf(intake, recipient);
  await receive(intake.db, header, { ...envelope, recipients: [recipient] }, { ...outline, reason, organization_id });
}

async function envelopeFrom(intake: MailIntake, account: Account, header: readonly HeaderField[]) {
  const own = await recipientsIn(header, intake);
  const recipients = own.length > 0 ? own : [await defaultRecipient(intake, account)];
  return { source: 'imap' as const, mail_from: senderIn(header), recipients, remote_ip: '', helo: '' };
}

/** The recipient of mail that names none of our addresses; with several organizations and no setting, nobody's. */
async function defaultRecipient(intake: MailIntake, { recipient, name }: Account): Promise<string> {
  const address = recipient ?? intake.config.imap_recipient ?? (await onlyAddress(intake));
  if (!address)
    intake.log.warn(
      { mailbox: name },
      'a message names no address of ours, and IMAP_RECIPIENT does not say whose it is',
    );
  return address ?? `unknown@${intake.config.mail_domain}`;
}

const organizationOf = ({ db, config }: MailIntake, recipient: string): Promise<string | null> =>
  withActor(db, systemActor(null), async (db) => {
    const thread = await threadByKey(db, recipient, config.mail_domain);
    if (thread) return thread.organization_id;
    const project = await projectByAddress(db, recipient, config.mail_domain);
    return project?.organization_id ?? organizationByAddress(db, recipient, config.mail_domain);
  });
