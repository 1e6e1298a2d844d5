import type { Knex } from 'knex';
import { setActor, systemActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { bouncedMessageId, replyKeyIn, ownMessageId } from '../../mail/address.js';
import type { ReadMail } from '../reading/message.js';

/** Where a message belongs: the thread, the person whose reply address it came to, and who may read what it says. */
export interface Thread {
  organization_id: string;
  document_id: string;
  person_id: string;
  audience: 'shared' | 'staff' | 'partner';
}

/** The thread that the reply key in the recipient's address names; null if there is no such key. */
export async function threadByKey(
  db: Knex.Transaction,
  recipient: string,
  mail_domain: string,
): Promise<Thread | null> {
  const key = replyKeyIn(recipient, mail_domain);
  if (!key) return null;
  await db.raw(`select set_config('app.secrets', ?, true)`, [`{${hashOf(key)}}`]);
  const thread = await db('reply_keys')
    .where({ key_hash: hashOf(key) })
    .first('organization_id', 'document_id', 'person_id', 'audience');
  return thread ?? null;
}

/** An email of ours, as far as a message can name it. */
export interface OwnEmail {
  organization_id: string;
  id: string;
  document_id: string | null;
  person_id: string | null;
  activity_id: string | null;
  /** Named by its own bounce address, not only by its Message-ID. */
  proven: boolean;
}

/**
 * The email of ours that this message answers or reports on: by the address that it came back to (see
 * `bounceAddress`), or by its Message-ID, of which 128 bits are random. Both are secrets that only we and its reader
 * know: nobody else can answer it, or feign that it came back. A message that is passed on to an address without a
 * key is no answer, whatever it refers to.
 */
export async function findAnsweredEmail(
  db: Knex.Transaction,
  recipient: string,
  mail: ReadMail,
  { secret, mail_domain }: { secret: string; mail_domain: string },
): Promise<OwnEmail | undefined> {
  const returned = bouncedMessageId(secret, recipient, mail_domain);
  const named = PASSED_ON.test(mail.subject) ? [] : [mail.in_reply_to, ...mail.references.toReversed()];
  const ids = [mail.bounce?.message_id, ...named].flatMap((id) => ownMessageId(id ?? '', mail_domain) ?? []);
  const wanted = returned ? [returned] : ids;
  if (wanted.length === 0) return undefined;
  await db.raw(`select set_config('app.secrets', ?, true)`, [`{${wanted.join(',')}}`]);
  const email = await db('emails').whereIn('message_id', wanted).orderBy('id', 'desc').first<OwnEmail>();
  return email && { ...email, proven: returned !== null };
}

const PASSED_ON = /^\s*(?:fwd?|wg|tr|rv|enc|doorst|vb|vl|pd|i|转发|轉寄)\s*:/iu;

/** The thread that an email of ours belongs to; null if it was about no document. */
export async function threadOfEmail(db: Knex.Transaction, email: OwnEmail | undefined): Promise<Thread | null> {
  if (!email?.document_id || !email.person_id) return null;
  const { organization_id, document_id, person_id, activity_id } = email;
  await setActor(db, systemActor(organization_id));
  const { visible_to } = await db('activities').where({ organization_id, id: activity_id }).first('visible_to');
  return { organization_id, document_id, person_id, audience: visible_to === 'both' ? 'shared' : visible_to };
}

/** The organization whose own address this is: people answer From, too, when their program ignores Reply-To. */
export async function organizationByAddress(db: Knex, recipient: string, mail_domain: string): Promise<string | null> {
  const [slug = '', domain = ''] = recipient.split('@');
  if (domain !== mail_domain) return null;
  return (await db('organizations').where({ slug }).first('id'))?.id ?? null;
}

/**
 * Whose mail it is that answers nothing we know: the organization's whose own address it came to. What came to an
 * address of the house's own, its key taken off on the way, is the only organization's; of several, that of the one
 * that knows its proven sender. Null: nobody's.
 */
export async function organizationOfMail(
  db: Knex.Transaction,
  recipient: string,
  mail: ReadMail | null,
  mail_domain: string,
): Promise<string | null> {
  const named = await organizationByAddress(db, recipient, mail_domain);
  if (named || !/^(?:reply|bounce)@/.test(recipient)) return named;
  const [only, second]: string[] = await db('organizations').limit(2).pluck('id');
  if (!second) return only ?? null;
  if (!mail?.from || !mail.authentication.verified) return null;
  const user = await db('users').where({ email: mail.from.address }).first('id');
  if (!user) return null;
  await db.raw(`select set_config('app.user', ?, true)`, [user.id]);
  const own = db('people').where({ user_id: user.id, removed_at: null });
  const [one, other]: string[] = await own.distinct('organization_id').limit(2).pluck('organization_id');
  return one && !other ? one : null;
}
