import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import type { Knex } from 'knex';
import { hashOf } from '../../db/secrets.js';
import type { StoredPasskey } from './passkeys.js';

const MINUTES = 5;

/** Our site, as authenticators know it: both come from the configuration, never from a request. */
export interface RelyingParty {
  id: string;
  origin: string;
}

export const relyingParty = (base_url: string): RelyingParty => {
  const { hostname, origin } = new URL(base_url);
  return { id: hostname, origin };
};

/** What a browser is asked to sign in with: any passkey of this site that its authenticator holds. */
export async function signInOptions(db: Knex, rp: RelyingParty, browser: string) {
  const options = await generateAuthenticationOptions({ rpID: rp.id, userVerification: 'required' });
  await keepChallenge(db, browser, options.challenge);
  return options;
}

/** What a browser is asked to make a passkey with. `known`: the user's own, of which none is made twice. */
export async function registrationOptions(
  db: Knex,
  rp: RelyingParty,
  browser: string,
  user: { id: string; email: string; known: { credential_id: string }[] },
) {
  const options = await generateRegistrationOptions({
    rpName: 'Parley',
    rpID: rp.id,
    userName: user.email,
    userID: new TextEncoder().encode(user.id),
    excludeCredentials: user.known.map(({ credential_id }) => ({ id: credential_id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await keepChallenge(db, browser, options.challenge);
  return options;
}

/** The passkey that a browser has made; null if it is of another site, or answers no challenge of this browser. */
export async function registeredPasskey(
  rp: RelyingParty,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<WebAuthnCredential | null> {
  const checks = { expectedChallenge: challenge, expectedOrigin: rp.origin, expectedRPID: rp.id };
  const { registrationInfo } = await verifyRegistrationResponse({ response, ...checks }).catch(refused);
  return registrationInfo?.credential ?? null;
}

/** The counter of a passkey that has signed the challenge; null if it has not. */
export async function signedCounter(
  rp: RelyingParty,
  challenge: string,
  response: AuthenticationResponseJSON,
  { credential }: StoredPasskey,
): Promise<number | null> {
  const checks = { expectedChallenge: challenge, expectedOrigin: rp.origin, expectedRPID: rp.id };
  const result = await verifyAuthenticationResponse({ response, ...checks, credential }).catch(refused);
  return result.verified ? result.authenticationInfo.newCounter : null;
}

/** The library throws for each check that fails: another site, another challenge, a counter that did not rise. */
const refused = (): { verified: false; registrationInfo?: undefined } => ({ verified: false });

const show = (db: Knex.Transaction, browser: string) =>
  db.raw(`select set_config('app.secrets', ?, true)`, [`{${hashOf(browser)}}`]);

const keepChallenge = (db: Knex, browser: string, challenge: string): Promise<void> =>
  db.transaction(async (db) => {
    await show(db, browser);
    const expires_at = db.raw('now() + make_interval(mins => ?)', [MINUTES]);
    const row = { browser_hash: hashOf(browser), challenge, expires_at };
    await db('passkey_challenges').insert(row).onConflict('browser_hash').merge();
  });

/** The challenge that a browser was given, which is used up by this; null if there is none. */
export async function takeChallenge(db: Knex.Transaction, browser: string): Promise<string | null> {
  await show(db, browser);
  const [row] = await db('passkey_challenges')
    .where({ browser_hash: hashOf(browser) })
    .delete()
    .returning<{ challenge: string; live: boolean }[]>(['challenge', db.raw('expires_at > now() as live')]);
  return row?.live ? row.challenge : null;
}
