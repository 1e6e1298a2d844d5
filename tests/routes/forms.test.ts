import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { money } from '../../src/input/fields.js';
import { readForm } from '../../src/routes/forms/read_form.js';
import { ownPath } from '../../src/routes/shared/return_to.js';
import { harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('forms work over plain HTTP, where browsers send Origin alone', async () => {
  const home = await harbor(portal);
  const host = '192.0.2.7:3000';
  const form = await portal.browser().get('/sign-in').set('Host', host).expect(200);
  // With no-referrer the browser would send "Origin: null".
  assert.equal(form.headers['referrer-policy'], 'same-origin');
  const email = home.olivia.email;
  await portal
    .browser()
    .post('/sign-in')
    .set({ Host: host, Origin: `http://${host}` })
    .type('form')
    .send({ email })
    .expect(303);
  await portal.browser().post('/sign-in').set({ Host: host, Origin: 'null' }).type('form').send({ email }).expect(403);
});

test('return_to leads only to paths of our own', () => {
  const others = [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '\\\\evil',
    '//',
  ];
  const odd = ['/%2f%2fevil.example/..//x y', '/a\r\nSet-Cookie: x', '/<script>', '', ['/a'], undefined];
  for (const given of [...others, ...odd]) assert.equal(ownPath(given), '/', String(given));
  assert.equal(ownPath('/harbor/documents/INV-0042?done=said'), '/harbor/documents/INV-0042?done=said');
});

test('an amount is read as its writer writes numbers; what is none is not taken for one', () => {
  const asks = z.object({ amount: money });
  const read = (amount: string, locale = 'en-US', currency = 'USD') =>
    readForm(asks, { amount }, { locale, currency })['amount'];
  assert.equal(read('1,234.56'), 123_456);
  assert.equal(read('1.234,56', 'de-DE', 'EUR'), 123_456);
  assert.equal(read('1500', 'en-US', 'JPY'), 1500);
  for (const typed of ['forty', '12.00 or so', '1.2.3', '0x10', '1e3']) assert.equal(read(typed), typed);
  assert.equal(read(''), undefined);
});
