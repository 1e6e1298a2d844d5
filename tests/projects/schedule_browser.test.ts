import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { act } from '../../src/act.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { saveTemplate } from '../../src/projects/templates/save_template.js';
import { faultsOf } from '../support/axe.js';
import { day } from '../support/days.js';
import { type Harbor, harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { closeBrowser, openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;
let url: string;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  url = `/${home.slug}/projects/MAPLE`;
  const fields = { key: 'MAPLE', name: 'Reception fit-out', partner: home.partner_id, manager: home.tom.id };
  const id = await addProject(portal.knex, home.staff, fields);
  const add = (input: object) => addTask(portal.knex, home.staff, id, input);
  const span = (from: number, to: number) => ({ starts_on: day(from), due_on: day(to) });
  const shop = await add({ title: 'Workshop', kind: 'phase' });
  const ash = await add({ title: 'Order ash', parent: shop, ...span(-30, -24) });
  const panels = await add({ title: 'Acoustic panels', parent: shop, after: [ash], ...span(-20, -2) });
  const cabinets = await add({ title: 'Wall cabinets', parent: shop, ...span(-6, 5) });
  for (const title of ['Cut and edge the carcasses', 'Build the doors', 'Oil and hang'])
    await add({ title, kind: 'step', parent: cabinets });
  const site = await add({ title: 'On site', kind: 'phase' });
  const clear = await add({ title: 'Clear the reception', parent: site, assignee: home.maya.id, ...span(5, 5) });
  const wiring = await add({ title: 'Wiring for desk and lights', parent: site, after: [clear], ...span(8, 9) });
  await add({ title: 'Install panels', parent: site, after: [panels, wiring], ...span(11, 15) });
  await add({ title: 'Handover', milestone: true, ...span(19, 19) });
  await act(portal.knex, home.staff, ash, 'finish');
  await saveTemplate(portal.knex, home.staff, id, 'Fit-out');
});

after(async () => {
  await closeBrowser();
  await portal.close();
});

async function windowOf(email: string, width = 1280): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openWindow();
  await page.setViewport({ width, height: 900 });
  await signInAt(page, portal.base_url, email, portal.codeFor(email));
  return { page, errors };
}

const show = (page: Page, path: string) => page.goto(`${portal.base_url}${path}`);
const typed = (page: Page) =>
  page.$eval('#move-task form', (form) => {
    const { task, starts_on, due_on } = Object.fromEntries(new FormData(form));
    return { task, starts_on, due_on };
  });

test('staff move a bar by keyboard and by mouse: the form is filled in, and says what it needs', async () => {
  const { page, errors } = await windowOf(home.olivia.email);
  await show(page, `${url}/schedule`);
  const bar = await page.waitForSelector('.gantt-handle[aria-label^="Wiring"]');
  await bar?.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft'] as const) await page.keyboard.press(key);
  assert.match(
    await page.$eval('[data-gantt-says]', ({ textContent }) => textContent ?? ''),
    /^Wiring for desk and lights: /,
  );
  await page.keyboard.down('Shift');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.up('Shift');
  await page.keyboard.press('Enter');
  const { starts_on, due_on } = await typed(page);
  assert.deepEqual([starts_on, due_on], [day(9), day(11)]);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'reason');

  const other = await page.$('.gantt-handle[aria-label="Install panels"]');
  await other?.scrollIntoView();
  const box = await other?.boundingBox();
  assert.ok(box);
  const days = (box.width / 5) * 2;
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 3 + days, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => (document.querySelector('#move-starts_on') as HTMLInputElement).value !== '');
  const dragged = await typed(page);
  assert.deepEqual([dragged.starts_on, dragged.due_on], [day(13), day(17)]);
  await page.type('#move-reason', 'The felt came late');
  await Promise.all([
    page.waitForResponse((answer) => answer.url().includes('done=saved')),
    page.keyboard.press('Enter'),
  ]);
  const find = (title: string) => portal.look(home.organization_id, (db) => db('tasks').where({ title }).first());
  assert.equal((await find('Install panels')).due_on, day(17));
  assert.deepEqual(errors, []);
});

test('schedule, sharing and templates have no faults of access, and fit a phone', async () => {
  const pages = ['', '/schedule', '/schedule?scale=weeks', '/sharing'].map((path) => url + path);
  const { page, errors } = await windowOf(home.olivia.email);
  for (const path of [
    ...pages,
    `/${home.slug}/project-templates`,
    `/${home.slug}/projects`,
    `/${home.slug}/projects/new`,
  ]) {
    await page.setViewport({ width: 1280, height: 900 });
    await show(page, path);
    assert.deepEqual(await faultsOf(page), []);
    await page.setViewport({ width: 390, height: 844 });
    await show(page, path);
    assert.deepEqual(await faultsOf(page), []);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${path} is ${over} px too wide`);
  }
  assert.deepEqual(errors, []);
  const mayas = await windowOf(home.maya.email);
  await show(mayas.page, `${url}/schedule`);
  assert.deepEqual(await faultsOf(mayas.page), []);
});
