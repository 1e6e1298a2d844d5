import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ElementHandle, Page } from 'puppeteer';
import { plannedEvent } from '../support/events.js';
import { openPortal, type Portal } from '../support/portal.js';
import { photo, projectSite } from '../support/project_site.js';
import { closeBrowser, openWindow, signInAt } from '../support/window.js';

// Forms of a project as they are used with a finger: on a phone, where the network goes, and after a mistake.

let portal: Portal;
const picture = join(tmpdir(), `parley_log_${process.pid}.jpg`);
before(async () => {
  portal = await openPortal();
  await writeFile(picture, await photo('#335577'));
});
after(async () => {
  await rm(picture, { force: true });
  await closeBrowser();
  await portal.close();
});

async function phoneOf(email: string): Promise<Page> {
  const { page } = await openWindow();
  await signInAt(page, portal.base_url, email, portal.codeFor(email));
  await page.setViewport({ width: 390, height: 844 });
  return page;
}

const at = (url: string) => `${portal.base_url}${url}`;

/** A finger reaches the middle of it: nothing lies above, and it is on the page. */
const reached = (element: ElementHandle | null) =>
  element?.evaluate((one) => {
    one.scrollIntoView({ block: 'center' });
    const { left, top, width, height } = one.getBoundingClientRect();
    return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });

test('what unfolds outside of an action bar is on the page: an answer to an event, and time with a note', async () => {
  const site = await projectSite(portal);
  const { number } = await plannedEvent(portal, site.staff, site.id, { shown: true, guests: [site.maya.id] });
  const maya = await phoneOf(site.maya.email);
  await maya.goto(at(`/${site.slug}/events/${number}?open=accept#accept`));
  const answer = await maya.waitForSelector('#act-accept [type="submit"]');
  assert.equal(await reached(answer), true);
  await answer?.click();
  await maya.waitForFunction(() => document.querySelector('#main')?.textContent?.includes('will come to'));
  const olivia = await phoneOf(site.olivia.email);
  await olivia.goto(at(`${site.url}/time`));
  await olivia.click('details.action > summary');
  assert.equal(await reached(await olivia.$('#entry-hours')), true);
});

test('a day of the log that is sent offline keeps its photos; the next one begins empty', async () => {
  const site = await projectSite(portal);
  const tom = await phoneOf(site.tom.email);
  await tom.goto(at(`${site.url}/log/new`));
  await tom.type('[name="text"]', 'Panels are up');
  const files = await tom.$('input[type="file"]');
  await files?.uploadFile(picture);
  await tom.setOfflineMode(true);
  await (await tom.$('.form-end [type="submit"]'))?.evaluate((button) => (button as HTMLElement).click());
  await tom.waitForSelector('#notes [data-note="offline"]:not([hidden])');
  assert.equal(await files?.evaluate(({ files }) => files?.length), 1);
  await tom.setOfflineMode(false);
  const save = await tom.$('.form-end [type="submit"]');
  assert.equal(await reached(save), true);
  await save?.click();
  await tom.waitForFunction(() => location.pathname.endsWith('/log'));
  assert.equal((await portal.look(site.organization_id, (db) => db('project_log_files').select())).length, 1);
  await tom.goto(at(`${site.url}/log/new`));
  assert.equal(await tom.$eval('[name="text"]', (field) => (field as HTMLTextAreaElement).value), '');
});

test('what was typed before and after a mistake comes back whole, and its note lies above no button', async () => {
  const site = await projectSite(portal);
  const olivia = await phoneOf(site.olivia.email);
  const form = at(`/${site.slug}/projects/new`);
  await olivia.goto(form);
  await olivia.type('[name="name"]', 'Waiting room');
  await olivia.type('[name="key"]', 'MAPLE');
  await olivia.select('[name="partner"]', site.partner_id);
  await olivia.click('.form-end [type="submit"], form [type="submit"].primary');
  await olivia.waitForSelector('[name="key"][aria-invalid]');
  await olivia.type('[name="description"]', 'Two benches');
  await olivia.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await olivia.goto(form);
  await olivia.waitForSelector('#notes [data-note="kept"]:not([hidden])');
  const values = await olivia.$$eval('[name="name"], [name="key"], [name="description"]', (all) =>
    all.map((field) => (field as HTMLInputElement).value),
  );
  assert.deepEqual(values, ['Waiting room', 'MAPLE', 'Two benches']);
  assert.equal(await reached(await olivia.$('#main form [type="submit"]')), true);
  await olivia.type('[name="key"]', '-2');
  await olivia.waitForSelector('#notes [data-note="kept"][hidden]');
});
