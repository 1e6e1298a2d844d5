import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../../src/db/ids.js';
import { deleteOldSignIns } from '../../src/people/sessions.js';
import { textOf } from '../support/forms.js';
import { harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

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
  // Another browser asks for the same address: what the first got stays good.
  const third = await ask();
  await portal.browser().get(second.received.link).expect(200);
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

test('strangers who ask for my address end nothing of mine, lock me out of nothing, and don’t flood me', async () => {
  const home = await harbor(portal);
  const ask = (agent = portal.browser()) =>
    agent
      .post('/sign-in')
      .type('form')
      .send({ email: home.maya.email })
      .expect(303)
      .then(() => agent);
  const mine = await ask();
  const code = (await portal.post.to(home.maya.email, ({ subject }) => /^\d{6} /.test(subject ?? ''))).subject;
  for (let i = 0; i < 12; i++) await ask();
  await portal.idle();
  const emails = () => portal.post.emails.filter(({ recipient }) => recipient === home.maya.email);
  assert.equal(emails().length, 5, 'the others wait');
  await mine
    .post('/sign-in/code')
    .type('form')
    .send({ code: code?.slice(0, 6) })
    .expect(303);
  // Having proven that the mailbox is hers, she gets the next one at once; those for strangers are not sent any more.
  await portal.runJobsNow();
  await portal.idle();
  assert.equal(emails().length, 5);
  const again = portal.codeFor(home.maya.email);
  const second = await ask();
  await second
    .post('/sign-in/code')
    .type('form')
    .send({ code: await again() })
    .expect(303);
});

test('wrong codes slow their browser down, reach the owner and the security log, and end codes but not links', async () => {
  const home = await harbor(portal);
  const { email } = home.maya;
  const mine = portal.browser();
  const code = portal.codeFor(email);
  await mine.post('/sign-in').type('form').send({ email }).expect(303);
  const right = await code();
  const wrong = right === '000000' ? '111111' : '000000';
  const guess = (agent: Browser, typed = wrong) => agent.post('/sign-in/code').type('form').send({ code: typed });
  const stranger = async () => {
    const agent = portal.browser();
    await agent.post('/sign-in').type('form').send({ email }).expect(303);
    return agent;
  };
  const first = await stranger();
  for (let i = 0; i < 4; i++) await guess(first).expect(422);
  assert.match(textOf((await guess(first, right).expect(422)).text), /Wait \d seconds before you try again/);
  await guess(await stranger()).expect(422);
  const alert = await portal.post.to(email, 'wrong sign-in codes');
  assert.match(alert.text ?? '', /Someone typed 5 wrong sign-in codes[^]*Harbor & Pine[^]*nobody got in/);
  await guess(mine, right).expect(303);

  const admins = await portal.signInByCode(home.olivia.email);
  const log = textOf((await admins.get(`/${home.slug}/security`).expect(200)).text);
  assert.equal(log.match(/Wrong code/g)?.length, 5);
  assert.match(log, /Signed in .*Maya Chen · Maple Street Clinic/);
  const rival = await harbor(portal);
  const others = await portal.signInByCode(rival.olivia.email);
  assert.doesNotMatch((await others.get(`/${rival.slug}/security`).expect(200)).text, /Maya Chen/);
  await assert.rejects(
    portal.look(home.organization_id, (db) => db('security_events').update({ remote_ip: '' })),
    /append-only/,
  );

  // Of many guesses, from wherever, one can't be right: codes count no more for a week.
  const { knex } = portal;
  const rows = Array.from({ length: 45 }, () => ({ id: newId(), address: email, remote_ip: '192.0.2.1' }));
  await knex('wrong_codes').insert(rows.map((row) => ({ ...row, created_at: knex.raw(`now() - interval '3 days'`) })));
  const late = portal.browser();
  const next = portal.post.emails.length;
  await late.post('/sign-in').type('form').send({ email }).expect(303);
  const received = await portal.post.to(email, (one) => portal.post.emails.indexOf(one) >= next);
  const page = await guess(late, received.subject?.slice(0, 6)).expect(422);
  assert.match(textOf(page.text), /Use the link in the email instead/);
  await late.post(received.link).type('form').send({}).expect(303);
  await knex('wrong_codes').update({ created_at: knex.raw(`now() - interval '8 days'`) });
  await deleteOldSignIns(knex);
  assert.equal((await knex('wrong_codes').select()).length, 0);
  await portal.signInByCode(email);
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
  const current = await portal.signInByCode(home.olivia.email);
  await portal.knex('sessions').insert({
    token_hash: 'over',
    user_id: home.staff.user_id ?? (await portal.knex('users').first('id')).id,
    expires_at: new Date(0),
  });
  await deleteOldSignIns(portal.knex);
  assert.equal(await portal.knex('sessions').where({ token_hash: 'over' }).first(), undefined);
  await current.get(`/${home.slug}/desk`).expect(200);
});
