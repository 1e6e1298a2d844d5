import type { WebAuthnCredential } from '@simplewebauthn/server';
import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { hashOf } from '../../db/secrets.js';
import { Invalid, NotFound } from '../../errors.js';

/** A passkey, as its owner sees it. */
export interface Passkey {
  id: string;
  name: string;
  created_at: Date;
  used_at: Date | null;
}

/** A passkey with what its signatures are checked by. */
export interface StoredPasskey {
  id: string;
  user_id: string;
  credential: WebAuthnCredential;
}

/** More are of no use to anybody. */
const MOST_PASSKEYS = 20;

/** As the user. @throws Invalid if there are too many, or it is there already */
export async function addPasskey(
  db: Knex.Transaction,
  user_id: string,
  name: string,
  { id: credential_id, publicKey, counter, transports = [] }: WebAuthnCredential,
): Promise<void> {
  const known: string[] = await db('passkeys').where({ user_id }).pluck('credential_id');
  if (known.length >= MOST_PASSKEYS) throw new Invalid({ name: 'You have many passkeys already. Remove one first.' });
  if (known.includes(credential_id)) throw new Invalid({ name: 'You already added this passkey.' });
  const public_key = Buffer.from(publicKey);
  const key = { credential_id, credential_hash: hashOf(credential_id), public_key, counter, transports };
  await db('passkeys').insert({ id: newId(), user_id, name, ...key });
}

/** The passkey with this id of its authenticator's, which whoever shows it may read; null if there is none. */
export async function findPasskey(db: Knex.Transaction, credential_id: string): Promise<StoredPasskey | null> {
  const credential_hash = hashOf(credential_id);
  await db.raw(`select set_config('app.secrets', ?, true)`, [`{${credential_hash}}`]);
  const row: PasskeyRow | undefined = await db('passkeys')
    .where({ credential_hash })
    .first('id', 'user_id', 'public_key', 'counter', 'transports');
  if (!row) return null;
  const { id, user_id, public_key, counter, transports } = row;
  return { id, user_id, credential: { id: credential_id, publicKey: new Uint8Array(public_key), counter, transports } };
}

interface PasskeyRow {
  id: string;
  user_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
}

/** Notes a use. False if its counter did not rise: then there is a copy of it, or it was used twice. As the user. */
export async function noteUse(db: Knex.Transaction, id: string, counter: number): Promise<boolean> {
  const rising = db('passkeys').where((risen) => risen.where('counter', '<', counter).orWhereRaw('? = 0', [counter]));
  return (await rising.where({ id }).update({ counter, used_at: db.fn.now() })) > 0;
}

/** Renames one of the user's own. @throws NotFound */
export async function renamePasskey(db: Knex.Transaction, user_id: string, id: string, name: string): Promise<void> {
  if (!(await db('passkeys').where({ user_id, id }).update({ name }))) throw new NotFound();
}

/** Removes one of the user's own. Returns its name. @throws NotFound */
export async function removePasskey(db: Knex.Transaction, user_id: string, id: string): Promise<string> {
  const [removed] = await db('passkeys').where({ user_id, id }).delete().returning<{ name: string }[]>('name');
  if (!removed) throw new NotFound();
  return removed.name;
}
