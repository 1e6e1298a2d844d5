import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { type Actor, queryPrepared, systemActor, withActor } from '../../db/scope.js';
import { hashOf, linkToken, randomToken, replyKey } from '../../db/secrets.js';

/** How long a link in an email works. After that its page offers to send a new one. */
export const LINK_DAYS = 60;

const expiry = (db: Knex) => db.raw(`now() + interval '${LINK_DAYS} days'`);

interface LinkedEmail {
  id: string;
  message_id: string;
  person_id: string;
  subject_id: string;
}

const ISSUE_LINKS = `insert into links (organization_id, id, token_hash, person_id, user_id, subject_id, expires_at)
  select $1, v.id, v.token_hash, v.person_id, p.user_id, v.subject_id, now() + interval '${LINK_DAYS} days'
  from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[]) as v (id, token_hash, person_id, subject_id)
  cross join lateral (
    select user_id from people p where p.organization_id = $1 and p.id = v.person_id limit 1) p
  on conflict (organization_id, id) do update
    set user_id = excluded.user_id, token_hash = excluded.token_hash, expires_at = excluded.expires_at,
      revoked_at = null`;

/** Stores the magic links of emails and returns their tokens: the same on each try, like the Message-ID. */
export async function issueLinks(
  db: Knex.Transaction,
  secret: string,
  organization_id: string,
  emails: readonly LinkedEmail[],
): Promise<string[]> {
  const tokens = emails.map(({ message_id }) => linkToken(secret, message_id));
  const column = (name: keyof LinkedEmail) => emails.map((email) => email[name]);
  const values = [column('id'), tokens.map(hashOf), column('person_id'), column('subject_id')];
  await queryPrepared(db, ISSUE_LINKS, [organization_id, ...values]);
  return tokens;
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

/** Ends a person's links, or those to one subject. */
export async function revokeLinks(
  db: Knex.Transaction,
  links: { organization_id: string; person_id: string; subject_id?: string },
): Promise<void> {
  await db('links')
    .where({ ...links, revoked_at: null })
    .update({ revoked_at: db.fn.now() });
}

/** Who reads a reply, besides its sender's own side. */
export type Audience = 'shared' | 'staff' | 'partner';

interface ReplyThread {
  subject_id: string;
  person_id: string;
  audience: Audience;
}

const ISSUE_REPLY_KEYS = `insert into reply_keys (organization_id, id, key_hash, subject_id, person_id, audience)
  select $1, * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[])
  on conflict (organization_id, subject_id, person_id, audience) where not retired do update set audience = excluded.audience
  returning id, subject_id, person_id, audience`;

/**
 * Makes the reply keys of threads, by reader and audience, unless they are there; returns their ids in no order. Each
 * audience has its own, so that a reply stays with it.
 */
export function issueReplyKeys(
  db: Knex.Transaction,
  secret: string,
  organization_id: string,
  threads: readonly ReplyThread[],
): Promise<(ReplyThread & { id: string })[]> {
  const ids = threads.map(newId);
  const hashes = ids.map((id) => hashOf(replyKey(secret, id)));
  const column = (name: keyof ReplyThread) => threads.map((thread) => thread[name]);
  const values = [ids, hashes, column('subject_id'), column('person_id'), column('audience')];
  return queryPrepared(db, ISSUE_REPLY_KEYS, [organization_id, ...values]);
}
