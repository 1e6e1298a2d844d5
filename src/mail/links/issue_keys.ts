import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { type Actor, systemActor, withActor } from '../../db/scope.js';
import { hashOf, linkToken, randomToken, replyKey } from '../../db/secrets.js';

/** How long a link in an email works. After that its page offers to send a new one. */
export const LINK_DAYS = 60;

interface Thread {
  organization_id: string;
  subject_id: string;
  person_id: string;
}

const expiry = (db: Knex) => db.raw(`now() + interval '${LINK_DAYS} days'`);

/** Stores the magic link of an email and returns its token: the same on each try, like the Message-ID. */
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
  const fields = { user_id, token_hash: hashOf(token), expires_at: expiry(db) };
  await db('links')
    .insert({ ...thread, id, ...fields })
    .onConflict(['organization_id', 'id'])
    .merge({ ...fields, revoked_at: null });
  return token;
}

/**
 * Returns the token of a link to a draft that its author started after signing in by a link, which opens only its own
 * subject. Null if they have a session of their own, or if the draft isn't theirs.
 */
export async function linkToDraft(db: Knex, actor: Actor, subject_id: string): Promise<string | null> {
  const { organization_id, person_id, user_id, partner_id, assurance } = actor;
  if (assurance !== 'link' || !organization_id || !person_id || !user_id || !partner_id) return null;
  const token = randomToken();
  return withActor(db, systemActor(organization_id), async (db) => {
    const own = { organization_id, id: subject_id, partner_id, visible_to: 'partner' };
    if (!(await db('subjects').where(own).first('id'))) return null;
    const link = { organization_id, id: newId(), subject_id, person_id, user_id };
    await db('links').insert({ ...link, token_hash: hashOf(token), expires_at: expiry(db) });
    return token;
  });
}

/** Returns the reply key for a thread, reader and audience. Each has its own, so a reply stays with that audience. */
export async function issueReplyKey(
  db: Knex.Transaction,
  secret: string,
  { organization_id, subject_id, person_id }: Thread,
  audience: 'shared' | 'staff' | 'partner',
): Promise<string> {
  const id = newId();
  const thread = { organization_id, subject_id, person_id, audience };
  const [, stored] = await Promise.all([
    db('reply_keys')
      .insert({ ...thread, id, key_hash: hashOf(replyKey(secret, id)) })
      .onConflict(['organization_id', 'subject_id', 'person_id', 'audience'])
      .ignore(),
    db('reply_keys').where(thread).first('id'),
  ]);
  return replyKey(secret, stored.id);
}
