import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { hashOf, recoveryCode } from '../../db/secrets.js';

const COUNT = 10;

/** For how long new codes can be read on their page. */
const READABLE_MINUTES = 15;

/** The codes of a set, as they are shown: made anew from SECRET, since the database has only their hashes. */
export const codesOf = (secret: string, set_id: string): string[] =>
  Array.from({ length: COUNT }, (_, i) => recoveryCode(secret, set_id, i));

/** Letters and digits alone count, however they were typed. */
const plain = (code: string) => code.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Makes ten codes in place of those before. As the user. */
export async function makeRecoveryCodes(db: Knex.Transaction, secret: string, user_id: string): Promise<void> {
  const set_id = newId();
  const codes = codesOf(secret, set_id);
  await db('recovery_codes').where({ user_id }).delete();
  await db('recovery_codes').insert(codes.map((code) => ({ user_id, set_id, code_hash: hashOf(plain(code)) })));
}

/** Takes a code, once. As the user. */
export async function takeRecoveryCode(db: Knex.Transaction, user_id: string, code: string): Promise<boolean> {
  const unused = { user_id, code_hash: hashOf(plain(code)), used_at: null };
  return (await db('recovery_codes').where(unused).update({ used_at: db.fn.now() })) > 0;
}

/** SQL: the set that was made just now, and how many codes are left. */
export const RECOVERY = `
  (select set_id from recovery_codes where user_id = $1 and created_at > now() - interval '${READABLE_MINUTES} minutes'
    limit 1) as readable_set,
  (select count(*)::int from recovery_codes where user_id = $1 and used_at is null) as recovery_codes_left`;
