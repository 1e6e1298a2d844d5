import type { Knex } from 'knex';
import { setActor, systemActor } from '../../db/scope.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import type { ReadMail } from '../reading/message.js';

/** The kinds of decision of which the sender is told; see mail/answer.ts for the words. */
const ANSWERED: ReadonlySet<string> = new Set(['new', 'removed', 'stranger', 'colleague', 'empty', 'closed']);

interface Decided {
  id: string;
  organization_id: string;
  code: string;
  /** The envelope's sender; '' where it is not known. */
  mail_from: string;
}

/**
 * Tells the sender what became of a message that was not posted: at most one answer a day to one address, and none to
 * a machine, to a sender whom nothing proves, or where no answer is wanted (RFC 3834 section 2). It goes where a
 * bounce would go (section 4).
 */
export async function queueAutoReply(
  db: Knex.Transaction,
  { id, organization_id, code, mail_from }: Decided,
  mail: ReadMail,
): Promise<void> {
  if (!ANSWERED.has(code) || !mail.authentication.verified || mail.automatic || !mail.from) return;
  const back = mail_from.toLowerCase() || mail.from.address;
  // Of another domain nothing is proven: whose mailbox that is may never have written.
  if (domainOf(back) === domainOf(mail.from.address)) await answerOnce(db, organization_id, id, back);
}

/** One answer about a delivery, unless this address has had one within the day. */
async function answerOnce(
  db: Knex.Transaction,
  organization_id: string,
  subject_id: string,
  to_address: string,
): Promise<void> {
  await setActor(db, systemActor(organization_id));
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`answer ${organization_id} ${to_address}`]);
  const lately = await db('emails')
    .where({ organization_id, kind: 'answer', to_address })
    .where('created_at', '>', db.raw(`now() - interval '1 day'`))
    .first('id');
  if (!lately) await sendAutoReply(db, organization_id, subject_id, to_address);
}

/**
 * Sends who wrote a message what became of it, as it stands when it is sent. Whether their address can be written to
 * at all.
 */
export async function sendAutoReply(
  db: Knex.Transaction,
  organization_id: string,
  subject_id: string,
  to_address: string,
): Promise<boolean> {
  if (!PLAIN.test(to_address)) return false;
  await setActor(db, systemActor(organization_id));
  const nothing = { person_id: null, activity_id: null, document_id: null };
  await queueEmail(db, { organization_id, kind: 'answer', subject_id, to_address, ...nothing });
  return true;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

// What can't be read in two ways.
const PLAIN = /^[^\s"<>()[\]\\,;:@]{1,64}@[a-z0-9.-]{1,255}$/;
