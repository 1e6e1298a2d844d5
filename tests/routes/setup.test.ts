import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Browser, openPortal } from '../support/portal.js';

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

test('A new installation is set up once; its owner is signed in and writes the first invoice', async (t) => {
  const empty = await openPortal();
  t.after(() => empty.close());
  const owner = empty.browser();
  await owner.get('/').expect(303).expect('Location', '/setup');
  await owner.get('/setup').expect(200);
  const typed = {
    organization: 'Mäder & Söhne',
    slug: '',
    name: 'Ida Mäder',
    email: 'ida@maeder.example',
    address: 'Hafen 1\nKiel',
    currency: 'EUR',
    locale: 'de-DE',
    time_zone: 'Europe/Berlin',
    accent: '',
  };
  const refused = await post(owner, '/setup', { ...typed, slug: 'sign-in', email: 'ida', accent: 'green' }).expect(422);
  assert.match(words(refused.text), /This is not an email address/);
  assert.deepEqual(fieldsOf(refused.text)['address'], ['Hafen 1\nKiel']);
  await post(owner, '/setup', { ...typed, slug: 'sign-in' }).expect(422, /Choose another/);

  const both = await Promise.all([
    post(owner, '/setup', typed),
    post(empty.browser(), '/setup', { ...typed, slug: 'other', email: 'eve@other.example' }),
  ]);
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 404],
    'two at once: one of them',
  );
  await owner.get('/setup').expect(404);
  await post(owner, '/setup', typed).expect(404);
  if (both[0]?.status !== 303) return;
  assert.equal(both[0].headers['location'], '/mader-sohne/invoices/new');
  const first = await owner.get('/mader-sohne/invoices/new').expect(200);
  assert.match(first.text, /partners\/new\?for=invoice/);
  const partner = await post(owner, '/mader-sohne/partners', {
    for: 'invoice',
    name: 'Maple',
    kind: 'customer',
    currency: 'EUR',
    locale: 'en-GB',
    terms_days: '14',
  }).expect(303);
  assert.match(String(partner.headers['location']), /\/contacts\/new\?for=invoice$/);
  const contact = { for: 'invoice', name: 'Maya', email: 'maya@maple.example', locale: 'en-GB', time_zone: 'UTC' };
  const made = await post(owner, String(partner.headers['location']).replace(/\/new.*/, ''), contact).expect(303);
  assert.match(String(made.headers['location']), /\/mader-sohne\/invoices\/new\?partner=/);
  const form = fieldsOf((await owner.get(String(made.headers['location'])).expect(200)).text);
  assert.deepEqual([form['currency'], form['recipient[]']?.length], [['EUR'], 1]);
});
