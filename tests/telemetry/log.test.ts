import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { textOf } from '../support/forms.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { keptLog } from '../support/log_lines.js';
import { openPortal, type Portal } from '../support/portal.js';

const kept = keptLog();
let portal: Portal;
before(async () => (portal = await openPortal({}, undefined, undefined, kept.log)));
after(() => portal.close());

test('a request is one line: by its route, by whom, what it cost; its id is taken over if it is one', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const answer = await olivia.get(`${invoice.url}?secret=words`).set('X-Request-Id', 'proxy-0001').expect(200);
  assert.equal(answer.headers['x-request-id'], 'proxy-0001');
  const [line, ...others] = kept.of('request', { request_id: 'proxy-0001' });
  assert.ok(line);
  assert.equal(others.length, 0);
  const { method, route, status, organization_id, person_id, params, round_trips, ms } = line;
  assert.deepEqual(
    { method, route, status, organization_id, person_id, params, round_trips },
    {
      ...{ method: 'GET', route: '/:organization/documents/:key', status: 200, round_trips: 2 },
      ...{ organization_id: home.organization_id, person_id: home.olivia.id, params: { key: invoice.number } },
    },
  );
  assert.equal(typeof ms, 'number');
  assert.ok(!JSON.stringify(line).includes('words'), 'what was asked for is not logged');

  for (const bad of ['short', 'x'.repeat(60), 'has spaces in it', '{"level":60}']) {
    const { headers } = await olivia.get('/sign-in').set('X-Request-Id', bad);
    assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/, bad);
  }
  await olivia.get(`/${home.slug}/no/such/page`).expect(404);
  assert.equal(kept.of('request', { status: 404, route: 'none' }).length, 1);
});

test('what fails shows an id, by which the log has the error without what was to be stored', async () => {
  const home = await harbor(portal);
  await portal.knex.raw('alter table sign_ins rename to sign_ins_away');
  const email = `somebody.secret@${home.slug}.example`;
  const { text, headers } = await portal.browser().post('/sign-in').type('form').send({ email }).expect(500);
  await portal.knex.raw('alter table sign_ins_away rename to sign_ins');
  const id = String(headers['x-request-id']);
  assert.ok(textOf(text).includes(id), 'to be quoted');
  const [line] = kept.of('request failed', { request_id: id });
  const { message, stack } = (line?.['err'] ?? {}) as Record<string, string>;
  assert.match(message ?? '', /insert into "sign_ins"|from "sign_ins"/);
  assert.match(message ?? '', /does not exist/);
  assert.match(stack ?? '', /parser\.[jt]s/);
  assert.ok(!kept.text().includes('somebody.secret'));
});

test('an email is logged for the request that queued it, its answer by itself, and what follows from that', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  await portal.post.to(home.maya.email, invoice.number);
  const olivia = await portal.signIn(home.olivia.email);
  const said = olivia.post(`${invoice.url}/comment`).set('X-Request-Id', 'the-comment').type('form');
  await said.send({ text: 'When do we begin?' }).expect(303);
  const received = await portal.post.to(home.maya.email, 'When do we begin?');
  await portal.idle();
  const [out] = kept.of('mail out', { request_id: 'the-comment' });
  const { kind, state, to_domain, message_id, seconds, organization_id } = out ?? ({} as Record<string, unknown>);
  assert.deepEqual(
    { kind, state, to_domain, organization_id },
    { kind: 'event', state: 'accepted', to_domain: 'maple.example', organization_id: home.organization_id },
  );
  assert.ok(received.messageId?.includes(String(message_id)));
  assert.ok(Number(seconds) >= 0);

  await portal.reply(received, 'On Monday.');
  await portal.post.to(home.olivia.email, 'On Monday.');
  await portal.idle();
  const [came] = kept.of('mail in', { state: 'posted', organization_id: home.organization_id });
  assert.equal(came?.['code'], 'posted');
  assert.equal(came?.['from_domain'], 'maple.example');
  assert.equal(came?.['source'], 'smtp');
  assert.equal(came?.['request_id'], came?.['delivery_id']);
  assert.ok(kept.of('mail out', { request_id: came?.['delivery_id'], state: 'accepted' }).length > 0);
});

test('a sign-in is a line, and so is one that is refused', async () => {
  const home = await harbor(portal);
  const agent = portal.browser();
  const code = portal.codeFor(home.maya.email);
  await agent.post('/sign-in').type('form').send({ email: home.maya.email }).expect(303);
  const digits = await code();
  const wrong = digits === '000000' ? '000001' : '000000';
  await agent.post('/sign-in/code').type('form').send({ code: wrong }).expect(422);
  await agent.post('/sign-in/code').type('form').send({ code: digits }).expect(303);
  const events = kept.of('security', { person_id: home.maya.id });
  assert.deepEqual(
    events.map(({ action }) => action).filter((action) => action !== 'new_device'),
    ['wrong_code', 'signed_in'],
  );
  assert.equal(events.at(-1)?.['organization_id'], home.organization_id);
  assert.match(String(events[0]?.['ip']), /127\.0\.0\.1/);
  assert.match(String(events[0]?.['request_id']), /^[0-9a-f-]{36}$/);
});

test('a job that fails is logged, and noted for its organization until it succeeds', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: '4.3.0 later, maya.the.first@maple.example' };
  const noted = () => portal.look(home.organization_id, (db) => db('failing_jobs').select());
  const olivia = await portal.signIn(home.olivia.email);
  const testing = olivia.post(`/${home.slug}/delivery/test`).set('X-Request-Id', 'the-test-email').type('form');
  await testing.send({}).expect(303);
  await portal.idle();
  const [failed] = kept.of('job failed', { request_id: 'the-test-email' });
  assert.equal(failed?.['task'], 'send_awaited_email');
  assert.equal(failed?.['attempt'], 1);
  assert.equal(failed?.['organization_id'], home.organization_id);
  const [deferred] = kept.of('mail out', { request_id: 'the-test-email' });
  assert.equal(deferred?.['state'], 'deferred');
  assert.equal(deferred?.['response'], 451);
  const [note, ...others] = await noted();
  assert.equal(others.length, 0);
  assert.equal(note.task, 'send_awaited_email');
  assert.match(note.detail, /4\.3\.0 later/);
  assert.ok(!note.detail.includes('maya.the.first'));
  const rival = await harbor(portal);
  assert.deepEqual(await portal.look(rival.organization_id, (db) => db('failing_jobs').select()), []);
  portal.post.answer = null;
  await portal.runJobsNow();
  await portal.idle();
  assert.deepEqual(await noted(), []);
  assert.equal(kept.of('mail out', { request_id: 'the-test-email', state: 'accepted' }).length, 1);
});
