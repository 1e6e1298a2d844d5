import type { Knex } from 'knex';
import { become, clock } from '../db/scope.js';
import { hashOf } from '../db/secrets.js';
import { keyIn, ownMessageId } from '../mail/address.js';

/** Where a message belongs: the thread, the person whose reply address it came to, and who may read what it says. */
export interface Thread {
  organization_id: string;
  document_id: string;
  person_id: string;
  audience: 'shared' | 'staff' | 'partner';
}

/** The thread that the reply key in the recipient's address names; null if there is no such key. */
export async function threadByKey(db: Knex.Transaction, recipient: string, mail_domain: string): Promise<Thread | null> {
  const key = keyIn(recipient, mail_domain);
  if (!key) return null;
  await db.raw(`select set_config('app.secrets', ?, true)`, [`{${hashOf(key)}}`]);
  const thread = await db('reply_keys')
    .where({ key_hash: hashOf(key) })
    .first('organization_id', 'document_id', 'person_id', 'audience');
  return thread ?? null;
}

/** The thread of the message of ours that this one answers. Its Message-ID holds 128 random bits, so that only who got it can name it. */
export async function threadByReferences(
  db: Knex.Transaction,
  message_ids: readonly string[],
  mail_domain: string,
): Promise<Thread | null> {
  const ids = message_ids.flatMap((id) => ownMessageId(id, mail_domain) ?? []);
  if (ids.length === 0) return null;
  await db.raw(`select set_config('app.secrets', ?, true)`, [`{${ids.join(',')}}`]);
  const email = await db('emails').whereIn('message_id', ids).whereNotNull('document_id').orderBy('id', 'desc').first();
  if (!email) return null;
  const { organization_id, document_id, person_id, activity_id } = email;
  await become(db, clock(organization_id));
  const { visible_to } = await db('activities').where({ organization_id, id: activity_id }).first('visible_to');
  return { organization_id, document_id, person_id, audience: visible_to === 'both' ? 'shared' : visible_to };
}

/** The organization whose own address this is: people answer From, too, when their program ignores Reply-To. */
export async function organizationAt(db: Knex, recipient: string, mail_domain: string): Promise<string | null> {
  const [slug = '', domain = ''] = recipient.split('@');
  if (domain !== mail_domain) return null;
  return (await db('organizations').where({ slug }).first('id'))?.id ?? null;
}
