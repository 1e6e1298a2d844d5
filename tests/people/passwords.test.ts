import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor, withActor } from '../../src/db/scope.js';
import { textOf } from '../support/forms.js';
import { harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const PASSWORD = 'wagons of blue thistle';

const set = (agent: Browser, slug: string, password: string) =>
  agent.post(`/${slug}/settings/sign-in/password`).type('form').send({ password });
const signIn = (email: string, password: string, agent = portal.browser()) =>
  agent.post('/sign-in/password').type('form').send({ email, password, return_to: '/' });

/** Her session is older than a quarter of an hour. */
const later = () => portal.knex('sessions').update({ proven_at: portal.knex.raw(`now() - interval '16 minutes'`) });

test('Maya sets a password, is told by email, and signs in with it; she changes it only after a fresh code', async () => {
  const home = await harbor(portal);
  const maya = await portal.signIn(home.maya.email);
  const url = `/${home.slug}/settings/sign-in`;
  for (const [password, why] of [
    ['', 'Fill this in'],
    ['too short', 'at least 12 characters'],
    ['password1234', 'easy to guess'],
    ['aaaaaaaaaaaaaaaa', 'easy to guess'],
    [`${home.maya.email} and more`, 'doesn’t contain your email address'],
    ['x'.repeat(300), 'at most 200'],
  ] as const) {
    const { status, text } = await set(maya, home.slug, password);
    assert.equal(status, 422, password);
    assert.match(textOf(text), new RegExp(why));
    assert.ok(!password || !text.includes(`value="${password}"`), 'it is not shown again');
  }
  await set(maya, home.slug, PASSWORD).expect(303, /.*/).expect('Location', `${url}?done=saved`);
  const told = await portal.post.to(home.maya.email, 'Your password was changed');
  assert.match(told.text ?? '', /If not, sign out all other devices/);

  await signIn(home.maya.email, `${PASSWORD}.`).expect(422);
  const other = portal.browser();
  await signIn(` ${home.maya.email.toUpperCase()}`, PASSWORD, other).expect(303);
  await other.get(url).expect(200);
  const [stored] = await withActor(portal.knex, systemActor(null), (db) =>
    db('passwords').select<{ hash: string }[]>('hash'),
  );
  assert.match(stored?.hash ?? '', /^\$argon2id\$/);
  assert.deepEqual(await portal.knex('passwords').select(), [], 'without an actor, nobody reads any');

  await later();
  await maya.get(url).expect(200, /confirm it’s you/);
  await set(maya, home.slug, 'another set of words').expect(303).expect('Location', url);
  await signIn(home.maya.email, PASSWORD).expect(303);
  const again = await portal.signIn(home.maya.email);
  await again.post(`${url}/password/remove`).type('form').send({}).expect(303);
  await signIn(home.maya.email, PASSWORD).expect(422);
});

test('an address without an account or a password gets the same page in the same time', async () => {
  const home = await harbor(portal);
  await set(await portal.signIn(home.maya.email), home.slug, PASSWORD).expect(303);
  const taken = async (email: string) => {
    const began = performance.now();
    const { status, text } = await signIn(email, 'a wrong set of words');
    return { status, text: textOf(text).replaceAll(email, ''), ms: performance.now() - began };
  };
  const [known, without, unknown] = [
    await taken(home.maya.email),
    await taken(home.noah.email),
    await taken('stranger@nowhere.example'),
  ];
  assert.equal(known.status, 422);
  for (const other of [without, unknown]) {
    assert.deepEqual([other.status, other.text], [known.status, known.text]);
    assert.ok(Math.min(other.ms, known.ms) >= 390, `${other.ms} ${known.ms}`);
  }
});

test('fifty wrong passwords end passwords for that address, and nothing else: the emailed code lets its owner in', async () => {
  const home = await harbor(portal);
  await set(await portal.signIn(home.maya.email), home.slug, PASSWORD).expect(303);
  const guesses = Array.from({ length: 50 }, (_, i) => signIn(home.maya.email, `a wrong guess ${i}`));
  for (const { status } of await Promise.all(guesses)) assert.equal(status, 422);
  await signIn(home.maya.email, PASSWORD).expect(422);
  await portal.post.to(home.maya.email, 'Someone typed 50 wrong passwords');
  const maya = await portal.signIn(home.maya.email);
  await maya.get(`/${home.slug}/settings/sign-in`).expect(200);
  const olivia = await portal.signIn(home.olivia.email);
  await olivia.get(`/${home.slug}/security`).expect(/Passwords stopped/);
});
