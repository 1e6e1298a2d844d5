import type { Knex } from 'knex';
import { actingAs, queryPrepared, systemActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { bouncedMessageId, replyKeyIn, ownMessageId } from '../../mail/address.js';
import type { ReadMail } from '../reading/message.js';

/** A subject's conversation with one person, and the audience of what they write in it. */
export interface Thread {
  organization_id: string;
  subject_id: string;
  person_id: string;
  audience: 'shared' | 'staff' | 'partner';
}

/** The threads of the reply keys in these addresses, by address; an address without one is left out. */
export async function threadsByKey(
  db: Knex.Transaction,
  recipients: readonly string[],
  mail_domain: string,
): Promise<Map<string, Thread>> {
  const hashes = new Map(
    recipients.flatMap((recipient) => {
      const key = replyKeyIn(recipient, mail_domain);
      return key ? [[recipient, hashOf(key)] as const] : [];
    }),
  );
  if (hashes.size === 0) return new Map();
  const values = [`{${[...hashes.values()].join(',')}}`];
  const [, rows] = await Promise.all([
    queryPrepared(db, `select set_config('app.secrets', $1, true)`, values),
    queryPrepared<Thread & { key_hash: string }>(db, THREADS, values),
  ]);
  const threads = new Map(rows.map(({ key_hash, ...thread }) => [key_hash, thread]));
  return new Map(
    [...hashes].flatMap(([recipient, hash]) => {
      const thread = threads.get(hash);
      return thread ? [[recipient, thread] as const] : [];
    }),
  );
}

const THREADS = `select key_hash, organization_id, subject_id, person_id, audience
  from reply_keys where key_hash = any($1::text[])`;

/** The thread of the reply key in an address; null if there is no such key. */
export const threadByKey = async (
  db: Knex.Transaction,
  recipient: string,
  mail_domain: string,
): Promise<Thread | null> => (await threadsByKey(db, [recipient], mail_domain)).get(recipient) ?? null;

/** An email of ours that a message refers to. */
export interface OwnEmail {
  organization_id: string;
  id: string;
  subject_id: string | null;
  person_id: string | null;
  activity_id: string | null;
  kind: string;
  /** By its bounce address, not only by its Message-ID. */
  proven: boolean;
}

/**
 * The email of ours that this message answers or reports on, by its bounce address or its random Message-ID. Only we
 * and its reader know these, so nobody else can answer it or forge a bounce. A forwarded message is never an answer,
 * whatever it refers to.
 */
export async function findAnsweredEmail(
  db: Knex.Transaction,
  recipient: string,
  mail: ReadMail,
  { secrets, mail_domain }: { secrets: readonly string[]; mail_domain: string },
): Promise<OwnEmail | undefined> {
  const bounced = bouncedMessageId(secrets, recipient, mail_domain);
  const referenced = FORWARDED.test(mail.subject) ? [] : [mail.in_reply_to, ...mail.references.toReversed()];
  const own = [mail.bounce?.message_id, ...referenced].flatMap((id) => ownMessageId(id ?? '', mail_domain) ?? []);
  const message_ids = bounced ? [bounced] : own;
  if (message_ids.length === 0) return undefined;
  await db.raw(`select set_config('app.secrets', ?, true)`, [`{${message_ids.join(',')}}`]);
  const email = await db('emails').whereIn('message_id', message_ids).orderBy('id', 'desc').first<OwnEmail>();
  return email && { ...email, proven: bounced !== null };
}

/** Prefixes of forwarded messages in several languages. */
const FORWARDED = /^\s*(?:fwd?|wg|tr|rv|enc|doorst|vb|vl|pd|i|转发|轉寄)\s*:/iu;

/** The thread of one of our emails; null if it wasn't about a subject. */
export async function threadOfEmail(db: Knex.Transaction, email: OwnEmail | undefined): Promise<Thread | null> {
  if (!email?.subject_id || !email.person_id) return null;
  const { organization_id, subject_id, person_id, activity_id } = email;
  const { visible_to } = await actingAs(db, systemActor(organization_id), () =>
    db('activities').where({ organization_id, id: activity_id }).first('visible_to'),
  );
  return { organization_id, subject_id, person_id, audience: visible_to === 'both' ? 'shared' : visible_to };
}

/** The organization with this address: some mail clients ignore Reply-To and answer From. */
export async function organizationByAddress(db: Knex, recipient: string, mail_domain: string): Promise<string | null> {
  const [slug = '', domain = ''] = recipient.split('@');
  if (domain !== mail_domain) return null;
  return (await db('organizations').where({ slug }).first('id'))?.id ?? null;
}

/**
 * The organization a message outside any thread belongs to: the one with its recipient's address. For "reply@" and
 * "bounce@", whose key was lost on the way, the only organization, or of several the only one that knows its verified
 * sender. Null if there is none.
 */
export async function organizationOfMail(
  db: Knex.Transaction,
  recipient: string,
  mail: ReadMail | null,
  mail_domain: string,
): Promise<string | null> {
  const addressed = await organizationByAddress(db, recipient, mail_domain);
  if (addressed || !/^(?:reply|bounce)@/.test(recipient)) return addressed;
  const [only, second]: string[] = await db('organizations').limit(2).pluck('id');
  if (!second) return only ?? null;
  if (!mail?.from || !mail.authentication.verified) return null;
  const user = await db('users').where({ email: mail.from.address }).first('id');
  if (!user) return null;
  await db.raw(`select set_config('app.user', ?, true)`, [user.id]);
  const memberships = db('people').where({ user_id: user.id, removed_at: null });
  const [one, other]: string[] = await memberships.distinct('organization_id').limit(2).pluck('organization_id');
  return one && !other ? one : null;
}
