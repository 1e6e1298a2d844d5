import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { harbor, type Harbor } from '../support/harbor.js';
import { openIssuer } from '../support/issuer.js';
import { freePort } from '../support/ports.js';
import { openPortal, type Portal } from '../support/portal.js';

let issuer: Awaited<ReturnType<typeof openIssuer>>;
let portal: Portal;
let home: Harbor;
before(async () => {
  const port = await freePort();
  issuer = await openIssuer(`http://localhost:${port}/sign-in/with/sso/callback`);
  const { client_id, client_secret } = issuer.client;
  const client = { OIDC_CLIENT_ID: client_id, OIDC_CLIENT_SECRET: client_secret };
  portal = await openPortal({ PORT: `${port}`, OIDC_ISSUER: issuer.issuer, OIDC_NAME: 'Quay ID', ...client });
  home = await harbor(portal);
});
after(async () => {
  await portal.close();
  await issuer.close();
});

/** Presses "Continue with Quay ID", is sent there and back, and sends on the answer. */
async function comeBack(agent = portal.browser(), change: (url: URL) => void = () => {}) {
  const { headers } = await agent.get('/sign-in/with/sso?return_to=%2F').expect(303);
  const url = new URL(String(headers['location']));
  change(url);
  const { pathname, search } = await issuer.visit(url.href);
  await agent.get(pathname + search).expect(200, /has confirmed who you are/);
  return agent
    .post(pathname + search)
    .type('form')
    .send({});
}

const olivia = (fields = {}) => ({ sub: 'olivia-1', email: home.olivia.email, email_verified: true, ...fields });

test('staff sign in with their provider; whoever has the address there later, but is somebody else, is refused', async () => {
  await portal
    .browser()
    .get('/sign-in')
    .expect(/href="\/sign-in\/with\/sso"/);
  issuer.isNow(olivia({ email: home.olivia.email.toUpperCase() }));
  const agent = portal.browser();
  const signed = await comeBack(agent);
  assert.equal(signed.status, 303, signed.text);
  await agent.get(`/${home.slug}/desk`).expect(200);
  await agent.get(`/${home.slug}/security`).expect(/Quay ID/);
  await comeBack().then(({ status }) => assert.equal(status, 303, 'again, as the same'));

  issuer.isNow(olivia({ sub: 'somebody-else' }));
  assert.equal((await comeBack()).status, 422);
  await agent.get(`/${home.slug}/security`).expect(/Provider refused/);
  await portal.post.to(home.olivia.email, 'Someone tried to sign in with your address at Quay ID');
});

test('an address that the provider has not verified, or that is no staff’s, signs nobody in', async () => {
  for (const account of [
    olivia({ email_verified: false }),
    { sub: 'maya-1', email: home.maya.email, email_verified: true },
    { sub: 'nobody-1', email: 'nobody@nowhere.example', email_verified: true },
  ]) {
    issuer.isNow(account);
    const { status, headers } = await comeBack();
    assert.equal(status, 422, account.email);
    assert.doesNotMatch(String(headers['set-cookie']), /session=\w/);
  }
});

test('an answer with another nonce or state, of another browser, or used before signs nobody in', async () => {
  issuer.isNow(olivia());
  const other = await comeBack(portal.browser(), (url) => url.searchParams.set('nonce', 'of-another-sign-in'));
  assert.equal(other.status, 422, 'nonce');
  const state = await comeBack(portal.browser(), (url) => url.searchParams.set('state', 'of-another-sign-in'));
  assert.equal(state.status, 422, 'state');

  await portal
    .browser()
    .get('/sign-in/with/sso/callback?error=access_denied')
    .expect(422, /did not confirm/);

  const mine = portal.browser();
  const { headers } = await mine.get('/sign-in/with/sso').expect(303);
  const { pathname, search } = await issuer.visit(String(headers['location']));
  await portal
    .browser()
    .post(pathname + search)
    .type('form')
    .send({})
    .expect(422);
  const stranger = portal.browser();
  await stranger.get('/sign-in/with/sso').expect(303);
  await stranger
    .post(pathname + search)
    .type('form')
    .send({})
    .expect(422);
  await mine
    .post(pathname + search)
    .type('form')
    .send({})
    .expect(303);
  await mine
    .post(pathname + search)
    .type('form')
    .send({})
    .expect(422);
});
