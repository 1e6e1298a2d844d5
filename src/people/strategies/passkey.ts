import type { Request } from 'express';
import type { Knex } from 'knex';
import { type RelyingParty, signedCounter, takeChallenge } from '../credentials/passkey_ceremonies.js';
import { findPasskey, noteUse } from '../credentials/passkeys.js';
import { AuthenticationResponse } from '../credentials/passkey_responses.js';
import { NOBODY } from '../identify.js';
import { proceed, type SigningBrowser } from '../sign_in/complete_sign_in.js';
import { actAsUser } from '../sign_in/members.js';
import { CredentialStrategy } from './credential_strategy.js';

interface ShownPasskey extends SigningBrowser {
  /** The secret of the browser that was asked to sign. */
  passkey: string | null;
  /** What its authenticator answered, as JSON. */
  response: string;
  return_to: string;
}

/**
 * Strategy `passkey`: a challenge, signed by an authenticator that has checked its user. The challenge is used up
 * whatever comes of it.
 */
export const passkeyStrategy = (db: Knex, rp: RelyingParty, credential: (req: Request) => ShownPasskey) =>
  new CredentialStrategy('passkey', async (req) => {
    const { passkey, response, return_to, ...browser } = credential(req);
    const challenge = passkey && (await db.transaction((db) => takeChallenge(db, passkey)));
    const shown = AuthenticationResponse.safeParse(response).data;
    if (!challenge || !shown) return null;
    return db.transaction(async (db) => {
      const found = await findPasskey(db, shown.id);
      const counter = found && (await signedCounter(rp, challenge, shown, found));
      if (!found || counter === null) return null;
      const { user_id } = found;
      await actAsUser(db, user_id);
      if (!(await noteUse(db, found.id, counter))) return null;
      const info = await proceed(db, { user_id, way: 'passkey', return_to }, browser);
      return { user: { ...NOBODY, user_id }, info };
    });
  });
