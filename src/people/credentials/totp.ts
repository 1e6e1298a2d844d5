import type { Knex } from 'knex';
import { generateSecret, generateURI, verify } from 'otplib';
import { seal, unsealWithAny } from '../../db/secrets.js';

/** A code of the step before or after still counts: clocks differ, and people type slowly. */
const TOLERANCE_SECONDS = 30;

/** What a secret is sealed for: one user's row can't be swapped for another's. */
export const totpPlace = (user_id: string) => `totp ${user_id}`;

const confirmed = (db: Knex.Transaction, user_id: string) =>
  db('totp_secrets').where({ user_id }).whereNotNull('confirmed_at');

/** Whether somebody's sign-in takes the code of an authenticator app. As the user. */
export const hasTotp = async (db: Knex.Transaction, user_id: string): Promise<boolean> =>
  Boolean(await confirmed(db, user_id).first('user_id'));

/** Makes the secret for an authenticator app, which counts once a code confirms it. */
export async function beginTotp(db: Knex.Transaction, secret: string, user_id: string): Promise<void> {
  const sealed = seal(secret, totpPlace(user_id), Buffer.from(generateSecret()));
  await db('totp_secrets')
    .insert({ user_id, sealed })
    .onConflict('user_id')
    .merge({ sealed, created_at: db.fn.now(), last_step: 0 })
    .whereNull('totp_secrets.confirmed_at');
}

/** What an app is set up with: the key to type, and the address that its QR code holds. */
interface TotpKey {
  key: string;
  uri: string;
}

/** The key that is not confirmed yet, for the page that shows it; null if there is none. */
export function totpKey(
  secrets: readonly string[],
  { user_id, sealed }: { user_id: string; sealed: Buffer },
  names: { issuer: string; label: string },
): TotpKey | null {
  const key = unsealWithAny(secrets, totpPlace(user_id), sealed)?.toString();
  return key ? { key, uri: generateURI({ ...names, secret: key }) } : null;
}

/** Takes a code of an app, each time step once. `pending`: one that confirms a new key. As the user. */
export async function takeTotp(
  db: Knex.Transaction,
  secrets: readonly string[],
  user_id: string,
  code: string,
  pending = false,
): Promise<boolean> {
  const row = db('totp_secrets').where({ user_id });
  const wanted = pending ? row.whereNull('confirmed_at') : row.whereNotNull('confirmed_at');
  const found = await wanted
    .forUpdate()
    .first<{ sealed: Buffer; last_step: number } | undefined>('sealed', 'last_step');
  const key = found && unsealWithAny(secrets, totpPlace(user_id), found.sealed)?.toString();
  const token = code.replace(/\D/g, '');
  if (!key || token.length !== 6) return false;
  const result = await verify({ secret: key, token, epochTolerance: TOLERANCE_SECONDS });
  if (!result.valid || !('timeStep' in result) || result.timeStep <= found.last_step) return false;
  const confirmed_at = pending ? { confirmed_at: db.fn.now() } : {};
  await db('totp_secrets')
    .where({ user_id })
    .update({ last_step: result.timeStep, ...confirmed_at });
  return true;
}

/** Removes the app and its recovery codes: from now on one thing is enough. */
export async function removeTotp(db: Knex.Transaction, user_id: string): Promise<void> {
  await db('totp_secrets').where({ user_id }).delete();
  await db('recovery_codes').where({ user_id }).delete();
}
