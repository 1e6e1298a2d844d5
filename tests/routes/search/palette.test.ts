import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { inScheme, loadAxe } from '../../support/axe.js';
import { harbor, type Harbor, sentInvoice } from '../../support/harbor.js';
import { openPortal, type Portal } from '../../support/portal.js';
import { openWindow, signInAt } from '../../support/window.js';

let portal: Portal;
let home: Harbor;
let olivia: Page;
let errors: string[];

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  await sentInvoice(portal, home, { title: 'Wardrobe' });
  await sentInvoice(portal, home, { title: 'Wardrobe, second part' });
  ({ page: olivia, errors } = await openWindow());
  await signInAt(olivia, portal.base_url, home.olivia.email, portal.codeFor(home.olivia.email));
});
after(() => portal.close());

const at = (path: string) => `${portal.base_url}/${home.slug}${path}`;
const isOpen = () => olivia.$eval('#palette', (dialog) => (dialog as HTMLDialogElement).open);
const said = (words: RegExp) =>
  olivia.waitForFunction(`${String(words)}.test(document.getElementById('palette-said').textContent)`);
const selected = () => olivia.$eval('#palette [aria-selected="true"] .found-title', (found) => found.textContent);
const activeId = () => olivia.evaluate('document.activeElement.id');

async function openByKey() {
  await olivia.keyboard.down('Control');
  await olivia.keyboard.press('k');
  await olivia.keyboard.up('Control');
  await olivia.waitForSelector('#palette[open] [role="option"]');
}

test('Ctrl K opens it on any page; arrows move, Tab narrows, Enter opens what is chosen', async () => {
  await olivia.goto(at('/partners'));
  await openByKey();
  assert.equal(await activeId(), 'palette-words');
  await olivia.keyboard.type('wardr');
  await said(/results for “wardr”/);
  assert.equal(await selected(), 'Wardrobe, second part');
  await olivia.keyboard.press('ArrowDown');
  assert.equal(await selected(), 'Wardrobe');
  const active = await olivia.$eval('#palette-words', (field) => field.getAttribute('aria-activedescendant'));
  assert.equal(await olivia.$eval(`#${active}`, (option) => option.getAttribute('role')), 'option');
  await loadAxe(olivia);
  for (const scheme of ['light', 'dark'] as const)
    assert.deepEqual(await inScheme(olivia, scheme, undefined, '#palette'), []);
  await olivia.keyboard.press('Tab');
  await olivia.waitForFunction(
    `/Documents/.test(document.querySelector('#palette-scopes [aria-current]').textContent)`,
  );
  await Promise.all([olivia.waitForNavigation(), olivia.keyboard.press('Enter')]);
  assert.match(olivia.url(), /\/documents\/INV-0002$/);
});

test('Esc clears what was typed, then closes and gives the focus back', async () => {
  await olivia.goto(at('/partners'));
  await olivia.focus('input[name=q]');
  const before = await activeId();
  await openByKey();
  await olivia.keyboard.type('wardr');
  await said(/wardr/);
  await olivia.keyboard.press('Escape');
  assert.deepEqual(
    [await isOpen(), await olivia.$eval('#palette-words', (field) => (field as HTMLInputElement).value)],
    [true, ''],
  );
  await olivia.keyboard.press('Escape');
  assert.deepEqual([await isOpen(), await activeId()], [false, before]);
});

test('an older answer that comes late is dropped', async () => {
  await olivia.goto(at('/partners'));
  await olivia.evaluate(`(() => {
    const asked = window.fetch;
    window.fetch = async (address, ...more) => {
      const answer = await asked(address, ...more);
      if (String(address).endsWith('q=maple')) await new Promise((go) => (window.letGo = go));
      return answer;
    };
  })()`);
  await openByKey();
  await olivia.keyboard.type('maple');
  await olivia.waitForFunction('window.letGo');
  await olivia.keyboard.type(' wardrobe sec');
  await said(/second|sec”/);
  await olivia.evaluate('window.letGo()');
  await olivia.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  assert.match(await olivia.$eval('#palette-said', (status) => status.textContent ?? ''), /sec”$/);
});

test('on a phone its link leads to the page, which does without scripts, too', async () => {
  await olivia.setViewport({ width: 390, height: 844 });
  await olivia.goto(at('/partners'));
  await olivia.click('.find-icon');
  await olivia.waitForFunction('document.querySelector(".search-form")');
  assert.equal(new URL(olivia.url()).pathname, `/${home.slug}/search`);
  await olivia.setJavaScriptEnabled(false);
  await olivia.goto(at('/search?q=wardr&in=documents'));
  assert.equal((await olivia.$$('.found-row')).length, 2);
  assert.equal(await olivia.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
  await olivia.setJavaScriptEnabled(true);
  assert.deepEqual(errors, []);
});
