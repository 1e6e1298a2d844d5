import * as oidc from 'openid-client';
import type { OidcProvider } from '../../config/oidc_config.js';

const SCOPE = 'openid email profile';

/** What is agreed before a visitor is sent to a provider, and compared when they come back: each once. */
export interface ProviderRequest {
  provider: string;
  state: string;
  nonce: string;
  verifier: string;
  return_to: string;
  until: number;
}

/** What a provider says of somebody. */
export interface ProviderClaims {
  issuer: string;
  subject: string;
  /** The address that the provider has verified; null if it has not. */
  email: string | null;
}

/** An OpenID provider as its client uses it. */
export type OidcClient = ReturnType<typeof oidcClient>;

/** The client of a provider, which is asked for its addresses and keys when it is needed first. */
export function oidcClient({ id, name, issuer, client_id, client_secret }: OidcProvider, base_url: string) {
  const redirect_uri = `${base_url}/sign-in/with/${id}/callback`;
  // Only a test's provider, or one of a network of one's own: production takes https alone (config).
  const insecure = issuer.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : {};
  let found: Promise<oidc.Configuration> | null = null;
  const configuration = () =>
    (found ??= oidc
      .discovery(new URL(issuer), client_id, client_secret, undefined, insecure)
      .catch((error: unknown) => {
        found = null;
        throw error;
      }));
  return {
    id,
    name,
    /** Where a visitor is sent to. */
    async authorizationUrl({ state, nonce, verifier }: ProviderRequest): Promise<URL> {
      const code_challenge = await oidc.calculatePKCECodeChallenge(verifier);
      const challenge = { code_challenge, code_challenge_method: 'S256' };
      return oidc.buildAuthorizationUrl(await configuration(), {
        ...{ redirect_uri, scope: SCOPE, state, nonce, ...challenge },
      });
    },
    /** Whom the provider says they are. `query`: what they came back with. @throws as openid-client does */
    async claims(query: string, { state, nonce, verifier }: ProviderRequest): Promise<ProviderClaims | null> {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const url = new URL(`${redirect_uri}${query}`);
      const tokens = await oidc.authorizationCodeGrant(await configuration(), url, checks);
      const claims = tokens.claims();
      if (!claims) return null;
      // Many providers tell the address only when they are asked for it.
      const told = claims['email']
        ? claims
        : await oidc.fetchUserInfo(await configuration(), tokens.access_token, claims.sub);
      return { issuer: claims.iss, subject: claims.sub, email: verifiedEmail(told) };
    },
  };
}

/** Google and most others say `email_verified`; Microsoft says instead whether the domain's owner is verified. */
function verifiedEmail({ email, email_verified, xms_edov }: oidc.IDToken | oidc.UserInfoResponse): string | null {
  const isVerified = email_verified === true || xms_edov === true || xms_edov === '1' || xms_edov === 1;
  return isVerified && typeof email === 'string' ? email : null;
}

/** What a new request to a provider is recognized by. */
export const newProviderRequest = (provider: string, return_to: string, minutes: number): ProviderRequest => ({
  provider,
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  verifier: oidc.randomPKCECodeVerifier(),
  return_to,
  until: Date.now() + minutes * 60_000,
});

/** Whether a provider's answer was refused by a check, rather than that it could not be reached. */
export const isRefusedAnswer = (error: unknown): boolean =>
  error instanceof oidc.ClientError ||
  error instanceof oidc.AuthorizationResponseError ||
  error instanceof oidc.ResponseBodyError;
