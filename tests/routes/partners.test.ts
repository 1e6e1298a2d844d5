import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { harbor, type Harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let _tom: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  _tom = await portal.signIn(home.tom.email);
});

after(() => portal?.close());

/** Presses a form's button. */
const post = (browser: Browser, url: string, fields: object) => browser.post(url).type('form').send(fields);

/** The values of a form's fields by name, as a browser would send them. */
function fieldsOf(html: string): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  const add = (name: string, value: string) => (fields[name] = [...(fields[name] ?? []), decoded(value)]);
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const box = /type="(checkbox|radio)"/.test(tag);
    if (name && (!box || /\schecked/.test(tag))) add(name, /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, tag = '', text = ''] of html.matchAll(/<textarea\b([^>]*)>([^<]*)<\/textarea>/g))
    add(/\bname="([^"]*)"/.exec(tag)?.[1] ?? '', text);
  for (const [, name = '', options = ''] of html.matchAll(/<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
    add(name, /value="([^"]*)" selected/.exec(options)?.[1] ?? '');
  }
  return fields;
}

const decoded = (text: string) =>
  text.replace(/&#34;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

const words = (html: string) => decoded(html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '));

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
  const refused = await post(olivia, url, typed).expect(422);
  const back = fieldsOf(refused.text);
  assert.deepEqual(
    [back['email'], back['address'], back['currency'], back['terms_days']],
    [['not an address'], ['Am Markt 3\nBremen'], ['EUR'], ['900']],
  );
  assert.match(words(refused.text), /Fill this in\..*This is not an email address\..*from 0 to 365/);
  assert.match(refused.text, /id="field-name-error"/);

  const made = await post(olivia, url, { ...typed, name: 'Café Aurora', email: '', terms_days: '10' }).expect(303);
  const page = String(made.headers['location']).replace(/\?.*/, '');
  const shown = await olivia.get(page).expect(200);
  assert.match(
    words(shown.text),
    /Café Aurora.*Nothing has been sent.*Without a contact nothing can be sent.*Am Markt 3.*DE 1.*EUR.*10 days.*Olivia Grant added Café Aurora/,
  );

  const contact = {
    name: 'Lena Vogt',
    email: 'LENA@aurora.example',
    title: 'Owner',
    locale: 'de-DE',
    time_zone: 'Europe/Berlin',
  };
  await post(olivia, `${page}/contacts`, { ...contact, email: 'lena', time_zone: 'Europe/Nowhere' }).expect(
    422,
    /Choose a time zone/,
  );
  await post(olivia, `${page}/contacts`, contact).expect(303);
  const twice = await post(olivia, `${page}/contacts`, contact).expect(422);
  assert.match(words(twice.text), /This address is a contact already/);
  const withContact = await olivia.get(page).expect(200);
  assert.match(withContact.text, /lena@aurora\.example/);

  const edit = /partners\/[\w-]+\/contacts\/[0-9a-f-]{36}(?=\/edit)/.exec(withContact.text)?.[0] ?? '';
  assert.deepEqual(fieldsOf((await olivia.get(`/${home.slug}/${edit}/edit`).expect(200)).text)['time_zone'], [
    'Europe/Berlin',
  ]);
  await post(olivia, `/${home.slug}/${edit}`, { ...contact, name: 'Lena Voigt' }).expect(303);
  assert.match((await olivia.get(page)).text, /Lena Voigt/);
  await post(olivia, `/${home.slug}/${edit}/remove`, {}).expect(303);
  assert.doesNotMatch((await olivia.get(page)).text, /lena@aurora/);
  await olivia.get(`/${home.slug}/${edit}/edit`).expect(404);
  await post(olivia, page, { ...typed, name: 'Café Aurora GmbH', email: '', terms_days: '10' }).expect(303);
  assert.match(
    words((await olivia.get(page)).text),
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
  await post(stranger, `/${other.slug}${one}`, {
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
