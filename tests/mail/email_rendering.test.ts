import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formatFor } from '../../src/pages/format.js';
import { inScheme, loadAxe } from '../support/axe.js';
import { DESK, harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openWindow } from '../support/window.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const look = <T>(home: Harbor, work: Parameters<typeof portal.look<T>>[1]) => portal.look(home.organization_id, work);

test('emails are readable on a small phone, light and dark, without images, and their amounts are those of the page', async () => {
  const { page } = await openWindow();
  await page.setViewport({ width: 320, height: 700 });
  for (const locale of ['en-US', 'de-DE', 'fr-FR', 'ja-JP', 'hi-IN', 'ar-EG', 'pt-BR', 'pl-PL', 'sv-SE', 'de-CH']) {
    const home = await harbor(portal);
    await look(home, (db) => db('people').where({ id: home.maya.id }).update({ locale }));
    await sentInvoice(portal, home, { lines: [{ ...DESK, unit_price: '12345.60' }] });
    const received = await portal.post.to(home.maya.email);
    const amount = formatFor({ locale, time_zone: 'UTC' }).money(1_333_325, 'USD');
    const mayas = await portal.open(received);
    const shown = (await mayas.get(mayas.page).expect(200)).text;
    const html = String(received.html);
    for (const text of [received.text ?? '', html, shown])
      assert.ok(plain(text).includes(plain(amount)), `${locale} ${amount}`);
    assert.doesNotMatch(html, /<img|background-image|url\(/i);
    await page.setContent(html);
    await loadAxe(page);
    for (const scheme of ['light', 'dark'] as const) {
      assert.deepEqual(await inScheme(page, scheme, ['color-contrast'], '.letter'), [], locale);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, locale);
    }
  }
});

/** Without what differs between text and HTML: entities, kinds of spaces, marks of direction. */
const plain = (text: string) =>
  text
    .replace(/&nbsp;|&#160;/g, ' ')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/[\s\u200e\u200f\u061c]+/g, '');
