import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import type { Browser, Page } from 'puppeteer';
import { playDemo } from '../src/demo/story/play.js';
import { checkDns } from '../src/mail/deliverability/dns_check.js';
import { launchBrowser } from '../src/pdf/browser.js';
import { openPortal, type Portal } from './support/portal.js';
import { until } from './support/until.js';

let portal: Portal;
let browser: Browser;
before(async () => {
  portal = await openPortal({ DEMO: 'on', SMTP_URL: '' });
  await playDemo(portal.services);
  await portal.idle(120); // hundreds of emails with their PDFs
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  await portal.close();
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Mail {
  id: string;
  subject: string;
  text: string;
}

/** What axe finds on the page as it stands, in light and dark. */
async function faultsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const value of ['light', 'dark']) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value },
      { name: 'prefers-reduced-motion', value: 'reduce' }, // or colours are measured half-way through their change
    ]);
    await page.evaluate(axe);
    const faults = (await page.evaluate(
      `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' ')))`,
    )) as string[];
    found.push(...faults.map((fault) => `${new URL(page.url()).pathname} (${value}) ${fault}`));
  }
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  return found;
}

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'attribute-boolean-style': 'off',
    'long-title': 'off',
  },
});

/** What is wrong with the page's HTML as it is served, before any script. */
async function misspelt(path: string, html: string): Promise<string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${path}:${line} ${ruleId}: ${message}`),
  );
}

/** A window of its own, with what went wrong in its console. */
async function newWindow() {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.setViewport({ width: 1280, height: 900 });
  return { page, errors };
}

const mailTo = async (email: string) =>
  (await (await fetch(`${portal.base_url}/mailbox/messages.json?to=${email}`)).json()) as Mail[];

async function signIn(page: Page, email: string) {
  await page.goto(`${portal.base_url}/sign-in`);
  const before = (await mailTo(email)).map(({ id }) => id);
  await page.type('input[name=email]', email);
  await Promise.all([page.waitForNavigation(), page.click('main .primary, .card .primary')]);
  const received = await until('the code', async () =>
    (await mailTo(email)).find(({ id, subject }) => !before.includes(id) && /\d{6}/.test(subject)),
  );
  await page.type('input[name=code]', /\d{6}/.exec(received.subject)?.[0] ?? '');
  await Promise.all([page.waitForNavigation(), page.click('.card .primary')]);
}

test('Maya opens the invoice from her email and writes; her emailed reply appears on her page and on Olivia’s, live', async () => {
  const olivia = await newWindow();
  await signIn(olivia.page, 'olivia@harbor.example');
  await olivia.page.goto(`${portal.base_url}/harbor/documents/INV-0042`);

  const maya = await newWindow();
  await maya.page.goto(`${portal.base_url}/mailbox?to=maya@maple.example`);
  const received = await until('the invoice', async () =>
    (await mailTo('maya@maple.example')).find(({ text }) => text.startsWith('Olivia Grant sent you invoice INV-0042')),
  );
  await maya.page.goto(`${portal.base_url}/mailbox/messages/${received.id}`);
  const frame = await until('the message', async () => (await maya.page.$('iframe'))?.contentFrame());
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
  const mailbox = await newWindow();
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

test('Maya pays by card, and both sides see it at once', async () => {
  const maya = await newWindow();
  await signIn(maya.page, 'maya@maple.example');
  await maya.page.goto(`${portal.base_url}/harbor/documents/INV-0042`);
  const go = (selector: string) => Promise.all([maya.page.waitForNavigation(), maya.page.click(selector)]);
  await maya.page.click('.action-bar a.primary');
  await maya.page.waitForSelector('input[name=method]');
  const faults = await faultsOf(maya.page);
  await maya.page.$eval('input[name=part][value=whole]', (choice) => (choice as unknown as { click(): void }).click());
  await maya.page.click('form .primary');
  await maya.page.waitForSelector('input[name=outcome]');
  faults.push(...(await faultsOf(maya.page)));
  await go('form .primary');
  await maya.page.waitForFunction(`document.querySelector('h1 ~ *, .head').textContent.includes('Paid')`);
  assert.deepEqual(faults, []);
  assert.deepEqual(maya.errors, []);
  await until('the receipt', async () =>
    (await mailTo('maya@maple.example')).find(({ text }) =>
      text.startsWith('Maya Chen paid $12,126.24 of invoice INV-0042'),
    ),
  );
});

test('no page has a fault that axe can see, in light or dark, on desktop or phone', async () => {
  const olivia = await newWindow();
  await signIn(olivia.page, 'olivia@harbor.example');
  const partner = await portal.knex.transaction(async (db) => {
    await db.raw(
      `select set_config('app.side', 'system', true), set_config('app.organization', (select id::text from organizations where slug = 'harbor'), true)`,
    );
    return (await db('partners').where({ name: 'Maple Street Clinic' }).first('id')).id;
  });
  const { config, secret, lookup } = portal.services;
  await checkDns({ db: portal.knex, config, secret, lookup });
  const pages = [
    '/harbor/desk',
    '/harbor/invoices',
    '/harbor/invoices?show=all',
    '/harbor/invoices/new',
    `/harbor/invoices/new?partner=${partner}`,
    '/harbor/partners',
    `/harbor/partners/${partner}`,
    `/harbor/partners/${partner}/edit`,
    '/harbor/partners/new',
    `/harbor/partners/${partner}/contacts/new`,
    '/harbor/mail-room',
    '/harbor/delivery',
    '/harbor/documents/INV-0041',
    '/mailbox',
    '/styleguide',
    '/nothing-here',
  ];
  const faults: string[] = [];
  for (const width of [1280, 375]) {
    await olivia.page.setViewport({ width, height: 900 });
    for (const path of pages) {
      const answer = await olivia.page.goto(portal.base_url + path);
      faults.push(...(await misspelt(path, (await answer?.text()) ?? '')));
      faults.push(...(await faultsOf(olivia.page)));
      const overflow = Number(await olivia.page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
      if (overflow > 0) faults.push(`${path} is ${overflow}px too wide at ${width}px`);
    }
  }
  const nobody = await newWindow();
  for (const path of ['/sign-in', '/sign-in/code', `/in/${'x'.repeat(43)}`]) {
    await nobody.page.goto(portal.base_url + path);
    faults.push(...(await faultsOf(nobody.page)));
  }
  assert.deepEqual(faults, []);
});
