import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import type { Page } from 'puppeteer';
import { linkToken } from '../../src/db/secrets.js';
import { checkDns } from '../../src/mail/deliverability/dns_check.js';
import { inScheme, loadAxe } from '../support/axe.js';
import { codeInMailbox, openDemo } from '../support/demo.js';
import type { Portal } from '../support/portal.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
before(async () => (portal = await openDemo()));
after(() => portal.close());

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

/** Where axe looks at each page: what a scheme or a width alone can break is seen in one of them. */
const PLACES = [
  { width: 1280, scheme: 'light' },
  { width: 375, scheme: 'dark' },
] as const;

async function faultsOf(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  await loadAxe(page);
  return inScheme(page, scheme);
}

/** The pages of a vendor's profile at the desk: a partner's own are the same. */
async function profilePages(organization_id: string): Promise<string[]> {
  const account = await portal.look(organization_id, (db) => db('bank_accounts').first('id', 'partner_id'));
  const url = `/harbor/partners/${account.partner_id}/profile`;
  return [url, `${url}/edit`, `${url}/banking/new`, `${url}/banking/${account.id}`, `${url}/files/new`];
}

/** The link of somebody's invitation. */
async function linkOf(email: string): Promise<string> {
  const { id: harbor } = await portal.knex('organizations').where({ slug: 'harbor' }).first('id');
  const { id } = await portal.look(harbor, (db) =>
    db('invitations as i').join('people as p', 'p.id', 'i.person_id').where({ 'p.email': email }).first('i.id'),
  );
  return `/invitation/${linkToken(portal.services.secret, id)}`;
}

test('no page has a fault that axe can see, in light on a desktop, in dark on a phone', async () => {
  const olivia = await openWindow();
  const email = 'olivia@harbor.example';
  await signInAt(olivia.page, portal.base_url, email, await codeInMailbox(portal, email));
  const { id: harbor } = await portal.knex('organizations').where({ slug: 'harbor' }).first('id');
  const { id: partner } = await portal.look(harbor, (db) =>
    db('partners').where({ name: 'Maple Street Clinic' }).first('id'),
  );
  const { id: noah } = await portal.look(harbor, (db) =>
    db('people').where({ email: 'noah@maple.example' }).first('id'),
  );
  const { series: shared } = await portal.look(harbor, (db) =>
    db('shared_files').where({ partner_id: partner, side: 'staff' }).first('series'),
  );
  const profile = await profilePages(harbor);
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
    ...profile,
    '/harbor/notifications',
    '/harbor/settings/notifications',
    `/harbor/partners/${partner}/invite`,
    '/harbor/settings/organization/portal',
    '/harbor/settings/members',
    '/harbor/desk/defaults',
    '/harbor/mail-room',
    '/harbor/delivery',
    '/harbor/security',
    '/harbor/settings/sign-in',
    '/harbor/settings/devices',
    '/harbor/settings/organization/security',
    '/harbor/settings/profile',
    '/harbor/settings/preferences',
    '/harbor/settings/menu',
    '/harbor/settings/saved-views',
    '/harbor/activity',
    '/harbor/settings/organization',
    '/harbor/settings/organization/identity',
    '/harbor/settings/organization/numbering',
    '/harbor/settings/organization/imports',
    '/harbor/settings/organization/rates',
    '/harbor/settings/organization/jobs',
    '/harbor/settings/organization/reminders',
    '/harbor/settings/organization/getting-paid',
    '/harbor/settings/organization/online-payment',
    '/harbor/bank',
    '/harbor/payments',
    `/harbor/partners/${partner}/statement`,
    `/harbor/shared-files/${partner}`,
    `/harbor/shared-files/${partner}/files/${shared}`,
    '/harbor/settings/data',
    '/harbor/settings/organization/privacy?email=noah@maple.example',
    `/harbor/people/${noah}/data`,
    `/harbor/people/${noah}/data/erase`,
    '/harbor/documents/INV-0041',
    '/mailbox',
    '/styleguide',
    '/nothing-here',
  ];
  const [noahs = '', sams = ''] = await Promise.all(
    ['noah@maple.example', 'sam@volt.example'].map((email) => linkOf(email)),
  );
  const faults: string[] = [];
  const nobody = await openWindow();
  const maya = await openWindow();
  const customer = 'maya@maple.example';
  await signInAt(maya.page, portal.base_url, customer, await codeInMailbox(portal, customer));
  for (const { width, scheme } of PLACES) {
    await olivia.page.setViewport({ width, height: 900 });
    for (const path of pages) {
      const answer = await olivia.page.goto(portal.base_url + path);
      if (width > 375) faults.push(...(await misspelt(path, (await answer?.text()) ?? '')));
      faults.push(...(await faultsOf(olivia.page, scheme)));
      const overflow = Number(await olivia.page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
      if (overflow > 0) faults.push(`${path} is ${overflow}px too wide at ${width}px`);
    }
    await maya.page.setViewport({ width, height: 900 });
    for (const path of ['/harbor', '/harbor/pay?all=1', '/harbor/payments']) {
      const answer = await maya.page.goto(portal.base_url + path);
      if (width > 375) faults.push(...(await misspelt(path, (await answer?.text()) ?? '')));
      faults.push(...(await faultsOf(maya.page, scheme)));
    }
    await nobody.page.setViewport({ width, height: 900 });
    for (const path of [
      ...['/sign-in', '/sign-in/code', '/sign-in/password', `/in/${'x'.repeat(43)}`],
      ...['/harbor/terms', noahs, sams],
    ]) {
      await nobody.page.goto(portal.base_url + path);
      faults.push(...(await faultsOf(nobody.page, scheme)));
    }
  }
  assert.deepEqual(faults, []);
});
