import { hash, verify } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { randomToken } from '../../db/secrets.js';

/** Argon2id with the library's parameters, which are OWASP's: 19 MiB, two passes. */
const hashed = (password: string): Promise<string> => hash(normal(password));

/** The same characters, however a keyboard composes them (RFC 8265). */
const normal = (password: string) => password.normalize('NFKC');

/** Sets a user's password. As the user. */
export async function setPassword(db: Knex.Transaction, user_id: string, password: string): Promise<void> {
  const row = { user_id, hash: await hashed(password), changed_at: db.fn.now() };
  await db('passwords').insert(row).onConflict('user_id').merge();
}

/** Returns whether there was one. As the user. */
export const removePassword = async (db: Knex.Transaction, user_id: string): Promise<boolean> =>
  (await db('passwords').where({ user_id }).delete()) > 0;

/** The hash of a user's password; null if they have none. As the user. */
export async function passwordHash(db: Knex.Transaction, user_id: string): Promise<string | null> {
  const row: { hash: string } | undefined = await db('passwords').where({ user_id }).first('hash');
  return row?.hash ?? null;
}

let nobodys: Promise<string> | undefined;

/** Whether a password has this hash; where there is none, another is compared, which takes as long. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  nobodys ??= hashed(randomToken());
  const none = await nobodys;
  const equal = await verify(stored ?? none, normal(password));
  return equal && stored !== null;
}
