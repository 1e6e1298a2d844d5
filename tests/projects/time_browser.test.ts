import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { faultsOf } from '../support/axe.js';
import { harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { approved, at, fitOut, logTime, MONDAY } from '../support/time.js';
import { closeBrowser, openWindow, signInAt } from '../support/window.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(async () => {
  await closeBrowser();
  await portal.close();
});

test('a cell is saved as it is left; a bad one keeps its text; arrows move; the timer counts; a phone shows a day', async () => {
  const home = await harbor(portal);
  const { project, desk, panels, tom } = await fitOut(portal, home);
  const { knex } = portal;
  await logTime(portal, tom, project, desk, at(0), 90, { note: 'Top fitted' });
  await approved(portal, home, tom, project);
  await logTime(portal, home.staff, project, desk, at(0), 60);
  await logTime(portal, home.staff, project, panels, at(0), 30);
  await act(knex, home.staff, project, 'set_time', { time_shown: 'hours' });
  await act(knex, home.staff, project, 'start_timer', { work: panels });
  const { page, errors } = await openWindow();
  await signInAt(page, portal.base_url, home.olivia.email, portal.codeFor(home.olivia.email));
  const url = `${portal.base_url}/${home.slug}/projects/MAPLE/time`;
  await page.goto(`${url}?week=${MONDAY}`);
  const cell = (work: string, n: number) => `input[name="m:${work}:${at(n)}"]`;
  await page.type(cell(desk, 1), '90m');
  await page.keyboard.press('Tab');
  await page.waitForFunction(`document.querySelector('.week-head [data-total]').textContent === '3:00'`);
  assert.equal(await page.$eval(cell(desk, 1), (field) => (field as HTMLInputElement).value), '1:30');
  await page.focus(cell(desk, 1));
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate('document.activeElement.name'), `m:${panels}:${at(1)}`);
  await page.keyboard.type('soon');
  await page.keyboard.press('Tab');
  await page.waitForSelector(`${cell(panels, 1)}[aria-invalid]`);
  assert.equal(await page.$eval(cell(panels, 1), (field) => (field as HTMLInputElement).value), 'soon');
  await page.waitForFunction(`/^\\d+:\\d\\d:\\d\\d$/.test(document.querySelector('[data-since]').textContent)`);
  const counted = errors.filter((error) => !error.includes('422'));
  assert.deepEqual(counted, []);
  await page.goto(`${url}?week=${MONDAY}`);
  assert.deepEqual(await faultsOf(page), []);
  await page.setViewport({ width: 390, height: 800 });
  await page.goto(`${url}?day=${at(1)}`);
  assert.deepEqual(await faultsOf(page), []);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= 390'), true);
  const shown = `[...document.querySelectorAll('[data-cell]')].filter((one) => one.checkVisibility()).map((one) => one.name)`;
  assert.deepEqual(await page.evaluate(shown), [`m:${desk}:${at(1)}`, `m:${panels}:${at(1)}`]);
  for (const path of ['/report', '/settings']) {
    await page.goto(url + path);
    assert.deepEqual(await faultsOf(page), []);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= 390'), true, path);
  }
  await page.goto(`${portal.base_url}/${home.slug}/settings/organization/time`);
  assert.deepEqual(await faultsOf(page), []);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= 390'), true);
});
