import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tokenFor } from '../support/api.js';
import { faultsOf } from '../support/axe.js';
import { harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openWindow } from '../support/window.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('the page of the API is open to everybody, and tries a request with a token that is typed into it', async () => {
  const home = await harbor(portal);
  const token = await tokenFor(portal, home, home.tom.id, ['invoices:read']);
  const { page } = await openWindow();
  await page.goto(`${portal.base_url}/docs/api`);
  assert.deepEqual(await faultsOf(page), []);
  const answered = async (words: string) => {
    await page.click('[data-api-try] button');
    await page.waitForFunction(`document.querySelector('[data-api-answer]').textContent.includes('${words}')`);
  };
  await page.type('[name=token]', `parley_${'x'.repeat(43)}`);
  await answered('401');
  await page.$eval('[name=token]', (field) => ((field as unknown as { value: string }).value = ''));
  await page.type('[name=token]', token);
  await answered('Tom Reyes');
  await page.setViewport({ width: 390, height: 800 });
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= 390'), true);
  assert.deepEqual(await faultsOf(page), []);
});
