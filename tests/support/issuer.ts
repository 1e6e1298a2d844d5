import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { freePort } from './ports.js';

/** Somebody with an account at the provider. */
export interface Account {
  sub: string;
  email: string;
  email_verified: boolean;
}

/** A real OpenID provider, run here, at which `account` is signed in already and asked nothing. */
export async function openIssuer(redirect_uri: string) {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const client = {
    client_id: 'parley',
    client_secret: 'a secret of the test, long enough',
    redirect_uris: [redirect_uri],
  };
  const state: { account: Account } = { account: { sub: '', email: '', email_verified: false } };
  const provider = new Provider(issuer, {
    clients: [{ ...client, grant_types: ['authorization_code'], response_types: ['code'] }],
    cookies: { keys: ['a key of the test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: async () => ({ ...state.account, sub }) }),
    // Nobody is asked whether they agree.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: client.client_id,
        accountId: String(ctx.oidc.session?.accountId),
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  const server = createServer((req, res) => {
    if (!req.url?.startsWith('/interaction/')) return void callback(req, res);
    return void provider.interactionFinished(req, res, { login: { accountId: state.account.sub } });
  });
  server.listen(port, 'localhost');
  await once(server, 'listening');
  return {
    issuer,
    client,
    /** Who comes next. */
    isNow: (account: Account) => (state.account = account),
    /** Goes where a browser is sent, until the provider sends it back. Returns that address. */
    async visit(url: string): Promise<URL> {
      const cookies = new Map<string, string>();
      let next = url;
      for (let hop = 0; hop < 10 && next.startsWith(issuer); hop++) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
        for (const set of answer.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
          cookies.set(name, value);
        }
        const location = answer.headers.get('location');
        if (!location) throw new Error(`${next}: ${answer.status} ${await answer.text()}`);
        next = new URL(location, next).href;
      }
      return new URL(next);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
