import type { Request } from 'express';
import type { Knex } from 'knex';
import { canonicalAddress } from '../../input/email_address.js';
import {
  isRefusedAnswer,
  type OidcClient,
  type ProviderClaims,
  type ProviderRequest,
} from '../credentials/oidc_clients.js';
import { isBoundTo } from '../credentials/oidc_subjects.js';
import { NOBODY } from '../identify.js';
import { proceed, type SigningBrowser } from '../sign_in/complete_sign_in.js';
import { actAsUser, membershipsOf } from '../sign_in/members.js';
import { logOfUser } from '../sign_in/security_log.js';
import { CredentialStrategy } from './credential_strategy.js';

interface ProviderAnswer extends SigningBrowser {
  client: OidcClient | undefined;
  /** What was agreed before the visitor was sent there. */
  agreed: ProviderRequest | null;
  /** What they came back with, from the question mark on. */
  query: string;
}

/**
 * Strategy `openid-connect`: somebody of the staff, as a provider knows them by their verified address. Who they are
 * there is bound to them the first time; whoever comes with their address later, but is somebody else there, is refused.
 */
export const openidConnect = (db: Knex, credential: (req: Request) => ProviderAnswer) =>
  new CredentialStrategy('openid-connect', async (req) => {
    const { client, agreed, query, ...browser } = credential(req);
    if (!client || agreed?.provider !== client.id || agreed.until < Date.now()) return null;
    const claims = await client.claims(query, agreed).catch((error: unknown) => {
      if (isRefusedAnswer(error)) return null;
      throw error;
    });
    return claims && signIn(db, client.name, claims, agreed, browser);
  });

function signIn(
  db: Knex,
  way: string,
  { email, ...identity }: ProviderClaims,
  { return_to }: ProviderRequest,
  browser: SigningBrowser,
) {
  return db.transaction(async (db) => {
    const user_id = email && (await staffUser(db, canonicalAddress(email)));
    if (!user_id) return null;
    await actAsUser(db, user_id);
    if (!(await isBoundTo(db, user_id, identity))) {
      const refused = { action: 'provider_refused', detail: way, tell: { organization_id: null } } as const;
      await logOfUser(db, user_id, refused, browser);
      return null;
    }
    return { user: { ...NOBODY, user_id }, info: await proceed(db, { user_id, way, return_to }, browser) };
  });
}

/** The user of an address, if they are of the staff somewhere. */
async function staffUser(db: Knex.Transaction, address: string): Promise<string | null> {
  const user: { id: string } | undefined = await db('users').where({ email: address }).first('id');
  const members = user ? await membershipsOf(db, user.id) : [];
  return user && members.some(({ partner_id }) => partner_id === null) ? user.id : null;
}
