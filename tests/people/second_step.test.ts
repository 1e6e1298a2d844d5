import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { generate } from 'otplib';
import { systemActor, withActor } from '../../src/db/scope.js';
import { unsealWithAny } from '../../src/db/secrets.js';
import { resealTotp } from '../../src/people/credentials/reseal_totp.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { adoptSecrets } from '../../src/start/adopt_secrets.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

/** The code that the app shows so many half-minutes from now. */
const codeOf = (secret: string, steps = 0) => generate({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 });

const answer = (agent: Browser, code: string) => agent.post('/sign-in/second-step').type('form').send({ code });

/** Proves the mailbox, and is asked for the second step. */
async function begin(email: string): Promise<Browser> {
  const agent = portal.browser();
  const code = portal.codeFor(email);
  await agent.post('/sign-in').type('form').send({ email }).expect(303);
  await agent
    .post('/sign-in/code')
    .type('form')
    .send({ code: await code() })
    .expect(303)
    .expect('Location', '/sign-in/second-step');
  return agent;
}

/** Sets up an app. Returns its key and the recovery codes. */
async function protect(agent: Browser, slug: string) {
  const url = `/${slug}/settings/sign-in`;
  await agent.post(`${url}/totp`).type('form').send({}).expect(303);
  const { text } = await agent.get(`${url}/totp`).expect(200);
  const secret = (/<code class="key">([A-Z2-7 ]+)</.exec(text)?.[1] ?? '').replaceAll(' ', '');
  await agent.post(`${url}/totp/confirm`).type('form').send({ code: '000000' }).expect(422);
  await agent
    .post(`${url}/totp/confirm`)
    .type('form')
    .send({ code: await codeOf(secret) })
    .expect(303);
  const shown = await agent.get(`${url}/recovery-codes`).expect(200);
  return { secret, codes: [...shown.text.matchAll(/<code>([\w-]+)<\/code>/g)].map(([, code = '']) => code) };
}

test('Tom turns an authenticator app on: from then on a code from the mailbox alone lets nobody in', async () => {
  const tom = await portal.signIn(home.tom.email);
  const { secret, codes } = await protect(tom, home.slug);
  assert.equal(new Set(codes).size, 10);
  await portal.post.to(home.tom.email, 'Your authenticator app is on');

  const used = await begin(home.tom.email);
  await used
    .get(`/${home.slug}/desk`)
    .expect(303)
    .expect('Location', /^\/sign-in/);
  await answer(used, await codeOf(secret)).expect(422); // the one that confirmed the app
  const next = await codeOf(secret, 1);
  await answer(used, next).expect(303);
  await used.get(`/${home.slug}/desk`).expect(200);
  await answer(used, next).expect(422);
  const replayed = await begin(home.tom.email);
  await answer(replayed, next).expect(422);

  // Two at once: one session.
  const [code = ''] = codes;
  const answers = await Promise.all([answer(replayed, code.toUpperCase()), answer(replayed, code.replace('-', ' '))]);
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((one, other) => one - other),
    [303, 422],
  );
  await portal.post.to(home.tom.email, 'A recovery code was used to sign in');
  const third = await begin(home.tom.email);
  await answer(third, code).expect(422);
  for (let i = 0; i < 8; i++) await answer(third, '123456').expect(422);
  await answer(third, codes[1] ?? '').expect(422); // too many tries: it begins anew
  await third.get('/sign-in/second-step').expect(303);

  const olivia = await portal.signIn(home.olivia.email);
  await olivia.get(`/${home.slug}/security`).expect(/Emailed code \+ Recovery code/);
});

test('an app is turned off with a code only, and outlives another SECRET', async () => {
  const ada = await portal.signIn(home.olivia.email);
  const { secret, codes } = await protect(ada, home.slug);
  const off = (code: string) => ada.post(`/${home.slug}/settings/sign-in/totp/remove`).type('form').send({ code });
  await off('').expect(422);
  await off('123456').expect(422);

  const first = portal.services.secret;
  const another = 'f'.repeat(20) + first;
  const installation = <T>(work: (db: Knex.Transaction) => Promise<T>) =>
    withActor(portal.knex, systemActor(null), work);
  const opened = () =>
    installation(async (db) => {
      const rows: { user_id: string; sealed: Buffer }[] = await db('totp_secrets').select('user_id', 'sealed');
      return rows.map(({ user_id, sealed }) => unsealWithAny([another], `totp ${user_id}`, sealed)?.toString());
    });
  assert.ok(!(await opened()).includes(secret));
  await adoptSecrets(portal.knex, [another, first], portal.services.log);
  assert.ok((await opened()).includes(secret));
  assert.equal(await installation((db) => resealTotp(db, [first, another])), 0);
  await off(await codeOf(secret, 1)).expect(303);
  await portal.post.to(home.olivia.email, 'Your authenticator app is off');
  await off(codes[0] ?? '').expect(422);
  await portal.signIn(home.olivia.email);
});
