import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { account, allowDebit, card, checkOut, DECLINED } from '../support/checkout.js';
import { day } from '../support/days.js';
import { press, textOf } from '../support/forms.js';
import { harbor, type Harbor, sentDocument, sentInvoice, type Sent } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

// What a customer paid, as both sides see it: the list, and the receipt of each payment.

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const record = (home: Harbor, { id }: Sent, amount: number, paid_on: string, more: object = {}) =>
  act(portal.knex, home.staff, id, 'record_payment', { amount, paid_on, method: 'Bank transfer', ...more });

/** The amounts of a list's rows, in order. */
const amounts = (html: string) =>
  [...html.matchAll(/<tr>(?:(?!<\/tr>).)*<\/tr>/gs)].flatMap(
    ([row]) => /[$€][\d,.]+(?=\s*<\/td>\s*<\/tr>)/.exec(row) ?? [],
  );

const receiptOf = (html: string, n = 0) => [...html.matchAll(/href="(\/\w+\/payments\/[0-9a-f-]{36})"/g)][n]?.[1] ?? '';

test('payments are listed with their receipts, by date or amount, those of invoices apart from retainers', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const retainer = await sentDocument(portal, home, 'retainer_invoice');
  await record(home, invoice, 4000, day(-9), { reference: 'TRX-1' });
  await record(home, retainer, 10_000, day(-5));
  await record(home, invoice, 6900, day(-2), { reference: 'TRX-3', keep_credit: true });
  const maya = await portal.signIn(home.maya.email);
  const url = `/${home.slug}/payments`;
  const page = await maya.get(url).expect(200);
  assert.deepEqual(amounts(page.text), ['$69.00', '$100.00', '$40.00']);
  assert.match(textOf(page.text), /INV-0001.*Bank transfer TRX-3 Received \$69\.00/);
  const sorted = async (query: string) => amounts((await maya.get(`${url}?${query}`).expect(200)).text);
  assert.deepEqual(await sorted('turned=1'), ['$40.00', '$100.00', '$69.00']);
  assert.deepEqual(await sorted('sort=amount'), ['$100.00', '$69.00', '$40.00']);
  assert.deepEqual(await sorted('sort=amount&turned=1'), ['$40.00', '$69.00', '$100.00']);
  assert.deepEqual(await sorted('show=invoices'), ['$69.00', '$40.00']);
  assert.deepEqual(await sorted('show=retainer-invoices'), ['$100.00']);
  assert.deepEqual(await sorted(`sort=junk&before=junk&show=bills`), ['$69.00', '$100.00', '$40.00']);
  const receipt = textOf((await maya.get(receiptOf(page.text)).expect(200)).text);
  assert.match(receipt, /Receipt \$69\.00 Received Paid by Maple Street Clinic.*Paid to Harbor & Pine/);
  assert.match(receipt, /TRX-3.*Invoice INV-0001 Paid in full \$68\.00 Kept as credit.*\$1\.00 Total paid \$69\.00/);
  const pdf = await maya.get(`${receiptOf(page.text)}/pdf`).expect(200);
  assert.equal(pdf.headers['content-type'], 'application/pdf');
  const prepaid = textOf((await maya.get(receiptOf(page.text, 1)).expect(200)).text);
  assert.match(prepaid, /Retainer invoice RET-0001 Paid in full · Available for later invoices \$100\.00/);
});

test('a long list goes on where the page ended, in both orders, and misses nothing', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home, { lines: [{ description: 'Desk', unit_price: '9000' }] });
  for (let n = 1; n <= 53; n++) await record(home, invoice, n * 100, day(-(n % 3) - 1));
  const olivia = await portal.signIn(home.olivia.email);
  for (const order of ['sort=date', 'sort=amount', 'sort=date&turned=1', 'sort=amount&turned=1']) {
    const first = await olivia.get(`/${home.slug}/payments?${order}`).expect(200);
    const [, next = ''] = /href="([^"]*before=[^"]*)"/.exec(first.text) ?? [];
    const second = await olivia.get(next.replaceAll('&amp;', '&')).expect(200);
    const all = [...amounts(first.text), ...amounts(second.text)];
    assert.deepEqual([amounts(first.text).length, new Set(all).size], [50, 53], order);
    assert.match(textOf(second.text), /Maple Street Clinic/);
  }
});

test('a payment on its way, one that failed and one that was reversed say so; left attempts are not listed', async () => {
  const home = await harbor(portal);
  const [first, second, third] = [
    await sentInvoice(portal, home),
    await sentInvoice(portal, home),
    await sentInvoice(portal, home),
  ];
  await allowDebit(portal, home);
  const maya = await portal.signIn(home.maya.email);
  for (const [invoice, method, typed] of [
    [first, 'bank_debit', account()],
    [second, 'card', card(DECLINED)],
    [third, 'card', null],
  ] as const) {
    const { headers } = await press(maya, `${invoice.url}/pay`, { part: 'whole', method }).expect(303);
    if (typed) await checkOut(maya, String(headers['location']), typed).expect(303);
  }
  const url = `/${home.slug}/payments`;
  const list = await portal.until('both outcomes', async () => {
    const { text } = await maya.get(url).expect(200);
    return /On its way/.test(text) && /Did not go through/.test(text) && text;
  });
  assert.equal(amounts(list).length, 2);
  const pages = await Promise.all([0, 1].map(async (n) => textOf((await maya.get(receiptOf(list, n))).text)));
  assert.match(pages.join(), /Your payment is on its way.*Started on/);
  assert.match(pages.join(), /This payment did not go through/);
  for (const page of pages) assert.doesNotMatch(page, /Total paid/);
  await maya.get(`${receiptOf(list)}/pdf`).expect(404);
});

test('nobody else’s payments can be read: not another customer’s, not another organization’s', async () => {
  const [home, other] = [await harbor(portal), await harbor(portal)];
  const invoice = await sentInvoice(portal, home);
  await record(home, invoice, 10_800, day(-1));
  const maya = await portal.signIn(home.maya.email);
  const receipt = receiptOf((await maya.get(`/${home.slug}/payments`).expect(200)).text);
  const partner = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Café Aurora', email: '' });
  const lena = { name: 'Lena Vogt', email: 'lena-payments@aurora.example' };
  await newContact(portal.knex, home.staff, partner, lena);
  for (const email of [lena.email, other.maya.email, other.olivia.email]) {
    const stranger = await portal.signIn(email);
    await stranger.get(receipt).expect(404);
    await stranger.get(`${receipt}/pdf`).expect(404);
  }
  const lenas = await (await portal.signIn(lena.email)).get(`/${home.slug}/payments`).expect(200);
  assert.match(textOf(lenas.text), /No payments yet/);
});
