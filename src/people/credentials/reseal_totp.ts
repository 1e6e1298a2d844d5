import type { Knex } from 'knex';
import { reseal } from '../../db/secrets.js';
import { totpPlace } from './totp.js';

/**
 * Seals the keys of authenticator apps under the first of these secrets. One that none of them opens is kept, since a
 * second step must not vanish: its owner gets in by a recovery code or a passkey. Returns how many those are. As the
 * installation.
 */
export async function resealTotp(db: Knex.Transaction, secrets: readonly string[]): Promise<number> {
  const rows: { user_id: string; sealed: Buffer }[] = await db('totp_secrets').select('user_id', 'sealed');
  let lost = 0;
  for (const { user_id, sealed } of rows) {
    const anew = reseal(secrets, totpPlace(user_id), sealed);
    if (anew) await db('totp_secrets').where({ user_id }).update({ sealed: anew });
    else lost++;
  }
  return lost;
}
