import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decoded, textOf } from '../support/forms.js';
import { draftInvoice, harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('Lists: both sides, tabs, filters, search, and pages that don’t repeat or lose anything', async () => {
  const shop = await harbor(portal);
  const elsewhere = await harbor(portal);
  const [staff, maya] = [await portal.signIn(shop.olivia.email), await portal.signIn(shop.maya.email)];
  const keys: string[] = [];
  for (let n = 0; n < 49; n++)
    keys.push(await draftInvoice(portal, shop, { title: n === 7 ? 'A 100 % oak_table' : `Draft ${n}` }));
  for (let n = 0; n < 5; n++)
    keys.push((await sentInvoice(portal, shop, { due_on: n < 3 ? '2026-11-02' : '2099-01-01' })).number);
  const [sent, late] = [keys.slice(49), keys.slice(49, 52)];

  const first = await staff.get(`/${shop.slug}/invoices`).expect(200);
  const next = decoded(/<p class="next"><a[^>]*href="([^"]*)"/.exec(first.text)?.[1] ?? '');
  assert.match(next, /before=/);
  const second = await staff.get(next).expect(200);
  assert.deepEqual(
    [first, second].flatMap(({ text }) => rowsOf(text)),
    keys.toReversed(),
  );
  assert.equal(rowsOf(second.text).length, 4);
  assert.doesNotMatch(second.text, /class="next"/);

  const rows = async (browser: Browser, query: string) =>
    rowsOf((await browser.get(`/${shop.slug}/invoices?${query}`).expect(200)).text);
  assert.deepEqual(await rows(staff, `q=${encodeURIComponent('100 % oak_')}`), [keys[7]]);
  assert.deepEqual(await rows(staff, `q=${encodeURIComponent('o%k')}`), []);
  assert.deepEqual(await rows(staff, 'state=sent'), sent.toReversed());
  // What is late for longest comes first.
  assert.deepEqual(await rows(staff, 'show=outstanding'), late);
  assert.deepEqual(await rows(staff, `show=outstanding&partner=${shop.partner_id}&q=fit-out`), late);
  assert.deepEqual(await rows(maya, 'show=outstanding'), late);
  assert.deepEqual(await rows(maya, 'show=outstanding&sort=newest'), late.toReversed());
  assert.deepEqual(await rows(maya, ''), sent.toReversed());
  assert.deepEqual(await rows(maya, 'state=draft'), []);
  assert.deepEqual(await rows(maya, `partner=${elsewhere.partner_id}`), sent.toReversed());
  assert.doesNotMatch((await maya.get(`/${shop.slug}/invoices`)).text, /invoices\/new/);

  const page = textOf((await maya.get(`/${shop.slug}`).expect(200)).text);
  assert.match(page, /Maple Street Clinic.*Overdue \$324\.00.*Outstanding invoices, 5 \$540\.00/);
  assert.match(page, /Olivia Grant sent you invoice INV-0005.*Whom to ask.*Olivia Grant/);
  await staff.get(`/${shop.slug}`).expect(303).expect('Location', `/${shop.slug}/desk`);
  await staff.get('/').expect(303).expect('Location', `/${shop.slug}`);
  const today = textOf((await staff.get(`/${shop.slug}/desk`).expect(200)).text);
  assert.match(
    today,
    /Invoice INV-0001 is overdue.*Draft for Maple Street Clinic.*Waiting for others.*Invoice INV-0004.*\$540\.00 (· )?\$324\.00 overdue.*0–30 days/,
  );
});

const rowsOf = (html: string) =>
  [...html.matchAll(/class="row-link" href="[^"]*\/documents\/([\w-]+)"/g)].map(([, key]) => key);
