import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteOldSignIns } from '../../src/people/sessions.js';
import { harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('a code works once, in the browser that asked for it, with ten tries at most', async () => {
  const home = await harbor(portal);
  const ask = async () => {
    const agent = portal.browser();
    const before = portal.post.emails.length;
    await agent.post('/sign-in').type('form').send({ email: home.olivia.email }).expect(303);
    const received = await portal.post.to(home.olivia.email, (one) => portal.post.emails.indexOf(one) >= before);
    return { agent, code: received.subject?.slice(0, 6) ?? '', received };
  };
  const { agent, code } = await ask();
  await portal.browser().post('/sign-in/code').type('form').send({ code }).expect(422);
  await agent.post('/sign-in/code').type('form').send({ code }).expect(303);
  await agent.post('/sign-in/code').type('form').send({ code }).expect(422);
  const second = await ask();
  const wrong = second.code === '000000' ? '111111' : '000000';
  for (let i = 0; i < 10; i++) await second.agent.post('/sign-in/code').type('form').send({ code: wrong }).expect(422);
  await second.agent.post('/sign-in/code').type('form').send({ code: second.code }).expect(422);
  const third = await ask();
  await second.agent.get(second.received.link).expect(410);
  await portal.browser().get(third.received.link).expect(200);
  const presses = await Promise.all(
    Array.from({ length: 20 }, () => portal.browser().post(third.received.link).type('form').send({})),
  );
  assert.equal(presses.filter(({ headers }) => String(headers['set-cookie']).includes('session')).length, 1);
  await third.agent.post('/sign-in/code').type('form').send({ code: third.code }).expect(303);
});

test('asking for a code reveals nothing about an address, and can’t flood it', async () => {
  const home = await harbor(portal);
  const known = await portal.browser().post('/sign-in').type('form').send({ email: home.tom.email });
  const unknown = await portal.browser().post('/sign-in').type('form').send({ email: 'stranger@nowhere.example' });
  assert.deepEqual(
    [unknown.status, unknown.text, unknown.headers['location']],
    [known.status, known.text, known.headers['location']],
  );
  await portal.browser().post('/sign-in').type('form').send('email[]=a@b.example&email[]=c@d.example').expect(400);
  await portal.browser().post('/sign-in').type('form').send('email=a@b.example&email=c@d.example').expect(400);
  for (let i = 0; i < 10; i++) await portal.browser().post('/sign-in').type('form').send({ email: home.tom.email });
  await portal.idle();
  assert.ok(portal.post.emails.filter(({ recipient }) => recipient === home.tom.email).length <= 5);
  assert.ok(!portal.post.emails.some(({ recipient }) => recipient === 'stranger@nowhere.example'));
});

test('links have our own host, whatever the request’s Host is', async () => {
  const home = await harbor(portal);
  await portal
    .browser()
    .post('/sign-in')
    .set('Host', '192.0.2.66')
    .set('X-Forwarded-Host', 'evil.example')
    .type('form')
    .send({ email: home.olivia.email });
  const received = await portal.post.to(home.olivia.email);
  assert.ok(!/evil\.example|192\.0\.2\.66/.test(received.raw));
});

test('expired sessions are deleted, and no others', async () => {
  const home = await harbor(portal);
  const current = await portal.signIn(home.olivia.email);
  await portal.knex('sessions').insert({
    token_hash: 'over',
    user_id: home.staff.user_id ?? (await portal.knex('users').first('id')).id,
    expires_at: new Date(0),
  });
  await deleteOldSignIns(portal.knex);
  assert.equal(await portal.knex('sessions').where({ token_hash: 'over' }).first(), undefined);
  await current.get(`/${home.slug}/desk`).expect(200);
});
