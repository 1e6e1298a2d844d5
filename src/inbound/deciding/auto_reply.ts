import type { Knex } from 'knex';
import { actingAs, systemActor } from '../../db/scope.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import type { ReadMail } from '../reading/message.js';

/** Decisions that the sender is told of; the texts are in mail/messages/held_notice.ts. */
const NOTIFIED: ReadonlySet<string> = new Set([
  'new',
  'removed',
  'stranger',
  'colleague',
  'empty',
  'closed',
  'summary',
  'logged',
]);

interface DecidedDelivery {
  id: string;
  organization_id: string;
  code: string;
  /** The envelope's sender; '' if unknown. */
  mail_from: string;
}

/**
 * Replies to the sender of a message that wasn't posted, or went where they don't see it at once: at most once a day per address, never to machines, unverified
 * senders or where no reply is wanted (RFC 3834 §2). It goes to the envelope's sender (§4).
 */
export async function queueAutoReply(
  db: Knex.Transaction,
  { id, organization_id, code, mail_from }: DecidedDelivery,
  mail: ReadMail,
): Promise<void> {
  if (!NOTIFIED.has(code) || !mail.authentication.verified || mail.automatic || mail.bulk || !mail.from) return;
  const to_address = mail_from.toLowerCase() || mail.from.address;
  // Only From's domain is verified; an envelope sender elsewhere may be somebody who never wrote.
  if (domainOf(to_address) === domainOf(mail.from.address))
    await actingAs(db, systemActor(organization_id), () => replyOncePerDay(db, organization_id, id, to_address));
}

/** For the system actor. */
async function replyOncePerDay(
  db: Knex.Transaction,
  organization_id: string,
  cause_id: string,
  to_address: string,
): Promise<void> {
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`answer ${organization_id} ${to_address}`]);
  const recent = await db('emails')
    .where({ organization_id, to_address })
    .whereRaw(`kind = 'answer'`) // written out, or the index of answers would not be used
    .where('created_at', '>', db.raw(`now() - interval '1 day'`))
    .first('id');
  if (!recent) await sendAutoReply(db, organization_id, cause_id, to_address);
}

/** Queues a reply about a delivery, worded by its state when it is sent. False if the address can't be used. */
export async function sendAutoReply(
  db: Knex.Transaction,
  organization_id: string,
  cause_id: string,
  to_address: string,
): Promise<boolean> {
  if (!UNAMBIGUOUS.test(to_address)) return false;
  const unrelated = { person_id: null, activity_id: null, subject_id: null };
  await actingAs(db, systemActor(organization_id), () =>
    queueEmail(db, { organization_id, kind: 'answer', cause_id, to_address, ...unrelated }),
  );
  return true;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/** An address that can't be parsed in two ways. */
const UNAMBIGUOUS = /^[^\s"<>()[\]\\,;:@]{1,64}@[a-z0-9.-]{1,255}$/;
