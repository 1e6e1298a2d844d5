import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { wrongSums } from '../../src/jobs/check_sums.js';
import { addDays, today } from '../../src/pages/days.js';
import { day } from '../support/days.js';
import { fieldsOf, press, refused, shownTo, textOf } from '../support/forms.js';
import { addVendor, DESK, harbor, type Harbor, type Sent, sentDocument, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

async function opened() {
  const home = await harbor(portal);
  return { home, invoice: await sentInvoice(portal, home), olivia: await portal.signIn(home.olivia.email) };
}

/** The document's state, what is open of it, and the partner's credit, in minor units. */
const state = ({ organization_id }: Harbor, id: string) =>
  portal.look(organization_id, async (db) => {
    const document = await db('documents').where({ id }).first('state', 'partner_id');
    const open = await db('ledger_entries').where({ document_id: id }).sum('amount as sum').first();
    const credit = await db('credits').where({ partner_id: document.partner_id }).sum('amount as sum').first();
    return [document.state, Number(open?.['sum'] ?? 0), 0 - Number(credit?.['sum'] ?? 0)];
  });

const TRANSFER = { paid_on: day(-2), method: 'Bank transfer', reference: 'TRX-77' };

/** Where the organization's receipts are. */
const receipts = ({ url }: Sent) => url.replace(/documents\/.*$/, 'payments');

/** The ids of the payments that the page offers to reverse, the newest first. */
async function reversible(olivia: Browser, url: string): Promise<string[]> {
  const { text } = await olivia.get(url).expect(200);
  const [, options = ''] = /<select[^>]*name="payment"[^>]*>(.*?)<\/select>/s.exec(text) ?? [];
  return [...options.matchAll(/value="([^"]+)"/g)].map(([, id = '']) => id);
}

const record = (home: Harbor, { id }: Sent, amount: number, more: object = {}) =>
  act(portal.knex, home.staff, id, 'record_payment', { amount, ...TRANSFER, ...more });

test('who records more than is open says that the rest is kept as credit; the receipt says how it was paid', async () => {
  const { home, invoice, olivia } = await opened();
  const url = `${invoice.url}/record_payment`;
  assert.doesNotMatch((await olivia.get(invoice.url)).text, /keep_credit/);
  for (const amount of ['0', '-5', '', 'abc', '€ 5', '10.500', '0,500'])
    await press(olivia, url, { ...TRANSFER, amount }).expect(422);
  const json = { ...(await shownTo(olivia, url)), ...TRANSFER, amount: 10_800, currency: 'EUR' };
  const problem = await olivia.post(url).set('Accept', 'application/json').send(json).expect(422);
  assert.match(problem.text, /The amount must be in USD\./);
  const back = await refused(olivia, url, 422, { ...TRANSFER, amount: '120.00' });
  assert.match(textOf(back), /This is more than is open\. Correct it, or keep the rest as credit\./);
  assert.match(back, /name="keep_credit"/);
  assert.match(back, /value="TRX-77"/);
  assert.deepEqual(await state(home, invoice.id), ['sent', 10_800, 0]);
  await press(olivia, url, { ...TRANSFER, amount: '120.00', keep_credit: 'on' }).expect(303);
  assert.deepEqual(await state(home, invoice.id), ['paid', 0, 1200]);
  const receipt = await portal.post.to(home.maya.email, 'recorded a payment of $120.00');
  const paid_on = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(TRANSFER.paid_on),
  );
  for (const fact of [`Paid on: ${paid_on}`, 'Payment method: Bank transfer', 'Reference: TRX-77', 'credit: $12.00'])
    assert.ok(receipt.text?.includes(fact), `${fact} in ${receipt.text}`);
  const mayas = await portal.open(receipt);
  assert.match(
    textOf((await mayas.get(invoice.url).expect(200)).text),
    /Paid −108\.00 Open \$0\.00.*Bank transfer TRX-77 Received.*TRX-77 · \$12\.00 kept as credit/,
  );
  const [payment = ''] = await reversible(olivia, invoice.url);
  const printed = await mayas.get(`${receipts(invoice)}/${payment}`).expect(200);
  assert.match(textOf(printed.text), /\$120\.00 Received Paid by.*Paid in full \$108\.00 Kept as credit .*\$12\.00/);
});

test('a day on which nothing can have been paid yet, or absurdly long ago, is refused with what was typed', async () => {
  const { home, invoice, olivia } = await opened();
  const here = today({ ...home.staff, time_zone: 'UTC' });
  for (const paid_on of [addDays(here, 2), '1926-11-20', '2006-11-20']) {
    const back = await refused(olivia, `${invoice.url}/record_payment`, 422, { ...TRANSFER, amount: '40', paid_on });
    assert.match(textOf(back), /This day is still to come\.|This day lies too far back\./);
    assert.match(back, new RegExp(`value="${paid_on}"`));
  }
  const note = await sentDocument(portal, home, 'credit_note');
  const refund = { ...TRANSFER, amount: 100, paid_on: addDays(here, 2) };
  await assert.rejects(act(portal.knex, home.staff, note.id, 'refund', refund), /./);
  assert.deepEqual(await state(home, invoice.id), ['sent', 10_800, 10_000]);
});

test('what comes to nothing is settled when it is sent, and can still be voided', async () => {
  const home = await harbor(portal);
  const lines = [{ ...DESK, discount_percent: '100' }];
  const invoice = await sentInvoice(portal, home, { lines });
  assert.deepEqual(await state(home, invoice.id), ['paid', 0, 0]);
  const olivia = await portal.signIn(home.olivia.email);
  await press(olivia, `${invoice.url}/void`, { reason: 'Never mind' }).expect(303);
  assert.deepEqual(await state(home, invoice.id), ['void', 0, 0]);
  const paid = await sentInvoice(portal, home);
  await record(home, paid, 10_800);
  await press(olivia, `${paid.url}/void`, { reason: 'Never mind' }).expect(409);
  const note = await sentDocument(portal, home, 'credit_note', { lines });
  assert.deepEqual((await state(home, note.id))[0], 'applied');
});

test('a payment recorded by mistake is reversed once: its amount is open again, and both sides are told', async () => {
  const { home, invoice, olivia } = await opened();
  await press(olivia, `${invoice.url}/record_payment`, { ...TRANSFER, amount: '40' }).expect(303);
  await press(olivia, `${invoice.url}/record_payment`, { ...TRANSFER, amount: '68', reference: 'TRX-78' }).expect(303);
  assert.deepEqual(await state(home, invoice.id), ['paid', 0, 0]);
  const [second = '', first = ''] = await reversible(olivia, invoice.url);
  const url = `${invoice.url}/reverse_payment`;
  await refused(olivia, url, 422, { payment: first });
  await refused(olivia, url, 422, { payment: 'x', reason: 'Another customer’s' });
  const fields = { payment: first, reason: 'Another customer’s' };
  const twice = await Promise.all([1, 2].map(() => press(olivia, url, fields)));
  assert.deepEqual(
    twice.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 409],
  );
  assert.deepEqual(await state(home, invoice.id), ['partly_paid', 4000, 0]);
  await press(olivia, url, { ...fields, payment: second }).expect(303);
  assert.deepEqual(await state(home, invoice.id), ['sent', 10_800, 0]);
  await press(olivia, url, fields).expect(409);
  const told = await portal.post.to(home.maya.email, 'reversed a payment of $40.00');
  assert.match(told.text ?? '', /Reference: TRX-77[\s\S]*Another customer’s/);
  assert.match(told.text ?? '', /\$40\.00 still open/);
  const page = await (await portal.open(told)).get(invoice.url).expect(200);
  assert.match(textOf(page.text), /Bank transfer TRX-77 · Another customer’s Reversed/);
  const mayas = await portal.open(told);
  const receipt = await mayas.get(`${receipts(invoice)}/${first}`).expect(200);
  assert.match(textOf(receipt.text), /This payment was reversed.*\$40\.00.*Paid by.*Maple Street.*TRX-77/);
  await mayas.get(`${receipts(invoice)}/${invoice.id}`).expect(404);
  await record(home, invoice, 10_800);
  assert.deepEqual(await state(home, invoice.id), ['paid', 0, 0]);
  assert.deepEqual(await wrongSums(portal.knex, home.organization_id), []);
});

test('with a payment its credit is taken back, as long as nothing was paid from it', async () => {
  const { home, invoice, olivia } = await opened();
  const retainer = await sentDocument(portal, home, 'retainer_invoice');
  await record(home, retainer, 15_000, { keep_credit: true });
  assert.deepEqual(await state(home, retainer.id), ['paid', 0, 15_000]);
  const [payment = ''] = await reversible(olivia, retainer.url);
  await act(portal.knex, home.staff, invoice.id, 'apply_credit', { amount: 10_800 });
  const back = await refused(olivia, `${retainer.url}/reverse_payment`, 409, { payment, reason: 'It bounced' });
  assert.match(textOf(back), /The credit from this payment has been used/);
  const other = await harbor(portal);
  const unused = await sentDocument(portal, other, 'retainer_invoice');
  await record(other, unused, 15_000, { keep_credit: true });
  const theirs = await portal.signIn(other.olivia.email);
  const [unused_payment = ''] = await reversible(theirs, unused.url);
  await press(theirs, `${unused.url}/reverse_payment`, { payment: unused_payment, reason: 'It bounced' }).expect(303);
  assert.deepEqual(await state(other, unused.id), ['sent', 10_000, 0]);
  // Not even staff reverse what isn't the document's.
  await press(theirs, `${unused.url}/reverse_payment`, { payment, reason: 'It bounced' }).expect(409);
});

test('a vendor’s remittance names the payment and their own number; reversed, the bill is to be paid again', async () => {
  const { home, olivia } = await opened();
  const { vendor, erik } = await addVendor(portal, home);
  const at = { ...home, partner_id: vendor };
  const lines = [{ description: 'Oak', unit_price: '50' }];
  const order = await sentDocument(portal, at, 'purchase_order', { recipients: [erik], lines });
  const created = await olivia
    .post(`/${home.slug}/bills/new?partner=${vendor}&from=${order.number}`)
    .type('form')
    .send({
      ...{ issued_on: day(0), currency: 'USD', reference: 'NT-2041', save: '1' },
      ...{ 'line_description[]': ['Oak'], 'line_price[]': ['50'] },
    })
    .expect(303);
  const [, draft = ''] = /documents\/([0-9a-f-]{36})/.exec(String(created.headers['location'])) ?? [];
  const { number } = await act(portal.knex, home.staff, draft, 'submit');
  const url = `/${home.slug}/documents/${number}`;
  await act(portal.knex, home.staff, draft, 'approve');
  await refused(olivia, `${url}/record_payment`, 422, { ...TRANSFER, amount: '50.01' });
  await press(olivia, `${url}/record_payment`, { ...TRANSFER, amount: '50' }).expect(303);
  const remittance = await portal.post.to('erik@northern.example', 'paid $50.00');
  assert.match(remittance.text ?? '', /Your invoice number: NT-2041[\s\S]*Bank transfer[\s\S]*TRX-77/);
  const [payment = ''] = await reversible(olivia, url);
  await press(olivia, `${url}/reverse_payment`, { payment, reason: 'Wrong account' }).expect(303);
  assert.deepEqual((await state(home, draft)).slice(0, 2), ['approved', -5000]);
  await portal.post.to('erik@northern.example', 'reversed a payment of $50.00');
});

test('a prefilled amount is written as its reader writes numbers', async () => {
  const home = await harbor(portal);
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.olivia.id }).update({ locale: 'de-DE' }),
  );
  await portal.look(home.organization_id, (db) =>
    db('partners').where({ id: home.partner_id }).update({ currency: 'KWD' }),
  );
  const olivia = await portal.signIn(home.olivia.email);
  const form = { issued_on: day(0), currency: 'KWD', 'recipient[]': [home.maya.id], save: '1' };
  const lines = { 'line_description[]': ['Desk'], 'line_price[]': ['108'] };
  const { headers } = await olivia
    .post(`/${home.slug}/invoices/new?partner=${home.partner_id}`)
    .type('form')
    .send({ ...form, ...lines })
    .expect(303);
  const [, id = ''] = /documents\/([0-9a-f-]{36})/.exec(String(headers['location'])) ?? [];
  const { number } = await act(portal.knex, home.staff, id, 'send');
  const url = `/${home.slug}/documents/${number}`;
  const page = await olivia.get(url).expect(200);
  const [, panel = ''] = /action="[^"]*record_payment"([\s\S]*?)<\/form>/.exec(page.text) ?? [];
  const amount = fieldsOf(panel)['amount']?.[0];
  assert.equal(amount, '108,000');
  await press(olivia, `${url}/record_payment`, { ...TRANSFER, amount }).expect(303);
  assert.deepEqual(await state(home, id), ['paid', 0, 0]);
});
