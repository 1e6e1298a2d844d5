import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../src/config.js';
import { newContact } from '../../src/people/partner.js';
import { fieldsOf, press, textOf } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
});

after(() => portal?.close());

test('A partner and its contact are made; what can’t be used comes back as it was typed, with the reason beside the field', async () => {
  const url = `/${home.slug}/partners`;
  const typed = {
    name: '',
    kind: 'customer',
    email: 'not an address',
    address: 'Am Markt 3\nBremen',
    tax_number: 'DE 1',
    currency: 'EUR',
    locale: 'de-DE',
    terms_days: '900',
  };
  const refused = await press(olivia, url, typed).expect(422);
  const back = fieldsOf(refused.text);
  assert.deepEqual(
    [back['email'], back['address'], back['currency'], back['terms_days']],
    [['not an address'], ['Am Markt 3\nBremen'], ['EUR'], ['900']],
  );
  assert.match(textOf(refused.text), /Fill this in\..*This is not an email address\..*from 0 to 365/);
  assert.match(refused.text, /id="field-name-error"/);

  const made = await press(olivia, url, { ...typed, name: 'Café Aurora', email: '', terms_days: '10' }).expect(303);
  const page = String(made.headers['location']).replace(/\?.*/, '');
  const shown = await olivia.get(page).expect(200);
  assert.match(
    textOf(shown.text),
    /Café Aurora.*Nothing has been sent.*Without a contact nothing can be sent.*Am Markt 3.*DE 1.*EUR.*10 days.*Olivia Grant added Café Aurora/,
  );

  const contact = {
    name: 'Lena Vogt',
    email: 'LENA@aurora.example',
    title: 'Owner',
    locale: 'de-DE',
    time_zone: 'Europe/Berlin',
  };
  await press(olivia, `${page}/contacts`, { ...contact, email: 'lena', time_zone: 'Europe/Nowhere' }).expect(
    422,
    /Choose a time zone/,
  );
  await press(olivia, `${page}/contacts`, contact).expect(303);
  const twice = await press(olivia, `${page}/contacts`, contact).expect(422);
  assert.match(textOf(twice.text), /This address is a contact already/);
  const withContact = await olivia.get(page).expect(200);
  assert.match(withContact.text, /lena@aurora\.example/);

  const edit = /partners\/[\w-]+\/contacts\/[0-9a-f-]{36}(?=\/edit)/.exec(withContact.text)?.[0] ?? '';
  assert.deepEqual(fieldsOf((await olivia.get(`/${home.slug}/${edit}/edit`).expect(200)).text)['time_zone'], [
    'Europe/Berlin',
  ]);
  await press(olivia, `/${home.slug}/${edit}`, { ...contact, name: 'Lena Voigt' }).expect(303);
  assert.match((await olivia.get(page)).text, /Lena Voigt/);
  await press(olivia, `/${home.slug}/${edit}/remove`, {}).expect(303);
  assert.doesNotMatch((await olivia.get(page)).text, /lena@aurora/);
  await olivia.get(`/${home.slug}/${edit}/edit`).expect(404);
  await press(olivia, page, { ...typed, name: 'Café Aurora GmbH', email: '', terms_days: '10' }).expect(303);
  assert.match(
    textOf((await olivia.get(page)).text),
    /Café Aurora GmbH.*Olivia Grant changed the details of Café Aurora GmbH/,
  );
});

test('Partners are for staff, and another organization’s are not there', async () => {
  const other = await harbor(portal);
  const stranger = await portal.signIn(other.olivia.email);
  const maya = await portal.signIn(home.maya.email);
  const one = `/partners/${home.partner_id}`;
  for (const path of [
    '/desk',
    '/partners',
    '/partners/new',
    one,
    `${one}/edit`,
    `${one}/contacts/new`,
    '/invoices/new',
    `/invoices/new?partner=${home.partner_id}`,
  ]) {
    await stranger.get(`/${home.slug}${path}`).expect(404);
    await maya.get(`/${home.slug}${path}`).expect(404);
    await portal.browser().get(`/${home.slug}${path}`).expect(303);
  }
  await stranger.get(`/${other.slug}${one}`).expect(404);
  await stranger.get(`/${other.slug}/invoices/new?partner=${home.partner_id}`).expect(404);
  await press(stranger, `/${other.slug}${one}`, {
    name: 'Mine',
    kind: 'customer',
    currency: 'USD',
    locale: 'en-US',
    terms_days: '1',
  }).expect(404);
  for (const bad of [
    '/partners/1',
    '/partners/%00',
    '/partners?after=x&q=%25_%5C&kind=z',
    '/invoices/new?partner=1',
    '/invoices?before=1&state=none&q=%00',
  ]) {
    const { status } = await olivia.get(`/${home.slug}${bad}`);
    assert.ok([200, 400, 404].includes(status), `${bad}: ${status}`);
  }
});

test('a vendor added on the way to a new order, with a contact, leads back to that order', async () => {
  const partner = { kind: 'vendor', email: '', address: '', tax_number: '', currency: 'USD', locale: 'en-US' };
  const fields = { ...partner, name: 'Quarry Stone', terms_days: '30', for: 'purchase_order' };
  const added = await press(olivia, `/${home.slug}/partners`, fields).expect(303);
  const form = String(added.headers['location']);
  const person = { name: 'Ada Stone', email: 'ada@quarry.example', locale: 'en-US', time_zone: 'UTC' };
  await olivia.get(form).expect(200);
  const saved = await press(olivia, form.replace(/\/new\?.*/, ''), { ...person, for: 'purchase_order' }).expect(303);
  const order = String(saved.headers['location']);
  assert.match(order, /\/purchase-orders\/new\?partner=/);
  await olivia.get(order).expect(200);
});

test('a German contact reads in German what an action’s form lacks', async () => {
  const lena = { name: 'Lena Vogt', email: 'lena-forwards@aurora.example', locale: 'de-DE' };
  const id = await newContact(portal.knex, home.staff, home.partner_id, lena);
  const invoice = await sentInvoice(portal, home, { recipients: [id] });
  const lenas = await portal.signIn(lena.email);
  const page = await press(lenas, `${invoice.url}/forward`, { name: 'Jo' }).expect(422);
  const words = JSON.parse(readFileSync(join(root, 'views/words/de.json'), 'utf8')) as Record<string, string>;
  assert.ok(textOf(page.text).includes(words['Fill this in.'] ?? 'no German'));
  assert.doesNotMatch(textOf(page.text), /Fill this in/);
});
