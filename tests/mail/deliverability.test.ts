import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keysOf, recordOf } from '../../src/mail/deliverability/dkim_keys.js';
import { findingsOf } from '../../src/mail/deliverability/dns_findings.js';
import { recordReport } from '../../src/mail/outbox/delivery_report.js';
import { addStaff } from '../../src/people/organization.js';
import { decoded } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { lookupIn } from '../support/records.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const look = <T>(home: Harbor, work: Parameters<typeof portal.look<T>>[1]) => portal.look(home.organization_id, work);

const activities = (home: Harbor, action: string) => look(home, (db) => db('activities').where({ action }).select());

const lastTo = (home: Harbor) =>
  look(home, (db) => db('emails').where({ person_id: home.maya.id, kind: 'event' }).orderBy('id', 'desc').first());

const PLACE = { mail_domain: 'mail.broken.example', host: 'portal.broken.example', smtp_host: 'out.broken.example' };

test('a broken zone has five findings, each with what to publish; a good one has none', async () => {
  const key = {
    selector: 'p20261126',
    public_key: 'MIIB',
    state: 'current' as const,
    published_at: null,
    created_at: new Date(),
  };
  const records: Record<string, string[] | null> = { 'A out.broken.example': ['203.0.113.9'] };
  const found = async () =>
    (await findingsOf(lookupIn(records), PLACE, [key])).map(({ kind, state }) => [kind, state].join(' '));
  assert.deepEqual(await found(), ['mx missing', 'spf missing', 'dkim missing', 'dmarc missing', 'ptr missing']);
  Object.assign(records, {
    'MX mail.broken.example': ['10 nowhere.broken.example'],
    'TXT mail.broken.example': ['v=spf1 +all', 'something else'],
    'TXT p20261126._domainkey.mail.broken.example': ['v=DKIM1; p=OTHER'],
    'TXT _dmarc.mail.broken.example': ['v=DMARC1; p=refuse'],
    'PTR 203.0.113.9': ['else.example'],
  });
  assert.deepEqual(await found(), ['mx wrong', 'spf wrong', 'dkim wrong', 'dmarc wrong', 'ptr wrong']);
  const findings = await findingsOf(lookupIn({ 'A out.broken.example': ['203.0.113.9'] }), PLACE, [key]);
  for (const { publish, says } of findings) assert.ok(publish && says);
  Object.assign(records, {
    'MX mail.broken.example': ['20 b.example', '10 a.example'],
    'A a.example': ['203.0.113.1'],
    'TXT mail.broken.example': ['v=spf1 a:out.broken.example -all'],
    'TXT p20261126._domainkey.mail.broken.example': ['v=DKIM1;k=rsa; p=MI IB'],
    'TXT _dmarc.broken.example': ['v=DMARC1; p=reject'],
    'PTR 203.0.113.9': ['out.broken.example'],
  });
  delete records['TXT _dmarc.mail.broken.example'];
  assert.deepEqual(await found(), ['mx found', 'spf found', 'dkim found', 'dmarc found', 'ptr found']);
  records['TXT mail.broken.example'] = ['v=spf1 -all', 'v=spf1 mx -all'];
  records['MX mail.broken.example'] = null;
  assert.deepEqual((await found()).slice(0, 2), ['mx unknown', 'spf wrong']);
});

test('an owner sees the findings, publishes the records, and sends a test message; other staff don’t', async () => {
  const home = await harbor(portal);
  const { mail_domain } = portal.config;
  const url = `/${home.slug}/delivery`;
  const olivias = await portal.signIn(home.olivia.email);
  await olivias
    .get(url)
    .expect(200)
    .expect(/Nobody has looked yet/);
  await olivias.post(`${url}/check`).expect(303).expect('Location', `${url}?done=looked`);
  const [key] = await keysOf(portal.knex, mail_domain);
  assert.ok(key);
  const shown = await olivias
    .get(url)
    .expect(200)
    .expect(/Missing/);
  const { name, value } = recordOf(mail_domain, key);
  for (const shownThere of [name, value]) assert.ok(decoded(shown.text).includes(shownThere), shownThere);
  portal.records[`TXT ${name}`] = [value];
  await olivias.post(`${url}/check`).expect(303);
  await olivias.get(url).expect(/Your emails are signed/);
  await olivias.post(`${url}/key`).expect(303);
  await olivias.get(url).expect(/Next signature/);
  await olivias.post(`${url}/test`).expect(303);
  const test = await portal.post.to(home.olivia.email, ({ subject }) => subject === 'A test from Harbor & Pine');
  assert.match(test.text ?? '', /Your mail arrives/);
  await portal.idle();
  await olivias.get(url).expect(/Taken by the mail server/);
  const member = { name: 'Max Roe', email: `max@harbor.example` };
  const fields = { locale: 'en-US', time_zone: 'UTC', id: home.organization_id };
  await addStaff(portal.knex, fields as never, member, 'member');
  const maxs = await portal.signIn(member.email);
  await maxs.get(url).expect(403);
  await maxs.post(`${url}/check`).expect(403);
  assert.doesNotMatch((await maxs.get(`/${home.slug}/desk`)).text, /Email delivery/);
});

test('suppressed addresses are listed with the reason, and staff restore them with a reason of theirs', async () => {
  const home = await harbor(portal);
  for (let i = 0; i < 3; i++) {
    await sentInvoice(portal, home);
    await portal.idle();
    const email = await lastTo(home);
    assert.equal(email.state, 'accepted');
    await look(home, (db) =>
      recordReport(db, home.organization_id, email.id, {
        status: '5.1.1',
        detail: '550 nobody',
        action: 'failed',
        proven: true,
      }),
    );
  }
  const url = `/${home.slug}/delivery`;
  const olivias = await portal.signIn(home.olivia.email);
  await olivias
    .get(url)
    .expect(/Only codes are sent/)
    .expect(/550 nobody/);
  await olivias
    .post(`${url}/trust/${home.maya.id}`)
    .type('form')
    .send({ reason: ' ' })
    .expect(422)
    .expect(/Fill this in/);
  await olivias
    .post(`${url}/trust/${home.maya.id}`)
    .type('form')
    .send({ reason: 'She cleared her mailbox' })
    .expect(303);
  await olivias.get(url).expect(/Everybody gets all their mail/);
  const [trusted] = await activities(home, 'trust_address');
  assert.equal(trusted.details.reason, 'She cleared her mailbox');
  await sentInvoice(portal, home);
  await portal.idle();
  assert.equal((await lastTo(home)).state, 'accepted');
});

test('monitoring sees within minutes that mail is not sent', async () => {
  const quiet = await openPortal();
  const nobody = quiet.browser();
  const { body } = await nobody.get('/healthz/mail').expect(200);
  assert.deepEqual(body, { oldest_seconds: 0, dead_jobs: 0 });
  const home = await harbor(quiet);
  quiet.post.answer = { code: 451, message: 'later' };
  await sentInvoice(quiet, home);
  await quiet.knex.raw(`update graphile_worker._private_jobs set created_at = now() - interval '5 minutes'`);
  const late = await nobody.get('/healthz/mail').expect(503);
  assert.ok(late.body.oldest_seconds >= 300);
  await quiet.close();
});
