import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { act } from '../src/documents/act.js';
import { recordReport } from '../src/mail/outbox/delivery_report.js';
import { keysOf, recordOf } from '../src/mail/deliverability/dkim_keys.js';
import { findingsOf } from '../src/mail/deliverability/dns_findings.js';
import { formatFor } from '../src/pages/format.js';
import { launchBrowser } from '../src/pdf/browser.js';
import { addStaff } from '../src/people/organization.js';
import { harbor, type Harbor, sentInvoice } from './support/harbor.js';
import { openPortal, type Portal } from './support/portal.js';
import { lookupIn } from './support/records.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const look = <T>(home: Harbor, work: Parameters<typeof portal.look<T>>[1]) => portal.look(home.organization_id, work);
const activities = (home: Harbor, action: string) => look(home, (db) => db('activities').where({ action }).select());

/** A comment's email to Maya, and where it says that more like it can be stopped. */
async function stoppable() {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const say = (text: string) => act(portal.knex, home.staff, invoice.id, 'comment', { text });
  await say('First word');
  const received = await portal.post.to(home.maya.email, ({ text }) => text?.includes('First word') ?? false);
  const [, url = ''] = /^List-Unsubscribe:\s*<(.*)>/im.exec(received.raw.replace(/\r\n[ \t]+/g, ' ')) ?? [];
  return { home, invoice, say, received, path: new URL(url).pathname };
}

const lastTo = (home: Harbor) =>
  look(home, (db) => db('emails').where({ person_id: home.maya.id, kind: 'event' }).orderBy('id', 'desc').first());

test('one click of the mail program, without a cookie and from anywhere, stops what Maya need not have about one document; looking doesn’t', async () => {
  const { home, invoice, say, received, path } = await stoppable();
  assert.match(received.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
  assert.ok(received.text?.includes('Stop emails about invoice INV-0001:') && received.text.includes(path));
  assert.ok(String(received.html).includes(path));
  const nobody = portal.browser();
  for (let i = 0; i < 10; i++)
    await nobody
      .get(path)
      .expect(200)
      .expect(/Stop these emails/);
  await say('Second word');
  await portal.post.to(home.maya.email, ({ text }) => text?.includes('Second word') ?? false);
  const click = () =>
    nobody
      .post(path)
      .set({ Origin: 'https://mail.example', 'Sec-Fetch-Site': 'cross-site' })
      .type('form')
      .send({ 'List-Unsubscribe': 'One-Click' });
  await click().expect(200);
  await click()
    .expect(200)
    .expect(/You get fewer emails/);
  assert.equal((await activities(home, 'mute')).length, 1);
  await say('Third word');
  await portal.idle();
  const muted = await lastTo(home);
  assert.deepEqual([muted.state, /no more mail like this/.test(muted.detail)], ['skipped', true]);
  await act(portal.knex, home.staff, invoice.id, 'void', { reason: 'A mistake' });
  await portal.post.to(home.maya.email, ({ text }) => /voided/.test(text ?? ''));
  const other = await sentInvoice(portal, home);
  await act(portal.knex, home.staff, other.id, 'comment', { text: 'About another' });
  await portal.post.to(home.maya.email, ({ text }) => text?.includes('About another') ?? false);
  await portal.signIn(home.maya.email);
  const olivias = await portal.signIn(home.olivia.email);
  await olivias.get(invoice.url).expect(/Maya Chen asked for fewer emails about this invoice/);
});

test('who stopped too much undoes it on the same page, and who guesses finds nothing', async () => {
  const { home, say, path } = await stoppable();
  const nobody = portal.browser();
  await nobody.post(path).expect(200).expect(/Undo/);
  await nobody
    .post(`${path}/undo`)
    .expect(200)
    .expect(/Stop these emails/);
  await say('And on');
  await portal.post.to(home.maya.email, ({ text }) => text?.includes('And on') ?? false);
  assert.deepEqual([(await activities(home, 'mute')).length, (await activities(home, 'unmute')).length], [1, 1]);
  const other = `${path.slice(0, -1)}${path.endsWith('0') ? '1' : '0'}`;
  for (const wrong of [other, '/unsubscribe/x', `/unsubscribe/${'a'.repeat(64)}`]) await nobody.post(wrong).expect(404);
});

test('emails can be read on a small phone, by day and at night, without a picture, and their amounts are those of the page', async (context) => {
  const browser = await launchBrowser({ offline: true });
  context.after(() => browser.close());
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const page = await browser.newPage();
  await page.setViewport({ width: 320, height: 700 });
  for (const locale of ['en-US', 'de-DE', 'fr-FR', 'ja-JP', 'hi-IN', 'ar-EG', 'pt-BR', 'pl-PL', 'sv-SE', 'de-CH']) {
    const home = await harbor(portal);
    await look(home, (db) => db('people').where({ id: home.maya.id }).update({ locale }));
    await sentInvoice(portal, home, { line_price: ['12345.60'] });
    const received = await portal.post.to(home.maya.email);
    const amount = formatFor({ locale, time_zone: 'UTC' }).money(1_333_325, 'USD');
    const mayas = await portal.open(received);
    const shown = (await mayas.get(mayas.page).expect(200)).text;
    const html = String(received.html);
    for (const text of [received.text ?? '', html, shown])
      assert.ok(plain(text).includes(plain(amount)), `${locale} ${amount}`);
    assert.doesNotMatch(html, /<img|background-image|url\(/i);
    await page.setContent(html);
    for (const value of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, locale);
      await page.evaluate(axe);
      const faults = await page.evaluate(
        `axe.run(document.querySelector('.letter'), { runOnly: ['color-contrast'] }).then(({ violations }) => violations.length)`,
      );
      assert.equal(faults, 0, `${locale} ${value}`);
    }
  }
});

/** Without what differs between text and HTML: entities, kinds of spaces, marks of direction. */
const plain = (text: string) =>
  text
    .replace(/&nbsp;|&#160;/g, ' ')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/[\s\u200e\u200f\u061c]+/g, '');

const PLACE = { mail_domain: 'mail.broken.example', host: 'portal.broken.example', smtp_host: 'out.broken.example' };

test('of a broken zone five things are said, each with what to publish; of a good one, that all is well', async () => {
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

test('an owner sees what DNS says, publishes it, and sends a test; others of the staff don’t', async () => {
  const home = await harbor(portal);
  const { mail_domain } = portal.config;
  const url = `/${home.slug}/delivery`;
  const olivias = await portal.signIn(home.olivia.email);
  await olivias
    .get(url)
    .expect(200)
    .expect(/Nobody has looked yet|Last looked/);
  await olivias.post(`${url}/check`).expect(303).expect('Location', `${url}?done=looked`);
  const [key] = await keysOf(portal.knex, mail_domain);
  assert.ok(key);
  const shown = await olivias
    .get(url)
    .expect(200)
    .expect(/Missing/);
  const { name, value } = recordOf(mail_domain, key);
  assert.ok(
    (shown.text.includes(name) && shown.text.includes(value.replaceAll('=', '&#61;'))) || shown.text.includes(value),
  );
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

test('to whom not all mail goes is said with its reason, and staff let it go out again with theirs', async () => {
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

test('whoever watches hears within minutes that mail does not go', async () => {
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
