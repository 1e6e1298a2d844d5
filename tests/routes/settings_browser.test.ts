import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import sharp from 'sharp';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;
let maya: Page;
let errors: string[];
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  ({ page: maya, errors } = await openWindow());
  await signInAt(maya, portal.base_url, home.maya.email, portal.codeFor(home.maya.email));
});
after(() => portal.close());

const go = (page: string) => maya.goto(`${portal.base_url}/${home.slug}/settings/${page}`);
const mayaNow = () => portal.look(home.organization_id, (db) => db('people').where({ id: home.maya.id }).first());
const says = (selector: string, words: RegExp) =>
  maya.waitForFunction(
    `new RegExp(${JSON.stringify(words.source)}).test(document.querySelector(${JSON.stringify(selector)})?.textContent ?? '')`,
  );
const textsOf = (selector: string) =>
  maya.$$eval(selector, (found) => found.map(({ textContent }) => textContent?.trim()));
const modules = () => maya.$$eval('[data-module]', (rows) => rows.map((row) => row.getAttribute('data-module')));

test('what she chooses in her settings holds at once: on the page, in its header, on a document', async () => {
  await go('preferences');
  await maya.click('input[value="comma"]');
  await says('#sample', /1\.733,40/);
  assert.equal((await mayaNow()).locale, 'en-US');
  await maya.click('.form-end button');
  await says('#announce', /^Saved$/);
  assert.equal((await mayaNow()).locale, 'en-US-x-n-comma');

  await go('menu');
  const [first, second, ...rest] = await modules();
  await maya.focus('[id="move-projects-down"]');
  await maya.keyboard.press('Enter');
  await says('#announce', /Projects, moved to position 2/);
  assert.deepEqual(await modules(), [second, first, ...rest]);
  assert.equal(await maya.evaluate('document.activeElement.id'), 'move-projects-down');
  const [top, bottom] = [await handleAt(0), await handleAt(-1)];
  await maya.mouse.move(bottom.x, bottom.y);
  await maya.waitForSelector('[data-sortable="on"]');
  await maya.mouse.down();
  await maya.mouse.move(bottom.x, bottom.y - 20, { steps: 5 });
  await maya.mouse.move(top.x, top.y - 8, { steps: 15 });
  await maya.waitForFunction('document.querySelector("[data-module]").dataset.module === "/documents"');
  await maya.mouse.up();
  await says('#announce', /All documents, moved to position 1/);
  assert.equal((await mayaNow()).menu[0], '/documents');

  await go('profile');
  await maya.$eval('input#photo-file', (input) => input.scrollIntoView());
  await (await maya.$('input#photo-file'))?.uploadFile(await photo());
  await maya.waitForSelector('.photo-crop:not([hidden])');
  for (let n = 0; n < 40; n++) await maya.keyboard.press('ArrowLeft');
  await maya.click('[data-photo] button');
  await maya.waitForSelector('.who img.person-mark');
  const stored = await portal.services.storage.get((await mayaNow()).photo_sha256);
  const { dominant } = await sharp(stored).stats();
  assert.ok(dominant.r > 200 && dominant.b < 50, JSON.stringify(dominant));

  const { url } = await sentInvoice(portal, home, { lines: [{ description: 'Oak', unit_price: '1733.40' }] });
  await go('preferences');
  await maya.select('select[name="language"]', 'de-DE');
  await maya.click('.form-end button');
  await maya.waitForSelector('html[lang="de-DE"]');
  await maya.goto(`${portal.base_url}${url}`);
  assert.deepEqual((await textsOf('.modules-bar a')).slice(0, 2), ['Alle Dokumente', 'Angebote']);
  await says('h1', /Rechnung/);
  await says('.sheet', /1\.733,40/);
  assert.ok(await maya.$('.who img.person-mark'));
  assert.deepEqual(errors, []);
});

test('the header is one line at every width; what has no room is under “More”, for keys, too', async () => {
  for (const width of [320, 390, 768, 1024, 1280]) {
    await maya.setViewport({ width, height: 800 });
    await maya.goto(`${portal.base_url}/${home.slug}`);
    const header = 'document.querySelector(".top").getBoundingClientRect()';
    assert.ok(Number(await maya.evaluate(`${header}.height`)) < 60, `${width}`);
    assert.equal(await maya.evaluate('document.documentElement.scrollWidth'), width);
    const shown = await maya.$$eval('.modules-bar a', (all) => all.filter((one) => one.checkVisibility()).length);
    const all = (await textsOf('.modules-bar a')).length;
    const more = await maya.$('.modules-more > summary');
    assert.equal(await more?.isVisible(), shown < all, `${width}`);
    if (shown === all) continue;
    await more?.focus();
    await maya.keyboard.press('Enter');
    const listed = await maya.$$eval('.modules-more .menu:first-child a', (found) =>
      found.filter((one) => one.checkVisibility()).map(({ textContent }) => textContent?.trim()),
    );
    assert.deepEqual(listed, (await textsOf('.modules-bar a')).slice(shown), `${width}`);
  }
});

/** Red to the left, blue to the right: moved to the right, the left is seen. */
async function photo(): Promise<string> {
  const blue = { create: { width: 300, height: 300, channels: 3, background: '#0000ff' } } as const;
  const red = sharp({ create: { ...blue.create, width: 600, background: '#ff0000' } });
  const input = await sharp(blue).png().toBuffer();
  const file = join(portal.folder, 'me.jpg');
  const jpeg = red.composite([{ input, left: 300, top: 0 }]).jpeg();
  await writeFile(file, await jpeg.toBuffer());
  return file;
}

/** The middle of a row's handle; of the last one for -1. */
async function handleAt(index: number): Promise<{ x: number; y: number }> {
  const box = await (await maya.$$('[data-handle]')).at(index)?.boundingBox();
  assert.ok(box);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
