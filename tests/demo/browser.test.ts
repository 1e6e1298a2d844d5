import { card } from '../support/checkout.js';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { faultsOf } from '../support/axe.js';
import { codeInMailbox, mailboxOf, openDemo } from '../support/demo.js';
import type { Portal } from '../support/portal.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
before(async () => (portal = await openDemo()));
after(() => portal.close());

const mailTo = (email: string) => mailboxOf(portal, email);
const signIn = async (page: Page, email: string) =>
  signInAt(page, portal.base_url, email, await codeInMailbox(portal, email));

test('Maya opens the invoice from her email and writes; her emailed reply appears on her page and on Olivia’s, live', async () => {
  const olivia = await openWindow();
  await signIn(olivia.page, 'olivia@harbor.example');
  await olivia.page.goto(`${portal.base_url}/harbor/documents/INV-0042`);

  const maya = await openWindow();
  await maya.page.goto(`${portal.base_url}/mailbox?to=maya@maple.example`);
  const received = (await mailTo('maya@maple.example')).find(({ text }) =>
    text.startsWith('Olivia Grant sent you invoice INV-0042'),
  );
  assert.ok(received);
  await maya.page.goto(`${portal.base_url}/mailbox/messages/${received.id}`);
  const frame = await (await maya.page.waitForSelector('iframe'))?.contentFrame();
  assert.ok(frame);
  const button = await frame.waitForSelector('a[href*="/in/"]');
  assert.equal(await button?.evaluate((link) => link.textContent?.trim()), 'View invoice');
  await maya.page.goto(String(await button?.evaluate((link) => (link as unknown as { href: string }).href)));
  assert.equal(new URL(maya.page.url()).pathname, '/harbor/documents/INV-0042');

  await maya.page.type('#composer-text', 'Is the oak still in stock?');
  await maya.page.click('#composer button:not([type=button])');
  await maya.page.waitForFunction(`document.querySelector('.talk').textContent.includes('Is the oak still in stock?')`);
  await olivia.page.waitForFunction(
    `document.querySelector('.talk').textContent.includes('Is the oak still in stock?')`,
  );

  await olivia.page.type('#composer-text', 'A half-written ans');
  const mailbox = await openWindow();
  await mailbox.page.goto(`${portal.base_url}/mailbox/messages/${received.id}`);
  await mailbox.page.type('textarea[name=text]', 'And which day exactly?');
  await Promise.all([
    mailbox.page.waitForNavigation(),
    mailbox.page.$eval('form[action$="/reply"]', (form) =>
      (form as unknown as { requestSubmit(): void }).requestSubmit(),
    ),
  ]);
  for (const { page } of [maya, olivia]) {
    await page.waitForFunction(`document.querySelector('.talk').textContent.includes('And which day exactly?')`);
    const talk = String(
      await page.evaluate(
        `(() => { const last = [...document.querySelectorAll('.comment')].at(-1).cloneNode(true); last.querySelector('details')?.remove(); return last.textContent; })()`,
      ),
    );
    assert.ok(!talk.includes('sent you invoice'), 'without the quote');
  }
  assert.equal(
    await olivia.page.$eval('#composer-text', (field) => (field as unknown as { value: string }).value),
    'A half-written ans',
  );
  assert.deepEqual([...maya.errors, ...olivia.errors], []);
  assert.deepEqual([...(await faultsOf(maya.page)), ...(await faultsOf(olivia.page))], []);
});

test('Maya pays by another card than the saved one, and sees at once that she has paid', async () => {
  const maya = await openWindow();
  await signIn(maya.page, 'maya@maple.example');
  await maya.page.goto(`${portal.base_url}/harbor/documents/INV-0042`);
  const go = (selector: string) => Promise.all([maya.page.waitForNavigation(), maya.page.click(selector)]);
  await maya.page.click('.action-bar a.primary');
  await maya.page.waitForSelector('input[name=method]');
  await maya.page.click('input[name=method][value=card]');
  await maya.page.waitForFunction(`!document.querySelector('#pay-sum').textContent.includes('Visa')`);
  const faults = await faultsOf(maya.page);
  await maya.page.click('#pay-sum .primary');
  await maya.page.waitForSelector('input[name=number]');
  faults.push(...(await faultsOf(maya.page)));
  for (const [name, typed] of Object.entries(card())) {
    if (name === 'country') continue;
    await maya.page.$eval(`input[name=${name}]`, (field) => ((field as unknown as { value: string }).value = ''));
    await maya.page.type(`input[name=${name}]`, typed);
  }
  await go('form .primary');
  await maya.page.waitForFunction(`document.querySelector('h1').textContent === 'You paid $12,126.24'`);
  assert.deepEqual(faults, []);
  assert.deepEqual(maya.errors, []);
  await portal.until('the receipt', async () =>
    (await mailTo('maya@maple.example')).find(({ text }) => text.startsWith('You paid $12,126.24 of invoice INV-0042')),
  );
});
