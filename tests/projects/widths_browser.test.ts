import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { act } from '../../src/act.js';
import { day } from '../support/days.js';
import { type Harbor, harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { closeBrowser, openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;
let page: Page;
let url: string;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  const fields = { key: 'MAPLE', name: 'Reception fit-out', partner: home.partner_id, manager: home.olivia.id };
  const project = await addProject(portal.knex, home.staff, fields);
  const shop = await addTask(portal.knex, home.staff, project, { title: 'Workshop', kind: 'phase' });
  const task = { title: 'Wiring for desk and lights', parent: shop, due_on: day(-3), assignee: home.olivia.id };
  await act(portal.knex, home.staff, await addTask(portal.knex, home.staff, project, task), 'start');
  await act(portal.knex, home.staff, project, 'add_budget_group', { name: 'Joinery' });
  const { id: group } = await portal.look(home.organization_id, (db) => db('budget_groups').first('id'));
  await act(portal.knex, home.staff, project, 'add_item', { group, name: 'Desk in ash', unit_cost: '5600' });
  ({ page } = await openWindow());
  await signInAt(page, portal.base_url, home.olivia.email, portal.codeFor(home.olivia.email));
  url = `${portal.base_url}/${home.slug}/projects/MAPLE`;
});

after(async () => {
  await closeBrowser();
  await portal.close();
});

async function show(tab: string, width: number) {
  await page.setViewport({ width, height: 800 });
  await page.goto(`${url}${tab}`);
}

const TABS = ['', '/calendar', '/time', '/budget', '/finances', '/details', '/comments', '/log'];

test('no page is wider than its window, and in a list beside the sidebar a task’s title has its room', async () => {
  for (const width of [1280, 1024, 390])
    for (const tab of TABS) {
      await show(tab, width);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${tab || '/tasks'} is ${over} too wide at ${width}`);
    }
  await show('', 1024);
  const title = await page.$eval('.task-title', (link) => link.getClientRects().length);
  assert.equal(title, 1, 'in one line');
});

test('on a phone the row of tabs shows the current one', async () => {
  await show('/comments', 390);
  const right = await page.$eval('.project-head .tabs [aria-current]', (tab) => tab.getBoundingClientRect().right);
  assert.ok(right <= 390, `Comments ends at ${right}`);
});

test('the fields of a week are seen before they are touched', async () => {
  await show('/time', 1280);
  const edge = await page.$eval('.week-table input[data-cell]', (field) => {
    const { borderTopWidth, borderTopColor } = getComputedStyle(field);
    return { borderTopWidth, seen: borderTopColor !== 'rgba(0, 0, 0, 0)' };
  });
  assert.deepEqual(edge, { borderTopWidth: '1px', seen: true });
});

test('on paper each page has the project’s name, and neither tabs nor buttons', async () => {
  for (const tab of TABS) {
    await show(tab, 1024);
    await page.emulateMediaType('print');
    const seen = await page.evaluate(() => {
      const shown = (element: Element) => element.getClientRects().length > 0;
      const all = (selector: string) => [...document.querySelectorAll(`main :is(${selector})`)].filter(shown);
      const buttons = all('.tabs, .button, button, textarea, .input').map(({ outerHTML }) => outerHTML.slice(0, 90));
      return { heads: all('h1').map(({ textContent }) => textContent), buttons };
    });
    await page.emulateMediaType('screen');
    assert.deepEqual(seen, { heads: ['Reception fit-out'], buttons: [] }, tab);
  }
});
