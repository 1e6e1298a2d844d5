import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { fieldsOf } from '../support/forms.js';
import { draftInvoice, harbor, type Harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { until } from '../support/until.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
});

after(() => portal.close());

const post = (url: string, fields: object) => olivia.post(url).type('form').send(fields);

const FORM = { title: 'Fit-out', issued_on: '2026-11-01', currency: 'USD' };

const rowsOf = (id: string) =>
  portal.look(home.organization_id, (db) => db('lines').where({ document_id: id }).orderBy('position'));

/** A window that is signed in as Olivia. */
async function window(): Promise<Page> {
  const { page } = await openWindow();
  await signInAt(page, portal.base_url, home.olivia.email, portal.codeFor(home.olivia.email));
  return page;
}

const values = (page: Page, name: string) =>
  page.$$eval(`[name="line_${name}[]"]`, (all) => all.map((input) => (input as HTMLInputElement).value));

test('the keyboard goes through the lines as through a spreadsheet, rows are pasted, and the totals follow', async () => {
  const page = await window();
  await page.goto(`${portal.base_url}/${home.slug}/estimates/new?partner=${home.partner_id}`);
  const [first] = await page.$$('textarea[name="line_description[]"]');
  await first?.type('Desk');
  await page.focus('[name="line_price[]"]');
  await page.keyboard.type('100');
  await page.keyboard.press('Enter');
  await page.keyboard.type('20');
  assert.equal(await page.$eval('[data-sum="total"]', (cell) => cell.textContent), '$120.00');
  await page.keyboard.down('Alt');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.up('Alt');
  assert.deepEqual((await values(page, 'price')).slice(0, 2), ['20', '100']);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData(
      'text/plain',
      'Item\tQty\tPrice\n"Oak\nboards"\t30\t$12.50\nScrews\t4\t3\nGlue\t1\t9\nNails\t2\t1\nSaw\t1\t40\n',
    );
    document
      .querySelector('textarea[name="line_description[]"]')
      ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  const described = await values(page, 'description');
  assert.deepEqual(described.slice(0, 5), ['Oak\nboards', 'Screws', 'Glue', 'Nails', 'Saw']);
  assert.deepEqual((await values(page, 'price')).slice(0, 5), ['12.50', '3', '9', '1', '40']);
  await page.close();
});

test('a draft saves itself; somebody else’s change stops that, and nothing typed is lost', async () => {
  const id = await draftInvoice(portal, home);
  const page = await window();
  await page.goto(`${portal.base_url}/${home.slug}/documents/${id}/edit`);
  await page.focus('#field-title');
  await page.keyboard.press('End');
  await page.keyboard.type(' and more');
  await page.waitForFunction(() => /^Saved /.test(document.querySelector('[data-autosaved]')?.textContent ?? ''));
  const titleOf = async () =>
    (await portal.look(home.organization_id, (db) => db('documents').where({ id }).first('title'))).title as string;
  assert.match(await titleOf(), / and more$/);
  const fields = {
    ...FORM,
    title: 'Changed by Tom',
    due_on: '2026-12-01',
    'recipient[]': [home.maya.id],
    'line_description[]': ['Desk'],
    save: '1',
  };
  await post(`/${home.slug}/documents/${id}/edit`, fields).expect(303);
  await page.focus('#field-title');
  await page.keyboard.press('End');
  await page.keyboard.type('!');
  await page.waitForFunction(() =>
    document.querySelector('[data-autosaved]')?.textContent?.startsWith('Somebody else'),
  );
  assert.equal(await titleOf(), 'Changed by Tom');
  assert.match(await page.$eval('#field-title', (input) => (input as HTMLInputElement).value), /and more!$/);
  await page.close();
});

test('a new document is saved as a draft once something is typed', async () => {
  const page = await window();
  await page.goto(`${portal.base_url}/${home.slug}/estimates/new?partner=${home.partner_id}`);
  await page.type('#field-title', 'Second floor');
  await page.waitForFunction(() => /\/documents\/[0-9a-f-]{36}\/edit$/.test(location.pathname));
  await page.type('textarea[name="line_description[]"]', 'Desk');
  await page.click('.form-end [name="save"]');
  const drafts = () => portal.look(home.organization_id, (db) => db('documents').where({ title: 'Second floor' }));
  await until('one draft with its line', async () => {
    const [draft, ...others] = await drafts();
    return others.length === 0 && (await rowsOf(draft.id)).length === 1;
  });
  await page.close();
});

test('600 pasted rows fill the 500 that a document may have, at once, and the rest is said; they can be saved again', async () => {
  const page = await window();
  const id = await draftInvoice(portal, home, { title: 'Inventory' });
  await page.goto(`${portal.base_url}/${home.slug}/documents/${id}/edit`);
  const computed = await page.evaluate(() => {
    const changes: MutationRecord[] = [];
    const total = document.querySelector('[data-sum="total"]');
    const observer = new MutationObserver((found) => changes.push(...found));
    if (total) observer.observe(total, { childList: true, characterData: true, subtree: true });
    const data = new DataTransfer();
    data.setData('text/plain', Array.from({ length: 600 }, (_, n) => `Part ${n}\t1\tpc\t2`).join('\n'));
    document
      .querySelector('textarea[name="line_description[]"]')
      ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    changes.push(...observer.takeRecords());
    return changes.length;
  });
  assert.ok(computed <= 3, `the total was written ${computed} times`);
  const described = await values(page, 'description');
  assert.deepEqual([described.length, described[0], described[499]], [500, 'Part 0', 'Part 499']);
  const words = await page.$eval('[data-pasted-words]', (place) => place.textContent);
  assert.equal(words, 'A document has at most 500 lines: the last 100 rows were left out.');
  await page.click('.form-end [name="save"]');
  // Its own saving may have stored the lines before: the answer to the button comes last.
  await page.waitForSelector('#toasts .toast');
  assert.equal((await rowsOf(id)).length, 500);
  await page.close();
  const url = `/${home.slug}/documents/${id}/edit`;
  await post(url, fieldsOf((await olivia.get(url).expect(200)).text)).expect(303);
  assert.equal((await rowsOf(id)).length, 500);
});
