import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { act } from '../../src/act.js';
import { press } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let maya: Browser;
let olivia: Browser;
let url: string;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  [maya, olivia] = [await portal.signIn(home.maya.email), await portal.signIn(home.olivia.email)];
  url = `/${home.slug}/settings`;
});
after(() => portal.close());

const post = (agent: Browser, page: string, fields: object) => agent.post(`${url}/${page}`).type('form').send(fields);
const rowOf = (id: string) => portal.look(home.organization_id, (db) => db('people').where({ id }).first());

const PREFERENCES = {
  language: 'en-US',
  time_zone: 'America/New_York',
  dates: 'long',
  hours: 'h12',
  numbers: 'dot',
  week_start: 'sun',
  currency: '',
  document_language: '',
};

test('a profile is changed by its owner, and told to both sides; what can’t be used comes back as it was typed', async () => {
  await maya.get(url).expect(303).expect('Location', `${url}/profile`);
  const names = { first_name: ' Maya ', last_name: 'Chen-Ortiz', title: 'Practice manager', phone: '(207) 555-0168' };
  await post(maya, 'profile', names).expect(303).expect('Location', `${url}/profile?saved=1`);
  await maya
    .get(`${url}/profile?saved=1`)
    .expect(/Saved/)
    .expect(/value="Chen-Ortiz"/)
    .expect(/ask Olivia Grant/);
  const { name, last_name, email } = await rowOf(home.maya.id);
  assert.deepEqual([name, last_name, email], ['Maya Chen-Ortiz', 'Chen-Ortiz', home.maya.email]);
  await olivia.get(`/${home.slug}/partners/${home.partner_id}`).expect(/changed their profile/);
  await post(maya, 'profile', { ...names, first_name: '\u200b', phone: 'call me' })
    .expect(422)
    .expect(/value="call me"/)
    .expect(/Enter a phone number/);
  // A formula is only text, and nobody gets a role or another address by such a form.
  await post(maya, 'profile', { ...names, first_name: '=cmd|x', role: 'owner', email: 'x@y.example' }).expect(303);
  const after = await rowOf(home.maya.id);
  assert.deepEqual([after.name, after.role, after.email], ['=cmd|x Chen-Ortiz', 'member', home.maya.email]);
  await post(maya, 'profile', { first_name: 'Maya', last_name: 'Chen' }).expect(303);
});

test('preferences hold on pages, in emails and PDFs at once, and a number is read as it is written', async () => {
  const chosen = { ...PREFERENCES, dates: 'iso', hours: 'h23', numbers: 'comma', time_zone: 'Asia/Tokyo' };
  await post(maya, 'preferences', chosen).expect(303);
  const { locale } = await rowOf(home.maya.id);
  assert.equal(locale, 'en-US-u-hc-h23-x-d-iso-n-comma');
  const { id, url: page } = await sentInvoice(portal, home, { lines: [{ description: 'Oak', unit_price: '1733.40' }] });
  const { text } = await maya.get(page).expect(200);
  assert.match(text, /\$1\.733,40/);
  assert.match(text, /<html lang="en-US"/);
  assert.match(text, />\s*\d{4}-\d{2}-\d{2}/);
  const email = await portal.post.to(home.maya.email, '$1.733,40');
  assert.match(email.text ?? '', /\d{4}-\d{2}-\d{2}/);
  const printed = await portal.look(home.organization_id, (db) =>
    db('files').where({ subject_id: id }).whereNotNull('version').pluck('locale'),
  );
  assert.deepEqual(printed, ['en-US-x-d-iso-n-comma']);
  await maya.get(`${page}/pay`).expect(/1\.733,40/);
  await press(maya, `${page}/pay`, { part: 'part', amount: '1.000,50', method: 'card' }).expect(303);
  const paid = await portal.look(home.organization_id, (db) => db('payment_parts').where({ document_id: id }).first());
  assert.equal(Number(paid.amount), 100_050);
  // Staff who change the contact leave what she set for herself.
  const contact = { name: 'Maya Chen', email: home.maya.email, title: '', locale: 'en-GB', time_zone: 'UTC' };
  const form = olivia.post(`/${home.slug}/partners/${home.partner_id}/contacts/${home.maya.id}`).type('form');
  await form.send(contact).expect(303);
  assert.equal((await rowOf(home.maya.id)).locale, 'en-GB-u-hc-h23-x-d-iso-n-comma');
});

test('another language brings its own way of writing; an unknown one, or a zone, is refused beside its field', async () => {
  await post(olivia, 'preferences', { ...PREFERENCES, language: 'de-DE' }).expect(303);
  assert.equal((await rowOf(home.olivia.id)).locale, 'de-DE');
  await olivia
    .get(`${url}/preferences`)
    .expect(/<html lang="de-DE"/)
    .expect(/23\. Dezember 2026/);
  await post(olivia, 'preferences', PREFERENCES).expect(303);
  for (const [field, value] of [
    ['language', 'tlh'],
    ['language', 'en-US-x-n-comma'],
    ['time_zone', 'Mars/Olympus'],
    ['dates', 'roman'],
    ['currency', 'QQQ'],
    ['document_language', 'xx'],
  ] as const)
    await post(olivia, 'preferences', { ...PREFERENCES, [field]: value })
      .expect(422)
      .expect(/class="error"/);
  // What is chosen is shown before it is saved; looking changes nothing.
  await olivia.get(`${url}/preferences?language=de-DE&numbers=comma`).expect(/1\.733,40/);
  assert.equal((await rowOf(home.olivia.id)).locale, 'en-US');
});

test('weeks begin on the chosen day: where a day is chosen, and where a list is narrowed to a week', async () => {
  await post(olivia, 'preferences', { ...PREFERENCES, week_start: 'sat' }).expect(303);
  const { text } = await olivia.get(`${url}/notifications`).expect(200);
  const days = /name="weekly_day"[^]*?<\/select>/.exec(text)?.[0] ?? '';
  assert.deepEqual([...days.matchAll(/<option[^>]*>\s*([^<\s]+)/g)].map(([, day]) => day).slice(0, 3), [
    ...['Saturday', 'Sunday', 'Monday'],
  ]);
  const list = await olivia.get(`/${home.slug}/invoices?q=oak`).expect(200);
  const [, from = '', to = ''] = /q=oak&amp;from=([\d-]+)&amp;to=([\d-]+)"\s*>This week/.exec(list.text) ?? [];
  assert.deepEqual([new Date(from).getUTCDay(), Date.parse(to) - Date.parse(from)], [6, 6 * 86_400_000]);
  await olivia.get(`/${home.slug}/invoices?from=${from}&to=${to}`).expect(/aria-current="true">This week/);
  await post(olivia, 'preferences', PREFERENCES).expect(303);
});

test('PDFs are in the language that was chosen for them, on the page’s link and in emails', async () => {
  const chosen = { ...PREFERENCES, document_language: 'de-DE' };
  await post(maya, 'preferences', chosen).expect(303);
  const { id, number, url: page } = await sentInvoice(portal, home);
  const { attachments } = await portal.post.to(home.maya.email, ({ subject }) => subject?.includes(number) ?? false);
  assert.equal(attachments.length, 1);
  await maya.get(`${page}/pdf`).expect(200);
  const printed = await portal.look(home.organization_id, (db) =>
    db('files').where({ subject_id: id }).whereNotNull('version').pluck('locale'),
  );
  assert.deepEqual(printed, ['de-DE']);
  await post(maya, 'preferences', PREFERENCES).expect(303);
});

test('a total is shown in the preferred currency, by the newest rate that is known, either way round', async () => {
  const { url: page } = await sentInvoice(portal, home, { lines: [{ description: 'Oak', unit_price: '1000' }] });
  await post(maya, 'preferences', { ...PREFERENCES, currency: 'EUR' }).expect(303);
  assert.doesNotMatch((await maya.get(page).expect(200)).text, /≈/);
  const rate = { from_currency: 'EUR', to_currency: 'USD', day: '2026-01-05', rate: '1.25' };
  await post(maya, 'organization/rates', rate).expect(404);
  await post(olivia, 'organization/rates', rate).expect(303);
  assert.match((await maya.get(page)).text, /≈ €800\.00<\/span> at 0\.8, Jan 5/);
  const pasted = 'USD;EUR;2026-01-04;0.9\nUSD\tEUR\t2026-01-06\t0.9302\n';
  await post(olivia, 'organization/rates', { pasted }).expect(303);
  assert.match((await maya.get(page)).text, /≈ €930\.20<\/span> at 0\.9302, Jan 6/);
  assert.match((await maya.get(`/${home.slug}`)).text, /≈ €/);
  await post(olivia, 'preferences', { ...PREFERENCES, currency: 'USD' }).expect(303);
  assert.doesNotMatch((await olivia.get(page)).text, /≈/);
  assert.match((await maya.get(`/${home.slug}/invoices`)).text, /≈ €930\.20/);
  await post(olivia, 'organization/rates', { pasted: 'USD;EUR;2026-01-06;0.9\nUSD;USD;2026-01-06;1' })
    .expect(422)
    .expect(/Line 2: Choose another currency/);
  await post(olivia, 'organization/rates', { ...rate, day: '2099-01-01', rate: '0' })
    .expect(422)
    .expect(/future/);
  const rows = await portal.look(home.organization_id, (db) => db('exchange_rates').select());
  assert.equal(rows.length, 3);
  await post(maya, 'preferences', PREFERENCES).expect(303);
});

test('a photo is seen by whoever may see the person, and found under another address when it changes', async () => {
  const png = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#8f6247' } })
    .png()
    .toBuffer();
  const send = (bytes: Buffer, name: string) => maya.post(`${url}/profile/photo`).attach('files', bytes, name);
  await send(Buffer.from('<svg/>'), 'me.png')
    .expect(422)
    .expect(/Use a JPEG, PNG or WebP photo/);
  await maya
    .post(`${url}/profile/photo`)
    .field('form_token', 'aaaaaaaaaaaa')
    .expect(422)
    .expect(/Choose a photo/);
  await send(png, 'me.png').expect(303);
  const [, src = ''] = /src="([^"]+\/photo\?v=\w+)"/.exec((await maya.get(`${url}/profile`)).text) ?? [];
  const { headers } = await olivia.get(src).expect(200).expect('Content-Type', 'image/webp');
  assert.match(headers['cache-control'] ?? '', /private.*immutable/);
  const rival = await harbor(portal);
  await (await portal.signIn(rival.olivia.email)).get(src).expect(404);
  await portal.browser().get(src).expect(303);
  const { id, url: page } = await sentInvoice(portal, home);
  await act(portal.knex, home.staff, id, 'comment', { text: 'Hello' });
  await maya.post(`${page}/comment`).type('form').send({ text: 'Thank you' }).expect(303);
  assert.ok((await olivia.get(page)).text.includes(src));
  await maya.post(`${url}/profile/photo/remove`).expect(303);
  await olivia.get(src).expect(404);
});

test('the menu is in each person’s order, on both sides; a module that is not theirs changes nothing', async () => {
  const order = async (agent: Browser) =>
    [...(await agent.get(`${url}/menu`).expect(200)).text.matchAll(/data-module="([^"]+)"/g)].map(([, path]) => path);
  const before = await order(maya);
  await post(maya, 'menu', { down: before[0] }).expect(303);
  assert.deepEqual((await order(maya)).slice(0, 2), [before[1], before[0]]);
  await post(maya, 'menu', { module: before.at(-1), position: '0' }).expect(303);
  const { text } = await maya.get(`${url}/menu?moved=${before.at(-1)}`);
  assert.match(text, new RegExp(`moved to position 1 of ${before.length}`));
  const [first] = text.slice(text.indexOf('class="modules"')).match(/href="[^"]+"/) ?? [];
  assert.equal(first, `href="/${home.slug}${before.at(-1)}"`);
  await post(maya, 'menu', { up: '/desk' }).expect(303);
  await post(maya, 'menu', { standard: '1' }).expect(303);
  assert.deepEqual(await order(maya), before);
  const desk = await order(olivia);
  await post(olivia, 'menu', { up: '/mail-room' }).expect(303);
  assert.notDeepEqual(await order(olivia), desk);
  assert.match((await olivia.get(`/${home.slug}/desk`)).text, /side-nav[^]*?href="\/[\w-]+\/desk"/);
});

test('saved views say what they show, are put in order, and come back after Undo; the star lists them', async () => {
  for (const [name, path] of [
    ['Overdue', 'invoices?show=outstanding'],
    ['Oak', `documents?q=oak&partner=${home.partner_id}&from=2026-01-05`],
    ['Odd', `documents?partner=${'-'.repeat(36)}&state=nonsense&show=x`],
  ] as const)
    await post(maya, 'saved-views', { name, path }).expect(303);
  const page = await maya.get(`${url}/saved-views`).expect(200);
  assert.match(page.text, /<small>All documents<\/small>/);
  await post(maya, `saved-views/${/saved-views\/([\w-]{36})\/remove(?![^]*\/remove)/.exec(page.text)?.[1]}/remove`, {});
  assert.match(page.text, /All documents · Maple Street Clinic[^<]* · “oak” · from January 5, 2026/);
  const ids = [...page.text.matchAll(/saved-views\/([\w-]{36})\/remove/g)].map(([, id = '']) => id);
  await post(maya, `saved-views/${ids[1]}/move`, { up: '1' }).expect(303);
  const star = async () => {
    const { text } = await maya.get(`/${home.slug}`);
    return [...text.slice(text.indexOf('views-pop'), text.indexOf('id="main"')).matchAll(/>(Overdue|Oak|Later)</g)].map(
      ([, name]) => name,
    );
  };
  assert.deepEqual(await star(), ['Oak', 'Overdue']);
  await post(maya, `saved-views/${ids[0]}`, { name: 'Later' }).expect(303);
  await maya.get(`${url}/saved-views?rename=${ids[0]}`).expect(/value="Later"/);
  await post(maya, `saved-views/${ids[0]}/remove`, {}).expect(303);
  assert.deepEqual(await star(), ['Oak']);
  await maya.get(`${url}/saved-views?removed=${ids[0]}`).expect(/Undo/);
  await post(olivia, `saved-views/${ids[0]}/restore`, {}).expect(404);
  await post(maya, `saved-views/${ids[0]}/restore`, {}).expect(303);
  assert.deepEqual(await star(), ['Oak', 'Later']);
  // What people set for themselves is recorded, too.
  const recorded = await portal.look(home.organization_id, (db) =>
    db('activities').where({ action: 'change_preferences', person_id: home.maya.id }).pluck('details'),
  );
  const changed = recorded.flatMap(({ fields }) => fields);
  for (const field of ['menu', 'saved_views']) assert.ok(changed.includes(field), field);
});
