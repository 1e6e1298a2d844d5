import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser as Chromium } from 'puppeteer';
import { act } from '../../src/act.js';
import { launchBrowser } from '../../src/pdf/browser.js';
import { draftInvoice, harbor, type Harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let _olivia: Browser;
let chromium: Chromium;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  _olivia = await portal.signIn(home.olivia.email);
  chromium = await launchBrowser();
});

after(async () => {
  await chromium.close();
  await portal.close();
});

test('numbers have no gaps, however many are sent at once and however many of them fail', async () => {
  const own = await harbor(portal);
  const ids = await Promise.all(
    Array.from({ length: 16 }, (_, n) => draftInvoice(portal, own, n % 4 === 0 ? { recipients: [] } : {})),
  );
  const sent = await Promise.allSettled(ids.map((id) => act(portal.knex, own.staff, id, 'send')));
  const numbers = sent
    .flatMap((one) => (one.status === 'fulfilled' ? [String(one.value.number)] : []))
    .toSorted((a, b) => a.localeCompare(b));
  assert.deepEqual(
    numbers,
    Array.from({ length: 12 }, (_, n) => `INV-${String(n + 1).padStart(4, '0')}`),
  );
});
