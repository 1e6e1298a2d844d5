import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import { act } from '../../src/act.js';
import { changeAccess } from '../../src/people/invitations/access.js';
import { setPortal } from '../../src/people/invitations/portal_modules.js';
import { removeContact } from '../../src/people/partner.js';
import { partnerActor, harbor, type Harbor, sentInvoice, type Sent } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openWindow, signInAt } from '../support/window.js';

// What an open page does when its reader may see it no more: it is gone, whatever they were doing.

let portal: Portal;
let home: Harbor;
let invoice: Sent;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  invoice = await sentInvoice(portal, home, { recipients: [home.maya.id] });
});
after(() => portal.close());

async function signedIn(email: string): Promise<Page> {
  const { page } = await openWindow();
  await signInAt(page, portal.base_url, email, portal.codeFor(email));
  return page;
}

const visit = (page: Page, path: string) => page.goto(`${portal.base_url}${path}`);
const shows = (page: Page, words: string) =>
  page.waitForFunction((words) => document.body?.textContent?.includes(words), {}, words);
const isGone = (page: Page, words: string) =>
  page.waitForFunction((words) => document.body && !document.body.textContent?.includes(words), {}, words);
const pathOf = (page: Page) => new URL(page.url()).pathname;

/** The stream of the page hears: it follows what is written. */
async function follows(page: Page, text: string) {
  await act(portal.knex, home.staff, invoice.id, 'comment', { text });
  await shows(page, text);
}

test('a document is gone from the open page of who is removed, and what somebody else may see stays', async () => {
  const noah = await signedIn(home.noah.email);
  const maya = await signedIn(home.maya.email);
  await Promise.all([visit(noah, invoice.url), visit(maya, invoice.url)]);
  await Promise.all([follows(noah, 'Three weeks'), shows(maya, 'Three weeks')]);
  await removeContact(portal.knex, home.staff, home.partner_id, home.noah.id);
  await isGone(noah, 'Three weeks');
  await shows(noah, 'Not found');
  await follows(maya, 'Until Friday');
});

test('a module taken away leads to whom to ask for it; what was sent to them stays, with what was typed', async () => {
  const maya = await signedIn(home.maya.email);
  const list = await signedIn(home.maya.email);
  await visit(list, `/${home.slug}/invoices`);
  await shows(list, invoice.number);
  await visit(maya, invoice.url);
  await maya.type('#composer-text', 'Half a thought');
  await changeAccess(portal.knex, home.staff, home.partner_id, home.maya.id, { role: 'member', modules: ['quotes'] });
  await shows(list, 'Olivia Grant of Harbor & Pine can give you access');
  await maya.waitForSelector('#notes [data-note="kept"]:not([hidden])');
  assert.equal(await maya.$eval('#composer-text', (field) => (field as HTMLTextAreaElement).value), 'Half a thought');
  await changeAccess(portal.knex, home.staff, home.partner_id, home.maya.id, { role: 'member', modules: ['invoices'] });
});

test('what the organization’s portal shows no more is gone from open pages, too', async () => {
  const maya = await signedIn(home.maya.email);
  await visit(maya, `/${home.slug}/invoices`);
  await shows(maya, invoice.number);
  const portal_without = (shown: string[]) => setPortal(portal.knex, home.staff, { shown, invitations_renew: true });
  await portal_without(['quotes']);
  await shows(maya, 'Not found');
  await portal_without(['quotes', 'orders', 'invoices', 'projects']);
});

test('signed out elsewhere, a page leads to sign-in; found out on coming back, by a link that leads on, or by Back', async () => {
  const page = await signedIn(home.maya.email);
  await visit(page, invoice.url);
  await follows(page, 'Still here');
  const other = await portal.signIn(home.maya.email);
  await other.post(`/${home.slug}/settings/devices/sign-out-others`).type('form').send({}).expect(303);
  await page.waitForFunction(() => location.pathname === '/sign-in');
  assert.equal(new URL(page.url()).searchParams.get('return_to'), invoice.url);

  // Nobody told this one: it was away.
  const list = await signedIn(home.maya.email);
  await visit(list, `/${home.slug}/documents`);
  await shows(list, invoice.number);
  const user = portal.knex('users').where({ email: home.maya.email }).select('id');
  await portal.knex('sessions').whereIn('user_id', user).delete();
  await list.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await list.waitForFunction(() => location.pathname === '/sign-in');

  const back = await signedIn(home.maya.email);
  await visit(back, invoice.url);
  await follows(back, 'Once more');
  await back.click('.who-name');
  await Promise.all([back.waitForNavigation(), back.click('form[action="/sign-out"] button')]);
  assert.equal(pathOf(back), '/sign-in');
  await back.goBack();
  await back.waitForFunction(() => location.pathname === '/sign-in');
  await isGone(back, 'Once more');
});

test('a form of a page that is not theirs any more says so, and the page goes', async () => {
  const ines = { name: 'Ines Roth', email: `ines@${home.slug}.example` };
  await act(portal.knex, partnerActor(home, home.maya), invoice.id, 'forward', ines);
  const guest = await signedIn(ines.email);
  await visit(guest, invoice.url);
  // Its stream is never heard of.
  await guest.evaluate(() => document.querySelector('[data-live-url]')?.removeAttribute('data-live-url'));
  await guest.evaluate(() => document.querySelector('[data-bell]')?.remove());
  await guest.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const person = await portal.look(home.organization_id, (db) => db('people').where({ name: ines.name }).first('id'));
  await removeContact(portal.knex, home.staff, home.partner_id, person.id);
  await guest.type('#composer-text', 'Me, too');
  await guest.click('#composer .composer-end button');
  await isGone(guest, 'Reception fit-out');
});
