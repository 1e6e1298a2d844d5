import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import type { Snapshot } from '../../src/documents/content/version.js';
import { addTaxRate } from '../../src/documents/taxes/changing_rates.js';
import { taxShares } from '../../src/documents/taxes/tax_shares.js';
import { day } from '../support/days.js';
import { textOf } from '../support/forms.js';
import { harbor, type Harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => {
  portal = await openPortal();
});
after(() => portal.close());

const RATE = { category: 'S', note: '', valid_from: null, valid_until: null } as const;
const addTax = (home: Harbor, name: string, percent: string) =>
  withActor(portal.knex, home.staff, (db) => addTaxRate(db, home.staff, { ...RATE, name, percent }));

const find = (home: Harbor, fields: object) =>
  portal.look(home.organization_id, (db) => db('documents').where(fields).orderBy('id').select());

const snapshotOf = async (home: Harbor, document_id: string): Promise<Snapshot> =>
  (
    await portal.look(home.organization_id, (db) =>
      db('versions').where({ document_id }).orderBy('version', 'desc').first('snapshot'),
    )
  ).snapshot;

const pays = (home: Harbor, id: string, amount: number) =>
  act(portal.knex, home.staff, id, 'record_payment', { amount, paid_on: day(0), method: 'Cash' });

/** An estimate over 1,000.00 with VAT 20 % and 100.00 with 7 %, accepted, and its deposit of a half. */
async function accepted() {
  const home = await harbor(portal);
  const [vat, less] = [await addTax(home, 'VAT', '20.0000'), await addTax(home, 'Reduced', '7.0000')];
  const lines = [
    { description: 'Desk', unit_price: '1000', taxes: [vat] },
    { description: 'Book', unit_price: '100.01', taxes: [less] },
  ];
  const estimate = await sentDocument(portal, home, 'estimate', { lines, deposit_percent: '50' });
  await act(portal.knex, partnerActor(home, home.maya), estimate.id, 'accept', {});
  const [deposit] = await find(home, { origin_id: estimate.id });
  return { home, estimate, deposit };
}

test('a deposit has the taxes of what it is a part of, and the invoice takes it off with them', async () => {
  const { home, estimate, deposit } = await accepted();
  const olivia = await portal.signIn(home.olivia.email);
  const asked = await snapshotOf(home, deposit.id);
  assert.equal(asked.total, 65_351, 'half of 1,307.01, rounded');
  assert.deepEqual(
    asked.taxes.map(({ name, base, amount }) => [name, base, amount]),
    [
      ['Reduced', 5001, 350],
      ['VAT', 50_000, 10_000],
    ],
  );
  const onEstimate = async () => textOf((await olivia.get(estimate.url).expect(200)).text);
  assert.match(await onEstimate(), /Deposit on acceptance, 50% RET-0001 · due /);
  await pays(home, deposit.id, deposit.total);
  assert.match(await onEstimate(), /Deposit on acceptance, 50% RET-0001 · Paid/);
  const { created_id } = await act(portal.knex, home.staff, estimate.id, 'invoice');
  const { number } = await act(portal.knex, home.staff, String(created_id), 'send');
  const [invoice] = await find(home, { number });
  assert.equal(invoice.state, 'partly_paid');
  const { deductions = [], total } = await snapshotOf(home, invoice.id);
  assert.equal(total, 130_701);
  assert.deepEqual(
    deductions.map((one) => [one.number, one.amount, one.taxes.map(({ amount }) => amount)]),
    [['RET-0001', 65_351, [350, 10_000]]],
  );
  const page = textOf((await olivia.get(`/${home.slug}/documents/${number}`).expect(200)).text);
  assert.match(page, /Paid ahead: RET-0001, [^−]* including Reduced 7% 3\.50, VAT 20% 100\.00 −653\.51 Open \$653\.50/);
  assert.doesNotMatch(page, /Credit applied/);
});

test('of a deposit that several invoices take, each takes its part of the tax; unpaid, it is taken off none', async () => {
  const { home, estimate, deposit } = await accepted();
  const { created_id } = await act(portal.knex, home.staff, estimate.id, 'order');
  await act(portal.knex, home.staff, String(created_id), 'send');
  await act(portal.knex, partnerActor(home, home.maya), String(created_id), 'accept', {});
  const lines = await portal.look(home.organization_id, (db) =>
    db('lines')
      .where({ document_id: String(created_id) })
      .orderBy('position'),
  );
  const part = async (quantity: string) => {
    const made = await act(portal.knex, home.staff, String(created_id), 'invoice');
    const id = String(made.created_id);
    const [{ id: origin_line, taxes }] = lines;
    const line = { description: 'Desk', unit_price: '1000', quantity, origin_line, taxes: [taxes[0].id] };
    const content = { issued_on: day(0), due_on: day(9), recipients: [home.maya.id], lines: [line] };
    await act(portal.knex, home.staff, id, 'edit', { content });
    await act(portal.knex, home.staff, id, 'send');
    return { id, ...(await snapshotOf(home, id)) };
  };
  const unpaid = await part('0.1');
  assert.equal(unpaid.deductions, undefined);
  await pays(home, deposit.id, deposit.total);
  const [first, second] = [await part('0.5'), await part('0.4')];
  const taken = [first, second].map(({ deductions = [] }) => deductions[0]);
  assert.deepEqual(
    taken.map((one) => one?.amount),
    [60_000, 5351],
  );
  const sums = [0, 1].map((n) => taken.reduce((sum, one) => sum + (one?.taxes[n]?.amount ?? 0), 0));
  assert.deepEqual(sums, [350, 10_000], 'together the tax that the deposit had');
  const states = await find(home, { type: 'invoice' });
  assert.deepEqual(
    states.map(({ state }) => state),
    ['sent', 'paid', 'partly_paid'],
  );
});

test('shares come to the amount, whatever it is; what has no tax has its share, too', () => {
  const line = (amount: number, tax_rate: string) => ({
    ...{ id: '', position: 1, group_name: '', description: 'x', unit: '', quantity: '1', unit_price: '1' },
    ...{ discount_percent: '0', choice: '' as const, picked: true, refused: false },
    ...{ delivery_on: null, origin_line: null, amount, tax_rate },
  });
  const lines = [line(3333, '20'), line(1, '7'), line(3333, '20'), line(3334, '0')];
  for (let amount = 1; amount < 500; amount++)
    for (const included of [true, false]) {
      const shares = taxShares(lines, included, amount);
      assert.equal(
        shares.reduce((sum, share) => sum + share.amount, 0),
        amount,
      );
      assert.ok(shares.every((share) => Number.isInteger(share.amount) && share.amount > 0));
    }
  assert.deepEqual(taxShares([line(0, '20')], false, 100), []);
});
