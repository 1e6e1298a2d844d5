import type { Request } from 'express';
import type { Knex } from 'knex';
import { isPassword, passwordHash } from '../credentials/password_hashes.js';
import { NOBODY } from '../identify.js';
import { proceed, type SigningBrowser } from '../sign_in/complete_sign_in.js';
import { actAsUser } from '../sign_in/members.js';
import { areCodesStopped, lockGuesses, recordWrongCode } from '../sign_in/wrong_codes.js';
import { CredentialStrategy } from './credential_strategy.js';

interface TypedPassword extends SigningBrowser {
  /** In its canonical form. */
  address: string;
  password: string;
  return_to: string;
}

/**
 * Strategy `password`: an address and its password. Fails in the same way for an address that nobody has, one without a
 * password, a wrong one, and one at which too many wrong ones were typed: then the emailed code still works.
 */
export const passwordStrategy = (db: Knex, credential: (req: Request) => TypedPassword) =>
  new CredentialStrategy('password', async (req) => {
    const { address, password, return_to, ...browser } = credential(req);
    const known = await db.transaction((db) => ownerOf(db, address));
    // Compared before the guesses wait for one another, since it takes a while; what came of it only counts after that.
    const equal = await isPassword(known.hash, password.slice(0, 1000));
    return db.transaction(async (db) => {
      await lockGuesses(db, address);
      if (await areCodesStopped(db, address, 'password')) return null;
      const { user_id } = known;
      if (!user_id || !equal) {
        await recordWrongCode(db, { address, user_id }, browser, 'password');
        return null;
      }
      const info = await proceed(db, { user_id, way: 'password', return_to }, browser);
      return { user: { ...NOBODY, user_id }, info };
    });
  });

/** The user of an address and the hash of their password, if there are any. */
async function ownerOf(db: Knex.Transaction, email: string): Promise<{ user_id: string | null; hash: string | null }> {
  const user: { id: string } | undefined = await db('users').where({ email }).first('id');
  await actAsUser(db, user?.id ?? null);
  return { user_id: user?.id ?? null, hash: user ? await passwordHash(db, user.id) : null };
}
