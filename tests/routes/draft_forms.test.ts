import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser as Chromium } from 'puppeteer';
import { act } from '../../src/act.js';
import { launchBrowser } from '../../src/pdf/browser.js';
import { day } from '../support/days.js';
import { press } from '../support/forms.js';
import { addVendor, draftInvoice, harbor, type Harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let chromium: Chromium;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  chromium = await launchBrowser();
});

after(async () => {
  await chromium.close();
  await portal.close();
});

const post = (url: string, fields: object) => olivia.post(url).type('form').send(fields);

const FORM = { title: 'Fit-out', issued_on: '2026-11-01', currency: 'USD' };

const draftOf = (location: string | undefined) => /\/documents\/([0-9a-f-]{36})/.exec(String(location))?.[1] ?? '';

const rowsOf = (id: string) =>
  portal.look(home.organization_id, (db) => db('lines').where({ document_id: id }).orderBy('position'));

test('every type’s form asks for what the type has, and begins with its defaults', async () => {
  await post(`/${home.slug}/desk/defaults/estimate`, { terms: 'Valid for two weeks.', note: 'Thank you.' }).expect(303);
  const estimate = await olivia.get(`/${home.slug}/estimates/new?partner=${home.partner_id}`).expect(200);
  for (const words of [
    'Valid until',
    'Ask for a signature',
    'Deposit',
    'Option, not ticked',
    'Prices include tax',
    'Valid for two weeks.',
    'Thank you.',
  ])
    assert.ok(estimate.text.includes(words), words);
  const order = await olivia.get(`/${home.slug}/purchase-orders`).expect(200);
  assert.match(order.text, /New purchase order/);
  const request = await olivia.get(`/${home.slug}/requests/new`).expect(200);
  assert.doesNotMatch(request.text, /Price<|line_price|Total</);
  const invoice = await olivia.get(`/${home.slug}/invoices/new?partner=${home.partner_id}`).expect(200);
  assert.doesNotMatch(invoice.text, /Ask for a signature|Alternative</);
});

test('lines have headings, choices and days; tax can be in the price; edits keep the ids of lines', async () => {
  const lines = {
    'line_group[]': ['', 'Extras', 'Extras'],
    'line_description[]': ['Desk', 'Panels', 'Lamp'],
    'line_quantity[]': ['2', '1', '1'],
    'line_unit[]': ['pc', '', ''],
    'line_price[]': ['107.00', '50', '30'],
    'line_discount[]': ['', '10', ''],
    'line_tax[]': ['7', '7', '19'],
    'line_choice[]': ['', 'optional', 'optional_off'],
  };
  const fields = { ...FORM, due_on: day(10), tax_included: 'on', 'recipient[]': [home.maya.id], ...lines, save: '1' };
  const made = await post(`/${home.slug}/estimates/new?partner=${home.partner_id}`, fields).expect(303);
  const id = draftOf(made.headers['location']);
  const rows = await rowsOf(id);
  assert.deepEqual(
    rows.map((row: { group_name: string; choice: string; picked: boolean }) => [
      row.group_name,
      row.choice,
      row.picked,
    ]),
    [
      ['', '', true],
      ['Extras', 'optional', true],
      ['Extras', 'optional', false],
    ],
  );
  const [document] = await portal.look(home.organization_id, (db) =>
    db('documents').where({ id }).select('subtotal', 'tax', 'total'),
  );
  assert.deepEqual(document, { subtotal: 24_206, tax: 1_694, total: 25_900 }); // 214 + 45, 7 % inside
  const ids = rows.map((row: { id: string }) => row.id);
  await post(`/${home.slug}/documents/${id}/edit`, {
    ...fields,
    'line_id[]': ids,
    'line_description[]': ['Desk in oak', 'Panels', 'Lamp'],
  }).expect(303);
  assert.deepEqual(
    (await rowsOf(id)).map((row: { id: string }) => row.id),
    ids,
  );
  const edits = () =>
    portal.look(home.organization_id, (db) => db('activities').where({ subject_id: id, action: 'edit' }));
  await post(`/${home.slug}/documents/${id}/edit`, { ...fields, 'line_id[]': ids }).expect(303);
  assert.equal((await edits()).length, 1, 'saved twice within the hour is one event');
});

test('an error stands at its field, and the form keeps what was typed', async () => {
  const bad = {
    ...FORM,
    'line_description[]': ['Desk', 'Lamp', '', 'Chair'],
    'line_quantity[]': ['-1', '99999999999', '1', '1'],
    'line_price[]': ['1', '1', '5', 'ten'],
    'line_tax[]': ['8', '130', '0', '0'],
    'line_discount[]': ['', '', '', ''],
    deposit_percent: '140',
  };
  const page = await post(`/${home.slug}/estimates/new?partner=${home.partner_id}`, bad).expect(422);
  for (const words of [
    'This can’t be below zero',
    'This is too large',
    'Say what it is',
    'Give a number',
    'Give a percentage',
    'value="-1"',
    'value="ten"',
  ])
    assert.ok(page.text.includes(words), words);
  await post(`/${home.slug}/estimates/new?partner=${home.partner_id}`, {
    ...FORM,
    currency: 'XXZ',
    'line_description[]': ['Desk'],
  })
    .expect(422)
    .expect(/Choose a currency/);
  const late = {
    ...FORM,
    issued_on: '2026-01-01',
    due_on: '2026-01-02',
    'recipient[]': [home.maya.id],
    'line_description[]': ['Desk'],
    save: '1',
  };
  const id = draftOf(
    (await post(`/${home.slug}/estimates/new?partner=${home.partner_id}`, late).expect(303)).headers['location'],
  );
  await press(olivia, `/${home.slug}/documents/${id}/send`)
    .expect(422)
    .expect(/Its last day has passed/);
  assert.equal((await portal.look(home.organization_id, (db) => db('documents').where({ id }).first())).number, null);
});

test('500 lines are saved; one more is an error, not cut off', async () => {
  const many = (count: number) => ({
    ...FORM,
    'recipient[]': [home.maya.id],
    save: '1',
    ...Object.fromEntries(
      ['id', 'origin', 'group', 'quantity', 'unit', 'discount', 'tax', 'choice', 'delivery'].map((name) => [
        `line_${name}[]`,
        Array.from({ length: count }, () => ''),
      ]),
    ),
    'line_description[]': Array.from({ length: count }, (_, n) => `Line ${n}`),
    'line_price[]': Array.from({ length: count }, () => '1'),
  });
  const made = await post(`/${home.slug}/estimates/new?partner=${home.partner_id}`, many(500)).expect(303);
  assert.equal((await rowsOf(draftOf(made.headers['location']))).length, 500);
  await post(`/${home.slug}/estimates/new?partner=${home.partner_id}`, many(501))
    .expect(422)
    .expect(/Use at most 500 lines/);
});

test('files on a draft: an empty one and one that is not what it claims are refused; one can be taken off again; the partner gets the rest', async () => {
  const id = await draftInvoice(portal, home);
  const url = `/${home.slug}/documents/${id}`;
  const fields = {
    ...FORM,
    due_on: '2026-12-01',
    'recipient[]': home.maya.id,
    'line_description[]': 'Desk',
    'line_price[]': '100',
    'line_quantity[]': '1',
    save: '1',
  };
  const send = (name: string, bytes: Buffer) =>
    Object.entries(fields)
      .reduce((form, [field, value]) => form.field(field, value), olivia.post(`${url}/edit`))
      .attach('files', bytes, name);
  await send('empty.pdf', Buffer.alloc(0))
    .expect(422)
    .expect(/empty\.pdf” is empty/);
  await send('invoice.pdf', Buffer.from('MZ\u0090 a program'))
    .expect(422)
    .expect(/not what its name says/);
  await send('plan.pdf', Buffer.from('%PDF-1.4\n')).expect(303);
  await send('notes.txt', Buffer.from('As discussed')).expect(303);
  const [plan] = await portal.look(home.organization_id, (db) =>
    db('files').where({ subject_id: id, name: 'plan.pdf' }),
  );
  await post(`${url}/detach`, { file: plan.id }).expect(303);
  const { number } = await act(portal.knex, home.staff, id, 'send');
  const mayas = await portal.signIn(home.maya.email);
  const page = await mayas.get(`/${home.slug}/documents/${number}`).expect(200);
  assert.match(page.text, /notes\.txt/);
  assert.doesNotMatch(page.text, /plan\.pdf/);
});

test('a purchase order is begun from a sales order, for a vendor that is chosen', async () => {
  const { vendor } = await addVendor(portal, home);
  const boards = { lines: [{ description: 'Oak boards', quantity: '30', unit_price: '12' }] };
  const { id, number } = await sentDocument(portal, home, 'sales_order', boards);
  await olivia.get(`/${home.slug}/purchase-orders/new?partner=${vendor}&from=${number}`).expect(409);
  await act(portal.knex, partnerActor(home, home.maya), id, 'accept');
  const choose = await olivia.get(`/${home.slug}/purchase-orders/new?from=${number}`).expect(200);
  assert.match(choose.text, new RegExp(`partner=${vendor}&(amp|#38);from=${number}`));
  const begun = await olivia.get(`/${home.slug}/purchase-orders/new?partner=${vendor}&from=${number}`).expect(200);
  assert.match(begun.text, /Oak boards/);
});
