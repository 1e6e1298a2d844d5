import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { textOf } from '../support/forms.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { listenTo } from '../support/live.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

/** Signs in with a browser of this name, which has or has not signed in before. */
async function signInWith(email: string, user_agent: string, agent = portal.browser()) {
  const code = portal.codeFor(email);
  await agent.post('/sign-in').set('User-Agent', user_agent).type('form').send({ email }).expect(303);
  const { headers } = await agent
    .post('/sign-in/code')
    .set('User-Agent', user_agent)
    .type('form')
    .send({ code: await code() })
    .expect(303);
  return Object.assign(agent, { cookie: /parley_session=[\w-]+/.exec(String(headers['set-cookie']))?.[0] ?? '' });
}

test('Maya sees where she is signed in, is told of new devices once, and signs them out: their open pages end', async () => {
  const home = await harbor(portal);
  const { url } = await sentInvoice(portal, home);
  const mac = await signInWith(home.maya.email, MAC);
  await portal.idle();
  const alerts = () =>
    portal.post.emails.filter(
      ({ recipient, text }) => recipient === home.maya.email && text?.includes('signed in on a new device'),
    ).length;
  assert.equal(alerts(), 0, 'there is nothing to tell of the first');
  const phone = await signInWith(home.maya.email, IPHONE);
  await portal.post.to(home.maya.email, 'signed in on a new device');
  await portal.post.to(home.maya.email, 'Safari on iPhone, for your address at Harbor & Pine');
  await phone.post('/sign-out').type('form').send({}).expect(303);
  Object.assign(phone, await signInWith(home.maya.email, IPHONE, phone));
  await portal.idle();
  assert.equal(alerts(), 1, 'the phone is known by now');

  const devices = `/${home.slug}/settings/devices`;
  const { text } = await mac.get(devices).expect(200);
  assert.match(textOf(text), /Chrome on Mac.*This device.*Safari on iPhone/s);
  const stream = listenTo(`${portal.base_url}${url}/live`, phone.cookie);
  await stream.open;
  const [action = ''] = /\/settings\/devices\/[\w-]{36}\/sign-out/.exec(text) ?? [];
  // Nobody else signs it out.
  const noah = await portal.signIn(home.noah.email);
  await noah.post(`/${home.slug}${action}`).type('form').send({}).expect(404);
  await mac.post(`/${home.slug}${action}`).type('form').send({}).expect(303);
  await stream.ended;
  await phone
    .get(url)
    .expect(303)
    .expect('Location', /^\/sign-in/);
  await mac.get(url).expect(200);

  const third = await signInWith(home.maya.email, MAC);
  await mac.post(`${devices}/sign-out-others`).type('form').send({}).expect(303);
  await third.get(url).expect(303);
  await mac.get(devices).expect(200);
  await noah.get(url).expect(200);
});
