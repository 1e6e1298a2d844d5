import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { actingAs, systemActor } from '../../db/scope.js';
import { closeSessions } from '../sessions.js';

/** The ways to sign in, which belong to a user. */
const WAYS_IN = [
  'passwords',
  'passkeys',
  'totp_secrets',
  'recovery_codes',
  'oidc_subjects',
  'second_steps',
  'known_devices',
  'sign_ins',
];

interface User {
  id: string;
  email: string;
}

/**
 * Ends the account of a user, and those that their former addresses left behind: the address, the ways in, and what is
 * noted of sign-ins; open pages, too. One that still opens another organization stays as it is. Returns whether theirs
 * ended.
 */
export async function endAccounts(
  db: Knex.Transaction,
  user_id: string,
  addresses: readonly string[],
): Promise<boolean> {
  const users: User[] = await db('users').whereIn('email', addresses).orWhere({ id: user_id }).select('id', 'email');
  const kept: User[] = [];
  for (const user of users) if (!(await endAccount(db, user))) kept.push(user);
  const free = addresses.filter((address) => !kept.some(({ email }) => email === address));
  await db('wrong_codes').whereIn('address', free).delete();
  return !kept.some(({ id }) => id === user_id);
}

const endAccount = (db: Knex.Transaction, { id: user_id }: User): Promise<boolean> =>
  actingAs(db, { ...systemActor(null), user_id }, async () => {
    if (await db('people').where({ user_id, removed_at: null }).first('id')) return false;
    for (const table of WAYS_IN) await db(table).where({ user_id }).delete();
    await closeSessions(db, db('sessions').where({ user_id }));
    await db('users')
      .where({ id: user_id })
      .update({ email: nobodysAddress(user_id) });
    return true;
  });

/** An address that no mail can reach (RFC 2606). */
export const nobodysAddress = (id: string): string => `erased-${id}@erased.invalid`;

/** A user that nobody can sign in as, for people whose own user still belongs to another organization. */
export async function nobodysUser(db: Knex.Transaction): Promise<string> {
  const id = newId();
  await db('users').insert({ id, email: nobodysAddress(id) });
  return id;
}
