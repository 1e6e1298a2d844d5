import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HTTPRequest, Page } from 'puppeteer';
import { act } from '../../src/act.js';
import { faultsOf } from '../support/axe.js';
import { draftInvoice, harbor, type Harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { signal } from '../support/signal.js';
import { openWindow, signInAt } from '../support/window.js';

// What people type, tick and draw in a browser, while others act, networks fail and sessions end.

let portal: Portal;
let home: Harbor;
let maya: Page;
let olivia: Page;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  maya = await signedIn(home.maya.email);
  olivia = await signedIn(home.olivia.email);
});
after(() => portal.close());

async function signedIn(email: string): Promise<Page> {
  const { page } = await openWindow();
  await signInAt(page, portal.base_url, email, portal.codeFor(email));
  return page;
}

const visit = (page: Page, url: string) => page.goto(`${portal.base_url}${url}`);
const textIn = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent?.trim() ?? '');
const valueOf = (page: Page, selector: string) =>
  page.$eval(selector, (field) => (field as HTMLInputElement | HTMLTextAreaElement).value);
const noted = (page: Page, name: string) => page.waitForSelector(`#notes [data-note="${name}"]:not([hidden])`);
const shows = (page: Page, words: string) =>
  page.waitForFunction((words) => document.querySelector('.talk')?.textContent?.includes(words), {}, words);

/** The other side writes, and the page shows it: it has refreshed itself. */
async function hears(page: Page, id: string, text: string) {
  await act(portal.knex, home.staff, id, 'comment', { text });
  await shows(page, text);
}

/** The other side sends another version, of which the page says so. */
async function revised(page: Page, id: string) {
  const lines = [{ description: 'Larger desk', unit_price: '900.00' }];
  const content = {
    title: 'Reception',
    issued_on: '2026-11-01',
    due_on: '2027-12-01',
    recipients: [home.maya.id],
    lines,
  };
  await act(portal.knex, home.staff, id, 'revise', { content });
  await noted(page, 'changed');
  assert.doesNotMatch(await textIn(page, '.sheet'), /Larger desk/);
}

const showsLarger = (page: Page) =>
  page.waitForFunction(() => document.querySelector('.sheet')?.textContent?.includes('Larger desk'));

/** Types these words, asks for the new version at once, and gives what is in the field in the moment it is there. */
const showsAfter = (page: Page, words: string) =>
  page.evaluate(
    (words) =>
      new Promise<string | undefined>((resolve) => {
        const field = () => document.querySelector<HTMLTextAreaElement>('#composer-text');
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve(field()?.value));
        port1.start();
        new MutationObserver(() => {
          if (document.querySelector('.sheet')?.textContent?.includes('Larger desk')) port2.postMessage(null);
        }).observe(document.body, { childList: true, subtree: true });
        field()?.focus();
        document.execCommand('insertText', false, words);
        document.querySelector<HTMLElement>('[data-show-changed]')?.click();
      }),
    words,
  );

const count = (table: string, where: object) =>
  portal.look(home.organization_id, async (db) => (await db(table).where(where).select()).length);

const OPTIONS = {
  lines: [
    { description: 'Desk', unit_price: '500.00' },
    { description: 'Night lighting', unit_price: '150.00', choice: 'optional' as const, picked: false },
  ],
};

test('an option that is ticked stays ticked, with its total, whatever comes meanwhile; and is what is accepted', async () => {
  const { id, url } = await sentDocument(portal, home, 'estimate', OPTIONS);
  await visit(maya, url);
  await maya.click('[data-pick]');
  await maya.type('#composer-text', 'Half a th');
  await hears(maya, id, 'It takes three weeks');
  assert.equal(await textIn(maya, '.action-bar [data-total]'), '$650.00');
  assert.equal(await textIn(maya, '.sheet [data-total]'), '$650.00');
  assert.equal(await valueOf(maya, '#composer-text'), 'Half a th');
  assert.deepEqual(await faultsOf(maya), []);
  await maya.click('#act-accept button');
  await maya.waitForSelector('#toasts .toast');
  const accepted = await portal.look(home.organization_id, (db) => db('documents').where({ id }).first());
  assert.deepEqual([accepted.state, accepted.total], ['accepted', 65_000]);
  // The toast outlives the refreshes that follow.
  await hears(maya, id, 'Thank you');
  assert.ok(await maya.$('#toasts .toast'));
  assert.equal(await valueOf(maya, '#composer-text'), 'Half a th');
});

test('a drawn signature and a half-typed answer outlive a comment; another version is announced, not put in their place', async () => {
  const { id, url } = await sentDocument(portal, home, 'estimate', { ...OPTIONS, signature_required: true });
  await visit(maya, `${url}?open=accept`);
  await maya.click('[data-draw]');
  const pad = await maya.waitForSelector('canvas.signature-pad:not([hidden])');
  const box = await pad?.boundingBox();
  assert.ok(box);
  await maya.mouse.move(box.x + 20, box.y + 20);
  await maya.mouse.down();
  await maya.mouse.move(box.x + 90, box.y + 40, { steps: 5 });
  await maya.mouse.up();
  const drawing = await valueOf(maya, '[name="signature_drawing"]');
  assert.match(drawing, /^data:image\/png/);
  await hears(maya, id, 'Any questions?');
  assert.equal(await valueOf(maya, '[name="signature_drawing"]'), drawing);
  assert.ok(await maya.$('canvas.signature-pad:not([hidden])'));
  await maya.type('#composer-text', 'Only one');

  await revised(maya, id);
  assert.equal(await showsAfter(maya, ', please'), 'Only one, please');
});

test('a new version comes when it is asked for, whatever refreshes are under way; who types on is left there', async () => {
  const { id, url } = await sentDocument(portal, home, 'estimate', OPTIONS);
  await visit(maya, url);
  await maya.type('#composer-text', 'Only');
  await revised(maya, id);
  const held: HTTPRequest[] = [];
  const asked = signal();
  const hold = (request: HTTPRequest) => {
    if (request.method() !== 'GET' || new URL(request.url()).pathname !== url) return void request.continue();
    held.push(request);
    asked.happened();
  };
  await maya.setRequestInterception(true);
  maya.on('request', hold);
  const refreshes = asked.next();
  await act(portal.knex, home.staff, id, 'comment', { text: 'The first word' });
  await refreshes;
  // One more waits behind that.
  await maya.evaluate(() => window.dispatchEvent(new Event('online')));
  const asksForIt = asked.next();
  await maya.click('[data-show-changed]');
  await asksForIt;
  await act(portal.knex, home.staff, id, 'comment', { text: 'The last word' });
  await maya.focus('#composer-text');
  maya.off('request', hold);
  maya.on('request', (request) => void request.continue());
  for (const request of held) await request.continue();
  await showsLarger(maya);
  await maya.keyboard.type(' one');
  assert.equal(await valueOf(maya, '#composer-text'), 'Only one');
  await shows(maya, 'The last word');
  assert.equal(await valueOf(maya, '#composer-text'), 'Only one');
  maya.removeAllListeners('request');
  await maya.setRequestInterception(false);
});

test('what is typed offline is kept, also when the page is closed; it is sent once', async () => {
  const { id, url } = await sentInvoice(portal, home);
  await visit(maya, url);
  await maya.type('#composer-text', 'A long answer');
  await maya.setOfflineMode(true);
  await maya.click('.modules a');
  await noted(maya, 'offline');
  assert.equal(new URL(maya.url()).pathname, url);
  await maya.click('#composer .composer-end button');
  await maya.waitForSelector('#composer:not([aria-busy])');
  assert.equal(await valueOf(maya, '#composer-text'), 'A long answer');
  await maya.setOfflineMode(false);
  await visit(maya, url);
  await noted(maya, 'kept');
  assert.equal(await valueOf(maya, '#composer-text'), 'A long answer');
  await maya.click('#composer .composer-end button');
  await shows(maya, 'A long answer');
  assert.equal(await valueOf(maya, '#composer-text'), '');
  await visit(maya, url);
  assert.equal(await valueOf(maya, '#composer-text'), '');
  assert.equal(await count('comments', { subject_id: id }), 1);
});

test('what is typed when the session has ended is there again after signing in', async () => {
  const { id, url } = await sentInvoice(portal, home);
  const noah = await signedIn(home.noah.email);
  await visit(noah, url);
  await noah.type('#composer-text', 'Written for half an hour');
  // That he looked at it is told his own page, too; what is open still are the streams of the page and the bell.
  await noah.waitForNetworkIdle({ concurrency: 2 });
  await portal
    .knex('sessions')
    .whereIn('user_id', portal.knex('users').where({ email: home.noah.email }).select('id'))
    .delete();
  await noah.click('#composer .composer-end button');
  await noted(noah, 'ended');
  assert.equal(await valueOf(noah, '#composer-text'), 'Written for half an hour');
  await Promise.all([noah.waitForNavigation(), noah.click('[data-note="ended"] a')]);
  const code = portal.codeFor(home.noah.email);
  await noah.type('input[name=email]', home.noah.email);
  await Promise.all([noah.waitForNavigation(), noah.keyboard.press('Enter')]);
  await noah.type('input[name=code]', await code());
  await Promise.all([noah.waitForNavigation(), noah.keyboard.press('Enter')]);
  assert.equal(new URL(noah.url()).pathname, url);
  assert.equal(await valueOf(noah, '#composer-text'), 'Written for half an hour');
  await noah.click('#composer .composer-end button');
  await shows(noah, 'Written for half an hour');
  assert.equal(await count('comments', { subject_id: id }), 1);

  await noah.type('#composer-text', 'Not for others');
  await noah.click('.who-name');
  await Promise.all([noah.waitForNavigation(), noah.click('form[action="/sign-out"] button')]);
  assert.equal(
    await noah.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('typed:')).length),
    0,
  );
});

/** Posts of a page that wait until they are let go. */
async function heldPosts(page: Page) {
  const posts: HTTPRequest[] = [];
  const sent = signal();
  const hold = (request: HTTPRequest) => {
    if (request.method() !== 'POST' || request.url().endsWith('/seen')) return void request.continue();
    posts.push(request);
    sent.happened();
  };
  await page.setRequestInterception(true);
  page.on('request', hold);
  const letGo = async () => {
    page.off('request', hold);
    page.on('request', (request) => void request.continue());
    for (const request of posts) await request.continue();
  };
  const end = async () => {
    page.removeAllListeners('request');
    await page.setRequestInterception(false);
  };
  return { posts, sent, letGo, end };
}

test('more clicks while the answer is not there do it once, and the button shows that it was pressed', async () => {
  const { id, url } = await sentInvoice(portal, home);
  await visit(olivia, url);
  await olivia.$$eval('.action-bar details', (boxes) => boxes.forEach((box) => (box.open = !box.matches('.action'))));
  await olivia.$eval('#act-record_payment', (form) => ((form.parentElement as HTMLDetailsElement).open = true));
  await olivia.type('#record_payment-method', 'Cash');
  const clicks = (selector: string) =>
    olivia.$eval(selector, (button) => {
      for (let i = 0; i < 2; i++) (button as HTMLButtonElement).click();
    });
  for (const [form, shown] of [
    ['#act-record_payment', '#toasts .toast'],
    ['#composer', '.comment'],
  ] as const) {
    if (form === '#composer') await olivia.type('#composer-text', 'Paid, thank you');
    const { posts, sent, letGo, end } = await heldPosts(olivia);
    const leaves = sent.next();
    await clicks(`${form} button:not([type=button])`);
    await leaves;
    await olivia.waitForSelector(`${form} button[aria-disabled=true]`);
    await clicks(`${form} button[aria-disabled=true]`);
    assert.equal(posts.length, 1);
    await letGo();
    await olivia.waitForSelector(shown);
    await end();
  }
  await shows(olivia, 'Paid, thank you');
  assert.equal(await count('payment_parts', { document_id: id }), 1);
  assert.equal(await count('comments', { subject_id: id }), 1);
});

test('a new draft is one draft, also when the network fails while it saves itself', async () => {
  await visit(olivia, `/${home.slug}/estimates/new?partner=${home.partner_id}`);
  await olivia.setRequestInterception(true);
  let lost = 0;
  // The server does it, and its first answer is lost.
  const lose = (asked: HTTPRequest) => {
    if (asked.method() !== 'POST' || lost++) return void asked.continue();
    const [headers, body] = [asked.headers(), asked.postData() ?? ''];
    return void olivia
      .cookies()
      .then((cookies) =>
        fetch(asked.url(), {
          method: 'POST',
          body,
          headers: { ...headers, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
        }),
      )
      .then((answer) => {
        assert.equal(answer.status, 200);
        return asked.abort('connectionreset');
      });
  };
  olivia.on('request', lose);
  await olivia.type('#field-title', 'Lost on the way');
  await olivia.waitForFunction(() =>
    document.querySelector('[data-autosaved]')?.textContent?.startsWith('Not saved: no connection'),
  );
  await olivia.evaluate(() => window.dispatchEvent(new Event('online')));
  await olivia.waitForFunction(() => /\/documents\/[0-9a-f-]{36}\/edit$/.test(location.pathname));
  await olivia.type('#field-title', ', and found');
  await olivia.click('.form-end [name="save"]');
  await olivia.waitForSelector('#toasts .toast');
  olivia.off('request', lose);
  await olivia.setRequestInterception(false);
  const titles = await portal.look(home.organization_id, (db) =>
    db('documents').where({ type: 'estimate' }).pluck('title'),
  );
  assert.deepEqual(
    titles.filter((title) => title.startsWith('Lost')),
    ['Lost on the way, and found'],
  );
});

test('what is typed while a comment is on its way stays, and is the next comment', async () => {
  const { id, number } = await sentInvoice(portal, home);
  await visit(maya, `/${home.slug}/documents/${number}`);
  const sent = signal();
  let post: HTTPRequest | undefined;
  const hold = (request: HTTPRequest) => {
    if (request.method() !== 'POST' || !request.url().endsWith('/comment') || post) return void request.continue();
    post = request;
    sent.happened();
  };
  await maya.setRequestInterception(true);
  maya.on('request', hold);
  await maya.type('#composer-text', 'First');
  const leaves = sent.next();
  await maya.click('.composer [type="submit"]');
  await leaves;
  await maya.type('#composer-text', ' and more');
  await post?.continue();
  await shows(maya, 'First');
  assert.equal(await valueOf(maya, '#composer-text'), 'and more');
  await maya.click('.composer [type="submit"]');
  await shows(maya, 'and more');
  await maya.waitForFunction(() => !(document.querySelector('#composer-text') as HTMLTextAreaElement).value);
  maya.off('request', hold);
  await maya.setRequestInterception(false);
  const said = await portal.look(home.organization_id, (db) => db('comments').where({ subject_id: id }).pluck('body'));
  assert.deepEqual(new Set(said), new Set(['First', 'and more']));
});

test('lines of a draft that could not be saved come back, rows and all', async () => {
  const id = await draftInvoice(portal, home);
  await visit(olivia, `/${home.slug}/documents/${id}/edit`);
  await olivia.setOfflineMode(true);
  await olivia.click('[name="add_line"]');
  await olivia.keyboard.type('Second desk');
  await olivia.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await olivia.setOfflineMode(false);
  await visit(olivia, `/${home.slug}/documents/${id}/edit`);
  await noted(olivia, 'kept');
  const described = await olivia.$$eval('[name="line_description[]"]', (all) =>
    all.map((field) => (field as HTMLTextAreaElement).value),
  );
  assert.deepEqual(described.filter(Boolean), ['Reception desk', 'Second desk']);
  await olivia.click('[data-discard]');
  assert.equal(
    await olivia.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('typed:')).length),
    0,
  );
});
