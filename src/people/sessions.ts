import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { hashOf, randomToken } from '../db/secrets.js';
import { notifySignedOut } from '../activity/record.js';
import { WRONG_CODE_DAYS } from './sign_in/wrong_codes.js';

/** How long a browser stays signed in. */
export const SESSION_DAYS = 30;

/** From where a session is opened; `by_code`: a code was typed for it, which counts for risky steps for a while. */
interface Opened {
  remote_ip?: string;
  by_code?: boolean;
}

/** Creates a session for a user. Returns the token for the cookie; only its hash is stored. */
export async function openSession(
  db: Knex,
  user_id: string,
  user_agent: string,
  { remote_ip = '', by_code = false }: Opened = {},
): Promise<string> {
  const token = randomToken();
  const expires_at = db.raw(`now() + interval '${SESSION_DAYS} days'`);
  const from = { user_agent: user_agent.slice(0, 300), remote_ip, code_typed_at: by_code ? db.fn.now() : null };
  await db('sessions').insert({ token_hash: hashOf(token), user_id, ...from, expires_at });
  return token;
}

/** Ends a session immediately, for every copy of its cookie and the live pages it has open. */
export async function closeSession(db: Knex, token: string): Promise<void> {
  await db.transaction((db) => closeSessions(db, db('sessions').where({ token_hash: hashOf(token) })));
}

/** Ends sessions. Returns how many. */
export async function closeSessions(db: Knex.Transaction, sessions: Knex.QueryBuilder): Promise<number> {
  const ended: { token_hash: string }[] = await sessions.delete().returning('token_hash');
  for (const { token_hash } of ended) await notifySignedOut(db, token_hash);
  return ended.length;
}

/** Deletes expired sessions, sign-ins and rate limits, and wrong codes that count no more. */
export async function deleteOldSignIns(db: Knex): Promise<void> {
  await db.transaction((db) => closeSessions(db, db('sessions').where('expires_at', '<', db.fn.now())));
  await db('sign_ins').where('expires_at', '<', db.raw(`now() - interval '1 hour'`)).delete();
  await db('wrong_codes')
    .where('created_at', '<', db.raw('now() - make_interval(days => ?)', [WRONG_CODE_DAYS]))
    .delete();
  await db('rate_limits').where('expire', '<', Date.now()).delete();
  await withActor(db, systemActor(null), async (db) => {
    await db('second_steps').where('expires_at', '<', db.fn.now()).delete();
    await db('passkey_challenges').where('expires_at', '<', db.fn.now()).delete();
  });
}
