import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { hashOf, linkToken, replyKey } from '../../db/secrets.js';

/** For how long a link in an email opens its page. After that the page offers a fresh one. */
export const LINK_DAYS = 60;

interface Thread {
  organization_id: string;
  document_id: string;
  person_id: string;
}

/**
 * The magic link of one email, the same on every try under the same Message-ID. Made known to the database when the
 * email is written.
 */
export async function issueLink(
  db: Knex.Transaction,
  secret: string,
  { id, message_id }: { id: string; message_id: string },
  thread: Thread,
): Promise<string> {
  const { user_id } = await db('people')
    .where({ organization_id: thread.organization_id, id: thread.person_id })
    .first('user_id');
  const token = linkToken(secret, message_id);
  const expires_at = db.raw(`now() + interval '${LINK_DAYS} days'`);
  await db('links')
    .insert({ ...thread, user_id, id, token_hash: hashOf(token), expires_at })
    .onConflict(['organization_id', 'id'])
    .merge({ user_id, token_hash: hashOf(token), expires_at, revoked_at: null });
  return token;
}

/**
 * The reply key of a thread for one reader and one audience; each has its own, so that a reply can't reach further
 * than what it answers.
 */
export async function issueReplyKey(
  db: Knex.Transaction,
  secret: string,
  thread: Thread,
  audience: 'shared' | 'staff' | 'partner',
): Promise<string> {
  const id = newId();
  const { organization_id, document_id, person_id } = thread;
  const [, kept] = await Promise.all([
    db('reply_keys')
      .insert({ organization_id, document_id, person_id, audience, id, key_hash: hashOf(replyKey(secret, id)) })
      .onConflict(['organization_id', 'document_id', 'person_id', 'audience'])
      .ignore(),
    db('reply_keys').where({ organization_id, document_id, person_id, audience }).first('id'),
  ]);
  return replyKey(secret, kept.id);
}
