import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { decoded, textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor } from '../support/harbor.js';
import { addedItem } from '../support/items.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const FORM = {
  ...{ name: 'Oak board, 27 mm', code: 'OAK-27', description: 'Planed on four sides', unit: 'm²', group_name: 'Wood' },
  ...{ cost: '48,50', 'price[]': ['96.00', '88.5', ''], 'price_currency[]': ['USD', 'EUR', 'USD'], seen: '' },
};

/** As a browser sends it: each value of a repeated field by itself. */
const typed = (fields: Record<string, string | string[]>) =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
  ).toString();

const seenIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';
const said = (home: Harbor) =>
  portal.look(home.organization_id, (db) => db('activities').where('action', 'like', '%_item').pluck('action'));
const rowsOf = (html: string) =>
  [...html.matchAll(/class="row-link" href="[^"]*">([^<]*)</g)].map(([, name = '']) => decoded(name.trim()));

test('an item is added, changed, archived and restored; each is recorded, and nothing of it is lost', async () => {
  const home = await harbor(portal);
  const { vendor } = await addVendor(portal, home);
  const tom = await portal.signIn(home.tom.email);
  const url = `/${home.slug}/items`;
  assert.match(textOf((await tom.get(url).expect(200)).text), /No items yet.*New item/);
  const wrong = await tom
    .post(url)
    .type('form')
    .send(typed({ ...FORM, name: ' ', cost: 'a lot' }))
    .expect(422);
  assert.match(textOf(wrong.text), /Fill this in\..*Enter a price, like 12\.50\./);
  const twice = { ...FORM, cost: '48.50', 'price_currency[]': ['USD', 'USD', 'USD'], 'vendor_code[]': ['NT-27'] };
  const again = await tom
    .post(url)
    .type('form')
    .send(typed({ ...twice, 'vendor[]': [''] }))
    .expect(422);
  assert.match(textOf(again.text), /Give one price in each currency\..*Choose a vendor\./);
  const bought = { 'vendor[]': [vendor], 'vendor_code[]': ['NT-27'], 'vendor_price[]': ['47.1'] };
  const full = { ...FORM, cost: '48.50', ...bought, 'vendor_currency[]': ['USD'] };
  const { headers } = await tom.post(url).type('form').send(typed(full)).expect(303);
  const item = String(headers['location']).replace(/\?.*/, '');
  const page = textOf((await tom.get(item).expect(200)).text);
  assert.match(page, /OAK-27 .*Oak board, 27 mm.*Group Wood Unit m² Price 88\.50 EUR · 96\.00 USD Cost .* 48\.50 USD/);
  assert.match(page, /Planed on four sides.*Vendors.*Northern Timber NT-27.*47\.10 USD/);

  const form = (await tom.get(`${item}/edit`).expect(200)).text;
  const seen = seenIn(form);
  await tom
    .post(item)
    .type('form')
    .send(typed({ ...full, seen }))
    .expect(303);
  assert.deepEqual(await said(home), ['add_item'], 'saved as it was, nothing happened');
  await tom
    .post(item)
    .type('form')
    .send(typed({ ...full, seen, unit: 'sqm' }))
    .expect(303);
  const late = await tom
    .post(item)
    .type('form')
    .send(typed({ ...full, seen, unit: 'feet' }))
    .expect(422);
  assert.match(textOf(late.text), /Somebody else has changed this item/);
  assert.match(late.text, /value="feet"/, 'what was typed is still there');
  const taken = await tom
    .post(url)
    .type('form')
    .send(typed({ ...full, code: 'oak-27', name: 'Other' }))
    .expect(422);
  assert.match(textOf(taken.text), /“Oak board, 27 mm” has this code already\./);

  await tom
    .post(`${item}/archive`)
    .type('form')
    .send(typed({ archive: 'yes' }))
    .expect(303);
  await tom
    .post(`${item}/archive`)
    .type('form')
    .send(typed({ archive: 'yes' }))
    .expect(303);
  assert.doesNotMatch((await tom.get(url)).text, /Oak board/);
  assert.deepEqual(rowsOf((await tom.get(`${url}?show=archived`)).text), ['Oak board, 27 mm']);
  await tom
    .post(`${item}/archive`)
    .type('form')
    .send(typed({ archive: 'no' }))
    .expect(303);
  assert.deepEqual(await said(home), ['add_item', 'change_item', 'archive_item', 'restore_item']);
});

test('the list is searched by words, codes and vendors’ codes, filtered, sorted, paged and exported', async () => {
  const home = await harbor(portal);
  const { vendor } = await addVendor(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/items`;
  const vendors = [{ partner_id: vendor, code: 'NT-900', currency: 'USD', price: null }];
  await addedItem(portal, home, { name: 'Épinette, raw', code: 'Z-1', group_name: 'Wood', vendors });
  await addedItem(portal, home, { name: '=1+1 hinge', code: 'A-1', group_name: 'Fittings', prices: [], cost: null });
  for (let n = 10; n < 62; n++)
    await addedItem(portal, home, { name: `Screw ${n}`, code: `S-${n}`, group_name: 'Screws' });
  const rows = async (query: string) => rowsOf((await olivia.get(`${url}?${query}`).expect(200)).text);
  assert.deepEqual(await rows('q=epin'), ['Épinette, raw']);
  assert.deepEqual(await rows('q=nt-900'), ['Épinette, raw']);
  assert.deepEqual(await rows('q=screw+12'), ['Screw 12']);
  assert.deepEqual(await rows('group=Wood&sort=code'), ['Épinette, raw']);
  assert.deepEqual(await rows('q=nothing'), []);
  assert.deepEqual((await rows('sort=code')).slice(0, 2), ['=1+1 hinge', 'Screw 10']);
  const first = await olivia.get(`${url}?sort=code&turned=1`);
  const next = decoded(/<p class="next"><a[^>]*href="([^"]*)"/.exec(first.text)?.[1] ?? '');
  const second = await olivia.get(next).expect(200);
  const all = [...rowsOf(first.text), ...rowsOf(second.text)];
  assert.deepEqual([all.length, new Set(all).size, all[0], all.at(-1)], [54, 54, 'Épinette, raw', '=1+1 hinge']);
  const file = await olivia.get(`${url}?format=csv&q=hinge`).expect(200);
  assert.match(file.text, /Code,Name,Group,Unit,Cost,Currency,Price\r\nA-1,'=1\+1 hinge,Fittings,panes,,,\r\n$/);
  const whole = (await olivia.get(`${url}?format=csv&group=Wood`).expect(200)).text;
  assert.match(
    whole,
    /Z-1,"Épinette, raw",Wood,panes,231\.5,EUR,389\.9\r\nZ-1,"Épinette, raw",Wood,panes,231\.5,USD,412\r\n$/,
  );
});

test('an item has a picture, which is decoded and made smaller', async () => {
  const home = await harbor(portal);
  const id = await addedItem(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/items/${id}/picture`;
  const wide = await sharp({ create: { width: 2000, height: 500, channels: 3, background: '#a67' } })
    .png()
    .toBuffer();
  await olivia.post(url).attach('files', wide, 'board.png').expect(303);
  const shown = /<img class="item-picture" src="([^"]*)"/.exec(
    (await olivia.get(`/${home.slug}/items/${id}`)).text,
  )?.[1];
  const { body, headers } = await olivia.get(String(shown)).expect(200);
  const { width, height, format } = await sharp(Buffer.isBuffer(body) ? body : Buffer.alloc(0)).metadata();
  assert.deepEqual([width, height, format, headers['content-type']], [960, 240, 'webp', 'image/webp']);
  const wrong = await olivia.post(url).attach('files', Buffer.from('<svg onload="x"/>'), 'x.svg').expect(422);
  assert.match(textOf(wrong.text), /Use a JPEG, PNG or WebP photo\./);
  await olivia.post(`${url}/remove`).expect(303);
  await olivia.get(String(shown)).expect(404);
});
