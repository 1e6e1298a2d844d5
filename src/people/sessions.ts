import type { Knex } from 'knex';
import { hashOf, randomToken } from '../db/secrets.js';
import { WRONG_CODE_DAYS } from './sign_in/wrong_codes.js';

/** How long a browser stays signed in. */
export const SESSION_DAYS = 30;

/**
 * Creates a session for a user. Returns the token for the cookie; only its hash is stored. `by_code`: a code was typed
 * for it, which counts for risky steps for a while.
 */
export async function openSession(
  db: Knex,
  user_id: string,
  user_agent: string,
  { by_code = false }: { by_code?: boolean } = {},
): Promise<string> {
  const token = randomToken();
  const expires_at = db.raw(`now() + interval '${SESSION_DAYS} days'`);
  const proven_at = by_code ? db.fn.now() : null;
  const session = { token_hash: hashOf(token), user_id, user_agent: user_agent.slice(0, 300), expires_at, proven_at };
  await db('sessions').insert(session);
  return token;
}

/** Ends a session immediately, for every copy of its cookie. */
export async function closeSession(db: Knex, token: string): Promise<void> {
  await db('sessions')
    .where({ token_hash: hashOf(token) })
    .delete();
}

/** Deletes expired sessions, sign-ins and rate limits, and wrong codes that count no more. */
export async function deleteOldSignIns(db: Knex): Promise<void> {
  await db('sessions').where('expires_at', '<', db.fn.now()).delete();
  await db('sign_ins').where('expires_at', '<', db.raw(`now() - interval '1 hour'`)).delete();
  await db('wrong_codes')
    .where('created_at', '<', db.raw('now() - make_interval(days => ?)', [WRONG_CODE_DAYS]))
    .delete();
  await db('rate_limits').where('expire', '<', Date.now()).delete();
}
