import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf, press, textOf } from '../support/forms.js';
import { openPortal } from '../support/portal.js';

test('A new installation is set up once; its owner is signed in and writes the first invoice', async (t) => {
  const empty = await openPortal();
  t.after(() => empty.close());
  const nobody = empty.browser();
  await nobody.get('/').expect(303).expect('Location', '/setup');
  await nobody.get('/setup').expect(200);
  const french = await nobody.get('/setup').set('Accept-Language', 'fr-BE,fr;q=0.9,en;q=0.5').expect(200);
  assert.match(textOf(french.text), /Configurer votre organisation/);
  assert.deepEqual(fieldsOf(french.text)['locale'], ['fr-FR']);
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
  const refused = await press(nobody, '/setup', { ...typed, slug: 'sign-in', email: 'ida', accent: 'green' }).expect(
    422,
  );
  assert.match(textOf(refused.text), /This is not an email address/);
  assert.deepEqual(fieldsOf(refused.text)['address'], ['Hafen 1\nKiel']);
  await press(nobody, '/setup', { ...typed, slug: 'sign-in' }).expect(422, /Choose another/);

  const rivals = [empty.browser(), empty.browser()];
  const both = await Promise.all(rivals.map((rival) => press(rival, '/setup', typed)));
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 404],
    'two at once: one of them',
  );
  const first = both.findIndex(({ status }) => status === 303);
  const [owner = nobody, answer] = [rivals[first], both[first]];
  await owner.get('/setup').expect(404);
  await press(owner, '/setup', typed).expect(404);
  assert.equal(answer?.headers['location'], '/mader-sohne/invoices/new');
  const page = await owner.get('/mader-sohne/invoices/new').expect(200);
  assert.match(page.text, /partners\/new\?for=invoice/);
  const partner = await press(owner, '/mader-sohne/partners', {
    for: 'invoice',
    name: 'Maple',
    kind: 'customer',
    currency: 'EUR',
    locale: 'en-GB',
    terms_days: '14',
  }).expect(303);
  assert.match(String(partner.headers['location']), /\/contacts\/new\?for=invoice$/);
  const contact = { for: 'invoice', name: 'Maya', email: 'maya@maple.example', locale: 'en-GB', time_zone: 'UTC' };
  const made = await press(owner, String(partner.headers['location']).replace(/\/new.*/, ''), contact).expect(303);
  assert.match(String(made.headers['location']), /\/mader-sohne\/invoices\/new\?partner=/);
  const form = fieldsOf((await owner.get(String(made.headers['location'])).expect(200)).text);
  assert.deepEqual([form['currency'], form['recipient[]']?.length], [['EUR'], 1]);
  // Today leads there, too: the address is known, a customer is there.
  const today = textOf((await owner.get('/mader-sohne/desk').expect(200)).text);
  assert.match(today, /Zur ersten Rechnung Firmendaten eintragen : erledigt/);
  assert.match(today, /Fügen Sie einen Kunden hinzu : erledigt.*Beginnen : Senden Sie die erste Rechnung/);
});
