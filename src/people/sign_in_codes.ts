import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { setActor, systemActor } from '../db/scope.js';
import { hashOf, linkToken, randomToken } from '../db/secrets.js';
import { queueEmail } from '../mail/outbox/queue.js';

const CODE_MINUTES = 15;

interface SignInRequest {
  /** In lower case. */
  address: string;
  /** The slug of the organization whose page was open, if any: it sends the email. */
  slug: string | null;
  return_to: string;
  remote_ip: string;
}

/**
 * Starts a sign-in: emails a code and a link to the address if it has an account, and expires older codes. Returns the
 * browser's secret: the code works only in that browser. Unknown addresses get the same response, so that nobody can
 * probe for accounts.
 */
export function beginSignIn(db: Knex, secret: string, request: SignInRequest): Promise<string> {
  const { address, slug, return_to, remote_ip } = request;
  return db.transaction(async (db) => {
    await db.raw('select pg_advisory_xact_lock(hashtext(?))', [address]);
    const user = await db('users').where({ email: address }).first<{ id: string } | undefined>('id');
    const member = user ? await memberFor(db, user.id, slug) : undefined;
    const [id, browser] = [newId(), randomToken()];
    await db('sign_ins').where({ address }).where('expires_at', '>', db.fn.now()).update({ expires_at: db.fn.now() });
    await db('sign_ins').insert({
      ...{ id, user_id: member ? user?.id : null, address, return_to, remote_ip },
      ...{ browser_hash: hashOf(browser), link_hash: hashOf(linkToken(secret, id)) },
      expires_at: db.raw(`now() + interval '${CODE_MINUTES} minutes'`),
    });
    if (member) await emailCode(db, member, address, id);
    return browser;
  });
}

interface Member {
  organization_id: string;
  person_id: string;
}

async function emailCode(db: Knex.Transaction, member: Member, to_address: string, cause_id: string): Promise<void> {
  await setActor(db, systemActor(member.organization_id));
  await queueEmail(db, { ...member, kind: 'code', activity_id: null, subject_id: null, cause_id, to_address });
}

/** Finds the user's membership in the organization of `slug`, or else their first one. */
async function memberFor(db: Knex.Transaction, user_id: string, slug: string | null): Promise<Member | undefined> {
  await db.raw(`select set_config('app.user', ?, true)`, [user_id]);
  return db('people as p')
    .join('organizations as o', 'o.id', 'p.organization_id')
    .where({ 'p.user_id': user_id, removed_at: null })
    .orderByRaw('o.slug = ? desc, p.id', [slug ?? ''])
    .first('p.organization_id', 'p.id as person_id');
}

/** Ends the codes and links that were asked for before. */
export const endSignInsBefore = (db: Knex.Transaction, time: Date): Promise<number> =>
  db('sign_ins')
    .where('created_at', '<', time)
    .where('expires_at', '>', db.fn.now())
    .update({ expires_at: db.fn.now() });
