import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultsOf } from '../support/axe.js';
import { fitOut, plannedEvent } from '../support/events.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { closeBrowser, openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});

after(async () => {
  await closeBrowser();
  await portal.close();
});

test('the form that moves one time stands below its button, on a desk and on a phone, and works by keys', async () => {
  const { id } = await fitOut(portal, home);
  const weekly = { repeats: 'weekly', times: '3', guests: [home.maya.id] };
  const event = await plannedEvent(portal, home.staff, id, weekly);
  const url = `${portal.base_url}/${home.slug}/events/${event.number}`;
  const { page, errors } = await openWindow();
  await signInAt(page, portal.base_url, home.olivia.email, portal.codeFor(home.olivia.email));
  const off_days = `${portal.base_url}/${home.slug}/settings/organization/days-off`;
  for (const width of [390, 1280])
    for (const path of [url, `${url}?on=2027-03-17&open=move`, off_days]) {
      await page.setViewport({ width, height: 900 });
      await page.goto(path);
      assert.deepEqual(await faultsOf(page), []);
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        true,
        `${width} ${path}`,
      );
    }
  await page.goto(`${url}?on=2027-03-17`);
  const summary = await page.waitForSelector('xpath///details[.//form[@id="act-move"]]/summary');
  await summary?.focus();
  await page.keyboard.press('Enter');
  const [button, panel] = [
    await summary?.boundingBox(),
    await (await page.waitForSelector('#act-move'))?.boundingBox(),
  ];
  assert.ok(
    button && panel && panel.y > button.y && panel.x >= 0,
    `${JSON.stringify([button, panel])} is below its button`,
  );
  const chosen = () => page.$eval('#act-move', (form) => new FormData(form as HTMLFormElement).get('which'));
  assert.equal(await chosen(), 'one');
  await page.focus('#act-move input[name=which]');
  await page.keyboard.press('ArrowDown');
  assert.equal(await chosen(), 'after');
  await page.keyboard.press('ArrowUp');
  await page.$eval('#act-move input[name=starts_time]', (field) => (field.value = '10:00'));
  await page.$eval('#act-move input[name=ends_time]', (field) => (field.value = '11:00'));
  await (await page.$('#act-move button[type=submit]'))?.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /Moved from/.test(document.body.textContent ?? ''));
  assert.deepEqual(errors, []);
});
