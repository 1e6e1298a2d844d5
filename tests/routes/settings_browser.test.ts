import assert from 'node:assert/strict';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import sharp from 'sharp';
import { harbor, type Harbor } from '../support/harbor.js';
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
const modules = () => maya.$$eval('[data-module]', (rows) => rows.map((row) => row.getAttribute('data-module')));

test('with scripts: the sample follows each choice, modules move by keys and by hand, a photo is cropped as it is seen', async () => {
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
  await maya.waitForSelector('[data-sortable]');
  await maya.mouse.down();
  await maya.mouse.move(bottom.x, bottom.y - 20, { steps: 5 });
  await maya.mouse.move(top.x, top.y - 8, { steps: 15 });
  await maya.mouse.up();
  await says('#announce', /All documents, moved to position 1/);
  assert.equal((await mayaNow()).menu[0], '/documents');

  await go('profile');
  // Red to the left, blue to the right: moved to the right, the left is seen.
  const half = { create: { width: 300, height: 300, channels: 3, background: '#0000ff' } } as const;
  const red = sharp({ create: { ...half.create, width: 600, background: '#ff0000' } });
  const file = join(portal.folder, 'me.jpg');
  const blue = await sharp(half).png().toBuffer();
  await writeFile(
    file,
    await red
      .composite([{ input: blue, left: 300, top: 0 }])
      .jpeg()
      .toBuffer(),
  );
  await (await maya.$('input#photo-file'))?.uploadFile(file);
  await maya.waitForSelector('.photo-crop:not([hidden])');
  for (let n = 0; n < 40; n++) await maya.keyboard.press('ArrowLeft');
  await maya.click('[data-photo] button');
  await maya.waitForSelector('img.person-mark');
  const stored = await portal.services.storage.get((await mayaNow()).photo_sha256);
  const { dominant } = await sharp(stored).stats();
  assert.ok(dominant.r > 200 && dominant.b < 50, JSON.stringify(dominant));
  assert.deepEqual(errors, []);
});

/** The middle of a row's handle; of the last one for -1. */
async function handleAt(index: number): Promise<{ x: number; y: number }> {
  const box = await (await maya.$$('[data-handle]')).at(index)?.boundingBox();
  assert.ok(box);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
