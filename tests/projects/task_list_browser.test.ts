import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { day } from '../support/days.js';
import { type Harbor, harbor } from '../support/harbor.js';
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

/** A project of two phases: Workshop with Sand, Oil and Hang, and On site with Clear. */
async function planned(key: string) {
  const id = await addProject(portal.knex, home.staff, { key, name: 'Fit-out', partner: home.partner_id });
  const add = (input: object) => addTask(portal.knex, home.staff, id, input);
  const shop = await add({ title: 'Workshop', kind: 'phase' });
  const dates = { starts_on: day(5), due_on: day(9) };
  for (const title of ['Sand', 'Oil', 'Hang']) await add({ title, parent: shop, ...dates });
  const site = await add({ title: 'On site', kind: 'phase' });
  await add({ title: 'Clear', parent: site, ...dates });
  return { id, url: `${portal.base_url}/${home.slug}/projects/${key}` };
}

async function windowOf(email: string): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openWindow();
  // All of the list is in sight.
  await page.setViewport({ width: 1280, height: 2000 });
  await signInAt(page, portal.base_url, email, portal.codeFor(email));
  return { page, errors };
}

const orderOf = (id: string) =>
  portal.look(home.organization_id, (db) => db('tasks').where({ project_id: id }).orderBy('position').pluck('title'));

const becomes = async (id: string, titles: string[]) => assert.deepEqual(await orderOf(id), titles);

const row = async (page: Page, title: string) => {
  const found = await page.waitForSelector(
    `xpath///li[contains(@class, "task-row")][.//a[normalize-space()="${title}"]]`,
  );
  return found ?? assert.fail(title);
};

const placed = (page: Page) => page.waitForResponse((answer) => answer.url().endsWith('/place'));

/** Drags a row by its handle until it is below another. */
async function drag(page: Page, title: string, below: string) {
  const handle = await (await row(page, title)).$('[data-handle]');
  await handle?.scrollIntoView();
  await handle?.hover();
  await page.waitForSelector('[data-sorts="on"]');
  await page.waitForFunction(() => !document.querySelector('[data-sorts="loading"]'));
  const target = await (await row(page, below)).boundingBox();
  assert.ok(target);
  await page.mouse.down();
  await page.mouse.move(target.x + 40, target.y + target.height / 2, { steps: 8 });
  await page.mouse.move(target.x + 40, target.y + target.height - 4, { steps: 8 });
  await page.waitForFunction(
    (title, below) => {
      const words = (row: Element | null | undefined) => row?.querySelector('.task-title')?.textContent?.trim();
      const rows = [...document.querySelectorAll('li.task-row:not(.lifted)')];
      return rows.some((row) => words(row) === title && words(row.previousElementSibling) === below);
    },
    {},
    ...[title, below],
  );
  await Promise.all([placed(page), page.mouse.up()]);
}

test('a row of the list is dragged to its place and into another phase, and moved the same by keys', async () => {
  const { id, url } = await planned('LIST');
  const { page, errors } = await windowOf(home.olivia.email);
  await page.goto(url);
  await drag(page, 'Sand', 'Oil');
  await becomes(id, ['Workshop', 'Oil', 'Sand', 'Hang', 'On site', 'Clear']);
  await page.goto(url);
  await drag(page, 'Hang', 'Clear');
  await becomes(id, ['Workshop', 'Oil', 'Sand', 'On site', 'Clear', 'Hang']);
  const parents = await portal.look(home.organization_id, (db) =>
    db('tasks as t')
      .join('tasks as p', 'p.id', 't.parent_id')
      .where({ 't.project_id': id, 't.title': 'Hang' })
      .pluck('p.title'),
  );
  assert.deepEqual(parents, ['On site']);

  await page.goto(url);
  const press = async (title: string, key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft') => {
    await (await (await row(page, title)).$('.task-title'))?.focus();
    await page.keyboard.down('Alt');
    await Promise.all([placed(page), page.keyboard.press(key)]);
    await page.keyboard.up('Alt');
  };
  await press('Sand', 'ArrowUp');
  await becomes(id, ['Workshop', 'Sand', 'Oil', 'On site', 'Clear', 'Hang']);
  await page.waitForFunction(() => document.activeElement?.textContent?.trim() === 'Sand');
  await press('Hang', 'ArrowLeft');
  const alone = await portal.look(home.organization_id, (db) =>
    db('tasks').where({ project_id: id, parent_id: null, kind: 'task' }).pluck('title'),
  );
  assert.deepEqual(alone, ['Hang']);
  assert.deepEqual(errors, []);
});

test('two people drag at once: in the list both count; on the chart the second is told what the first did', async () => {
  const { id, url } = await planned('BOTH');
  const [first, second] = [await windowOf(home.olivia.email), await windowOf(home.tom.email)];
  await Promise.all([first.page.goto(url), second.page.goto(url)]);
  await drag(first.page, 'Sand', 'Hang');
  await becomes(id, ['Workshop', 'Oil', 'Hang', 'Sand', 'On site', 'Clear']);
  await drag(second.page, 'Oil', 'Clear');
  await becomes(id, ['Workshop', 'Hang', 'Sand', 'On site', 'Clear', 'Oil']);

  await Promise.all([first, second].map(({ page }) => page.goto(`${url}/schedule`)));
  const moveByKey = async ({ page }: { page: Page }) => {
    await (await page.waitForSelector('.gantt-handle[aria-label^="Clear"]'))?.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.type('#move-reason', 'The felt came late');
    const sent = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await Promise.all([sent, page.keyboard.press('Enter')]);
  };
  await moveByKey(first);
  const [clear] = await portal.look(home.organization_id, (db) =>
    db('tasks').where({ project_id: id, title: 'Clear' }).pluck('due_on'),
  );
  assert.equal(clear, day(10));
  await moveByKey(second);
  await second.page.waitForFunction(() => /Somebody has moved it meanwhile/.test(document.body.textContent ?? ''));
  // The form stands there with what was typed: once more, and it is moved.
  const typed = await second.page.$eval('#move-task form', (form) => {
    const { starts_on, due_on, task } = Object.fromEntries(new FormData(form));
    return { starts_on, due_on, task: typeof task === 'string' ? task : '' };
  });
  assert.deepEqual([typed.starts_on, typed.due_on], [day(6), day(10)]);
  assert.equal(typed.task.split(' ')[1], `${day(6)}/${day(10)}`);
});
