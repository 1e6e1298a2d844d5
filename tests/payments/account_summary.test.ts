import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { wrongSums } from '../../src/jobs/check_sums.js';
import { day } from '../support/days.js';
import { textOf } from '../support/forms.js';
import {
  addVendor,
  draftDocument,
  harbor,
  type Harbor,
  sendDraft,
  type Sent,
  sentDocument,
} from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

// A customer's home: each part of the balance is said by itself, in each currency.

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const costing = (unit_price: string, more: object = {}) => ({ lines: [{ description: 'Desk', unit_price }], ...more });

const record = (home: Harbor, { id }: Sent, amount: number, more: object = {}) =>
  act(portal.knex, home.staff, id, 'record_payment', { amount, paid_on: day(-1), method: 'Bank transfer', ...more });

test('retainers, invoices and credits are told apart, nothing is netted silently, and the last payment is named', async () => {
  const home = await harbor(portal);
  const maya = await portal.signIn(home.maya.email);
  const url = `/${home.slug}`;
  const see = async () => textOf((await maya.get(url).expect(200)).text);
  assert.match(await see(), /Nothing outstanding.*Outstanding invoices \$0\.00.*Balance payable \$0\.00.*Statement/);
  const details =
    /People at Maple Street Clinic View all MC Maya Chen You · Member NW Noah Weiss Member .*12 Maple Street/;
  assert.match(await see(), details);
  assert.match(await see(), /Payment terms Due within 14 days Currency US Dollar/);
  await record(home, await sentDocument(portal, home, 'retainer_invoice', costing('600')), 60_000, {
    reference: 'RT-1',
  });
  assert.match(await see(), /Available retainer payments −\$600\.00.*Credit balance \$600\.00/);
  await sentDocument(portal, home, 'retainer_invoice', costing('50'));
  const first = await sentDocument(portal, home, 'invoice', costing('700'));
  await sentDocument(portal, home, 'invoice', costing('300'));
  await sentDocument(portal, home, 'credit_note', costing('120'));
  const page = await see();
  const said = [
    'Outstanding invoices, 2 $1,000.00',
    'Outstanding retainer invoices, 1 $50.00',
    'Available retainer payments −$600.00',
    'Available credits −$120.00',
    'Balance payable $330.00',
  ];
  for (const words of said) assert.ok(page.includes(words), `${words} in ${page}`);
  assert.match(page, /Last payment.*\$600\.00.*Bank transfer.*Applied to RET-0001.*Reference RT-1 See receipt/);
  await act(portal.knex, home.staff, first.id, 'apply_credit', { amount: 65_000 });
  await record(home, first, 6000, { keep_credit: true });
  assert.match(
    await see(),
    /invoices, 1 \$300\.00.*invoices, 1 \$50\.00.*retainer payments \$0\.00.*credits −\$80\.00/,
  );
  assert.deepEqual(await wrongSums(portal.knex, home.organization_id), []);
});

test('currencies are never mixed, and what is owed to a vendor stays apart from what they owe', async () => {
  const home = await harbor(portal);
  await portal.look(home.organization_id, (db) =>
    db('partners').where({ id: home.partner_id }).update({ is_vendor: true }),
  );
  await sentDocument(portal, home, 'invoice', costing('100'));
  const euros = await draftDocument(portal, home, 'invoice', {
    ...costing('20'),
    ...{ issued_on: day(0), due_on: day(9), recipients: [home.maya.id] },
  });
  await portal.look(home.organization_id, (db) => db('documents').where({ id: euros }).update({ currency: 'EUR' }));
  await sendDraft(portal, home, euros);
  const maya = await portal.signIn(home.maya.email);
  const page = textOf((await maya.get(`/${home.slug}`).expect(200)).text);
  assert.match(page, /EUR Outstanding invoices, 1 €20\.00.*Balance payable €20\.00 USD .*Balance payable \$100\.00/);
  assert.deepEqual(await wrongSums(portal.knex, home.organization_id), []);
});

test('each invoice can be paid by itself from the home, where it is paid online, by who may pay', async () => {
  const home = await harbor(portal);
  const online = await sentDocument(portal, home, 'invoice', costing('700'));
  const by_bank = await sentDocument(portal, home, 'invoice', costing('300', { card_allowed: false }));
  const maya = await portal.signIn(home.maya.email);
  const page = (await maya.get(`/${home.slug}`).expect(200)).text;
  assert.ok(page.includes(`href="${online.url}/pay"`));
  assert.ok(!page.includes(`href="${by_bank.url}/pay"`));
  await maya.get(`${online.url}/pay`).expect(/Pay \$700\.00/);
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.noah.id }).update({ role: 'viewer' }));
  const noah = await portal.signIn(home.noah.email);
  assert.doesNotMatch((await noah.get(`/${home.slug}`).expect(200)).text, /\/pay"/);
});

test('what is late leads to paying it; of several, to paying them together; a vendor sees no such account', async () => {
  const home = await harbor(portal);
  const maya = await portal.signIn(home.maya.email);
  const url = `/${home.slug}`;
  const late = await sentDocument(portal, home, 'invoice', costing('100', { issued_on: day(-20), due_on: day(-4) }));
  await sentDocument(portal, home, 'invoice', costing('40', { title: 'Panels' }));
  const one = await maya.get(url).expect(200);
  assert.match(
    textOf(one.text),
    /Overdue \$100\.00 Reception INV-0001 Was due .* Pay \$100\.00 Next due: Panels · \$40\.00/,
  );
  assert.ok(one.text.includes(`href="${late.url}/pay"`));
  await sentDocument(portal, home, 'invoice', costing('60', { issued_on: day(-20), due_on: day(-2) }));
  const two = await maya.get(url).expect(200);
  assert.match(textOf(two.text), /Overdue \$160\.00 Several invoices.* Pay what is overdue/);
  await portal.look(home.organization_id, (db) =>
    db('organizations').where({ id: home.organization_id }).update({ gateway: null }),
  );
  await record(home, late, 10_000);
  assert.match(textOf((await maya.get(url)).text), /Overdue \$60\.00 .* Open invoice Next due/);
  const { erik } = await addVendor(portal, home, `erik@${home.slug}.example`);
  assert.ok(erik);
  const eriks = await (await portal.signIn(`erik@${home.slug}.example`)).get(url).expect(200);
  assert.doesNotMatch(textOf(eriks.text), /Balance payable|Outstanding invoices/);
});
