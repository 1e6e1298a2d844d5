import { z } from 'zod';

const text = z.string().trim().min(1).optional();

/** The settings of the providers that staff may sign in with (OpenID Connect). */
export const OIDC_SETTINGS = {
  OIDC_GOOGLE_CLIENT_ID: text,
  OIDC_GOOGLE_CLIENT_SECRET: text,
  // Its own tenant: in the common one, anybody can claim any address.
  OIDC_MICROSOFT_TENANT: text,
  OIDC_MICROSOFT_CLIENT_ID: text,
  OIDC_MICROSOFT_CLIENT_SECRET: text,
  OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'must be a URL like https://id.example.com' }).optional(),
  OIDC_NAME: text,
  OIDC_CLIENT_ID: text,
  OIDC_CLIENT_SECRET: text,
};

type Settings = { [Name in keyof typeof OIDC_SETTINGS]?: string | undefined };

/** A provider that staff may sign in with; `id` is its name in addresses. */
export interface OidcProvider {
  id: string;
  name: string;
  issuer: string;
  client_id: string;
  client_secret: string;
}

/** The providers that are set. @throws Error, for the terminal, if one is set by half */
export function oidcProviders(e: Settings, production: boolean): OidcProvider[] {
  const tenant = e.OIDC_MICROSOFT_TENANT;
  const microsoft = tenant && `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/v2.0`;
  if (production && e.OIDC_ISSUER?.startsWith('http:'))
    throw new Error('OIDC_ISSUER: must begin with https:// in production.');
  return [
    ...provider('OIDC_GOOGLE', e.OIDC_GOOGLE_CLIENT_ID && 'https://accounts.google.com', {
      ...{ id: 'google', name: 'Google' },
      ...{ client_id: e.OIDC_GOOGLE_CLIENT_ID, client_secret: e.OIDC_GOOGLE_CLIENT_SECRET },
    }),
    ...provider('OIDC_MICROSOFT', microsoft, {
      ...{ id: 'microsoft', name: 'Microsoft' },
      ...{ client_id: e.OIDC_MICROSOFT_CLIENT_ID, client_secret: e.OIDC_MICROSOFT_CLIENT_SECRET },
    }),
    ...provider('OIDC', e.OIDC_ISSUER, {
      ...{ id: 'sso', name: e.OIDC_NAME ?? 'single sign-on' },
      ...{ client_id: e.OIDC_CLIENT_ID, client_secret: e.OIDC_CLIENT_SECRET },
    }),
  ];
}

interface Given {
  id: string;
  name: string;
  client_id: string | undefined;
  client_secret: string | undefined;
}

function provider(prefix: string, issuer: string | undefined, { client_id, client_secret, ...names }: Given) {
  if (!issuer && !client_id && !client_secret) return [];
  if (issuer && client_id && client_secret) return [{ ...names, issuer, client_id, client_secret }];
  throw new Error(`${prefix}_…: issuer (or tenant), CLIENT_ID and CLIENT_SECRET go together: set all, or none.`);
}
