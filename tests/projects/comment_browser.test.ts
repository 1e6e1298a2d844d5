import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { faultsOf } from '../support/axe.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { both, projectOfAll } from '../support/threads.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

const textIn = (page: Page, selector: string) =>
  page.$eval(selector, (element) => element.textContent?.replace(/\s+/g, ' ').trim() ?? '');
const says = (page: Page, selector: string, words: string) =>
  page.waitForFunction(
    (selector, words) => document.querySelector(selector)?.textContent?.includes(words),
    {},
    selector,
    words,
  );

test('names are completed by keyboard under the text, and the form says whom it tells before it is sent', async () => {
  const { url, tom, comment, told } = await projectOfAll(portal, home);
  const first = await comment(tom, 'Ash, @Maya Chen, @Noah Weiss?', { title: 'Ash or oak for the cabinet doors' });
  const { page, errors } = await openWindow();
  await signInAt(page, portal.base_url, home.maya.email, portal.codeFor(home.maya.email));
  await page.goto(`${portal.base_url}${url}?reply=${first}`);
  await says(page, '#reply [data-tells-shared]', 'We’ll email Tom Reyes.');
  await page.type('#reply-text', 'Ash, please. @no');
  await page.waitForSelector('#mention-list [aria-selected="true"]');
  assert.equal(await textIn(page, '#mention-list mark'), 'No');
  assert.equal(await page.$eval('#reply-text', (area) => area.getAttribute('aria-activedescendant')), 'mention-0');
  assert.deepEqual(await faultsOf(page), []);
  await page.keyboard.press('Escape');
  assert.equal(await page.$('#mention-list'), null);
  await page.keyboard.type('a');
  await page.waitForSelector('#mention-list');
  await page.keyboard.press('Enter');
  await says(page, '#reply [data-tells-shared]', 'We’ll email Tom Reyes and Noah Weiss.');
  await page.keyboard.type('and @har');
  await page.waitForSelector('#mention-list');
  assert.match(await textIn(page, '#mention-list'), /Everyone at Harbor & Pine/);
  await page.keyboard.press('Tab');
  await says(page, '#reply [data-tells-shared]', 'We’ll email Tom Reyes, Noah Weiss, and Olivia Grant.');
  const value = await page.$eval('#reply-text', (area) => (area as HTMLTextAreaElement).value);
  assert.equal(value, 'Ash, please. @Noah Weiss and @Harbor & Pine ');
  if (process.env['SHOT']) await page.screenshot({ path: `${process.env['SHOT']}-wide.png`, fullPage: true });
  await page.setViewport({ width: 390, height: 844 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${wide} pixels too wide`);
  if (process.env['SHOT']) await page.screenshot({ path: `${process.env['SHOT']}-phone.png`, fullPage: true });
  await page.click('#reply button[type=submit]');
  await says(page, '.thread', 'Ash, please.');
  const { id } = await portal.look(home.organization_id, (db) =>
    db('comments').where('body', 'like', 'Ash, please%').first('id'),
  );
  assert.deepEqual(await told(id), both('Noah Olivia Tom'));
  assert.deepEqual(errors, []);
});
