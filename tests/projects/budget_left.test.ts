import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { read } from '../../src/db/scope.js';
import type { ContentFields } from '../../src/document_types/shared/inputs.js';
import { readLines } from '../../src/documents/content/content_store.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { addRates } from '../../src/people/preferences/exchange_rates.js';
import { budgetItems, type BudgetRow } from '../../src/projects/budget/budget_rows.js';
import { addProject } from '../../src/projects/project.js';
import { day } from '../support/days.js';
import { post, press, refused, textOf } from '../support/forms.js';
import { addVendor, harbor, partnerActor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** A budget of five cabinets at 541.30 and 50 %: 2,706.50 cost, 4,059.75 price; and a desk of 5,600.00 and 8,400.00. */
async function clinic() {
  const home = await harbor(portal);
  const { vendor, erik } = await addVendor(portal, home, `erik-${home.slug}@northern.example`);
  const id = await addProject(portal.knex, home.staff, { key: 'MAPLE', name: 'Reception', partner: home.partner_id });
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/projects/MAPLE`;
  const sheet = [
    'Group\tItem\tQuantity\tUnit cost\tMarkup\tVendor',
    'Joinery\tCabinets\t5\t541.30\t50\tNorthern Timber',
    '\tDesk\t1\t5600\t50\tNorthern Timber',
  ].join('\n');
  const imported = await olivia.post(`${url}/budget/import`).field({ sheet, confirm: 'on' }).expect(303);
  const undo = /undo=([0-9a-f-]{36})/.exec(String(imported.headers['location']))?.[1];
  const rows = async () =>
    (
      await read(portal.services.db.pool, home.staff, budgetItems(home.staff, 'MAPLE', { group: null, over: false }))
    )[0];
  const [cabinets = '', desk = ''] = (await rows()).map(({ id }) => id);
  const erikActor = { ...partnerActor(home, { id: erik, name: 'Erik Lund', email: '' }), partner_id: vendor };
  const place = { home, id, url, olivia, vendor, undo, cabinets, desk, rows, maya: partnerActor(home, home.maya) };
  return { ...place, erik: erikActor };
}

type Place = Awaited<ReturnType<typeof clinic>>;

/** Presses a kind of document under New. Returns the draft's id. */
async function make({ olivia, url }: Place, type: string, fields: object): Promise<string> {
  const page = await post(olivia, `${url}/budget/make`, { type, ...fields });
  return /documents\/([0-9a-f-]{36})\/edit$/.exec(page)?.[1] ?? page;
}

const linesOf = ({ home: { organization_id } }: Place, id: string) =>
  portal.look(organization_id, (db) => readLines(db, { organization_id, id }));

/** Changes lines of a draft, and sends it. */
async function send(place: Place, id: string, change: (line: object) => object = (line) => line, more: object = {}) {
  const { home, vendor } = place;
  const content = {
    ...{ title: 'Reception', issued_on: day(0), due_on: day(10), recipients: [home.maya.id], project: place.id },
    ...{ lines: (await linesOf(place, id)).map(change), ...more },
  };
  const { partner_id } = await portal.look(home.organization_id, (db) => db('documents').where({ id }).first());
  const recipients = partner_id === vendor ? { recipients: [place.erik.person_id] } : {};
  await act(portal.knex, home.staff, id, 'edit', { content: { ...content, ...recipients } });
  await act(portal.knex, home.staff, id, 'send');
  return id;
}

/** A document outside of the budget, with one line that is then placed in an item. */
async function placed(
  place: Place,
  type: string,
  item: string,
  line: object,
  more: Partial<ContentFields> = {},
  money = 'USD',
) {
  const { home, olivia, url, vendor, erik } = place;
  const ours = type === 'invoice';
  const content = {
    ...{ title: 'Extra', issued_on: day(0), due_on: day(10), project: place.id },
    ...{
      recipients: [ours ? home.maya.id : String(erik.person_id)],
      lines: [{ description: 'Extra', ...line }],
      ...more,
    },
  };
  const partner = ours ? home.partner_id : vendor;
  const id = await createDocument(portal.knex, home.staff, type, partner, { currency: money, content });
  await act(portal.knex, home.staff, id, 'send');
  const [first] = await linesOf(place, id);
  await post(olivia, `${url}/place_line`, { document: id, line: String(first?.id), to: item });
  return id;
}

const itemOf = async ({ rows }: Place, id: string): Promise<BudgetRow> => {
  const found = (await rows()).find((row) => row.id === id);
  assert.ok(found);
  return found;
};

/** What an item was agreed at, is invoiced, and has left; in dollars. */
const sold = async (place: Place, id: string) => {
  const { accepted, invoiced, to_invoice } = await itemOf(place, id);
  return [accepted / 100, invoiced / 100, to_invoice / 100];
};

test('an invoice without an agreement takes from the budget’s price, and is over only beyond it', async () => {
  const place = await clinic();
  const { cabinets } = place;
  assert.deepEqual(await sold(place, cabinets), [0, 0, 0]);
  await placed(place, 'invoice', cabinets, { unit_price: '1000' });
  assert.deepEqual(await sold(place, cabinets), [0, 1000, 3059.75]);
  const second = await placed(place, 'invoice', cabinets, { unit_price: '3100' });
  assert.deepEqual(await sold(place, cabinets), [0, 4100, -40.25]);
  const page = textOf((await place.olivia.get(`${place.url}/budget`)).text);
  assert.match(page, /40\.25 over/);
  await act(portal.knex, place.home.staff, second, 'void', { reason: 'Wrong' });
  assert.deepEqual(await sold(place, cabinets), [0, 1000, 3059.75]);
});

test('where a part was agreed, the rest may be invoiced without being over', async () => {
  const place = await clinic();
  const { cabinets, maya } = place;
  const estimate = await make(place, 'estimate', { pick: cabinets, [`part_${cabinets}`]: '2' });
  await send(place, estimate);
  await act(portal.knex, maya, estimate, 'accept');
  // 2 × 811.95
  assert.deepEqual(await sold(place, cabinets), [1623.9, 0, 1623.9]);
  // The other three can be offered, too.
  const rest = await make(place, 'estimate', { pick: cabinets });
  assert.deepEqual(
    (await linesOf(place, rest)).map(({ quantity, amount }) => [Number(quantity), amount]),
    [[3, 243_585]],
  );
  await placed(place, 'invoice', cabinets, { quantity: '3', unit_price: '811.95' });
  assert.deepEqual(await sold(place, cabinets), [1623.9, 2435.85, 0]);
  await placed(place, 'invoice', cabinets, { quantity: '2', unit_price: '811.95' });
  assert.deepEqual(await sold(place, cabinets), [1623.9, 4059.75, 0]);
});

test('a price that was changed in the estimate is what invoices go by, whole and in part', async () => {
  const place = await clinic();
  const { cabinets, maya, olivia, url } = place;
  const estimate = await make(place, 'estimate', { pick: cabinets });
  await send(place, estimate, (line) => ({ ...line, unit_price: '800' }));
  await act(portal.knex, maya, estimate, 'accept');
  assert.deepEqual(await sold(place, cabinets), [4000, 0, 4000]);
  const part = await make(place, 'invoice', { pick: cabinets, [`part_${cabinets}`]: '2' });
  await send(place, part);
  assert.deepEqual(await sold(place, cabinets), [4000, 1600, 2400]);
  assert.match(
    await refused(olivia, `${url}/budget/make`, 422, { type: 'invoice', pick: cabinets, [`part_${cabinets}`]: '3.5' }),
    /Of “Cabinets” 3 are left/,
  );
  const rest = await make(place, 'invoice', { pick: cabinets });
  assert.deepEqual(
    (await linesOf(place, rest)).map(({ quantity, unit_price, amount }) => [
      Number(quantity),
      Number(unit_price),
      amount,
    ]),
    [[3, 800, 240_000]],
  );
});

test('change orders add to a budget, and follow a budget that was changed before without moving it again', async () => {
  const place = await clinic();
  const { cabinets, desk, maya, olivia, url } = place;
  const estimate = await make(place, 'estimate', { all: 'on' });
  await send(place, estimate);
  await act(portal.knex, maya, estimate, 'accept');
  const change = async (fields: object, edit?: (line: object) => object) => {
    const id = await make(place, 'change_order', fields);
    await send(place, id, edit);
    await act(portal.knex, maya, id, 'accept');
  };
  const { group_id } = await itemOf(place, desk);
  const figures = async (id: string) => {
    const { price, cost, accepted, to_invoice, full_quantity } = await itemOf(place, id);
    return [price, cost, accepted, to_invoice].map((minor) => minor / 100).concat(Number(full_quantity));
  };
  // One cabinet more.
  await change({ pick: cabinets });
  assert.deepEqual(await figures(cabinets), [4871.7, 3247.8, 4871.7, 4871.7, 6]);
  // The desk becomes dearer in the budget first: 9,000.00 instead of 8,400.00.
  const item = { item: desk, group: group_id, name: 'Desk', quantity: '1', unit_cost: '6000', markup: '50' };
  await post(olivia, `${url}/change_item`, item);
  assert.deepEqual(await figures(desk), [9000, 6000, 8400, 8400, 1]);
  await change({ pick: desk });
  assert.deepEqual(await figures(desk), [9000, 6000, 9000, 9000, 1]);
  // An extra at another price costs what its share of the price does: two thirds.
  await change({ pick: desk }, (line) => ({ ...line, quantity: '1', unit_price: '300' }));
  assert.deepEqual(await figures(desk), [9300, 6200, 9300, 9300, 1]);
  // No change order takes something off: of a budget that went down it is said.
  await post(olivia, `${url}/change_item`, { ...item, unit_cost: '5000' });
  const panel = textOf((await olivia.get(`${url}/budget?new=1&pick=${desk}`).expect(200)).text);
  assert.match(panel, /Change order More is agreed than the budget has/);
});

test('a declined estimate can be offered again; a discount and a tax in the price count net', async () => {
  const place = await clinic();
  const { cabinets, desk, maya } = place;
  const estimate = await make(place, 'estimate', { all: 'on' });
  await send(place, estimate);
  assert.equal((await itemOf(place, cabinets)).offered, 405_975);
  await act(portal.knex, maya, estimate, 'decline', { reason: 'Too dear' });
  assert.equal((await itemOf(place, cabinets)).offered, 0);
  await placed(place, 'invoice', cabinets, { unit_price: '1000', discount_percent: '12.5' });
  assert.deepEqual(await sold(place, cabinets), [0, 875, 3184.75]);
  await placed(place, 'invoice', desk, { unit_price: '1190', tax_rate: '19' }, { tax_included: true });
  assert.deepEqual(await sold(place, desk), [0, 1000, 7400]);
});

test('an order of an accepted estimate is a part of it while its answer is awaited, too', async () => {
  const place = await clinic();
  const { desk, maya, home } = place;
  const estimate = await make(place, 'estimate', { pick: desk });
  await send(place, estimate);
  await act(portal.knex, maya, estimate, 'accept');
  const { created_id: order } = await act(portal.knex, home.staff, estimate, 'order');
  await send(place, String(order));
  const { offered, accepted } = await itemOf(place, desk);
  assert.deepEqual([offered, accepted], [0, 840_000]);
});

test('a credit note gives back what was invoiced', async () => {
  const place = await clinic();
  const { desk, home } = place;
  await send(place, await make(place, 'invoice', { pick: desk }));
  assert.deepEqual(await sold(place, desk), [0, 8400, 0]);
  const credit = await make(place, 'credit_note', { pick: desk });
  await send(place, credit, (line) => ({ ...line, unit_price: '400' }));
  assert.deepEqual(await sold(place, desk), [0, 8000, 400]);
  await act(portal.knex, home.staff, credit, 'void', { reason: 'Wrong' });
  assert.deepEqual(await sold(place, desk), [0, 8400, 0]);
});

test('what is in another currency counts by the rate of its day; without one it doesn’t, and the page says which', async () => {
  const place = await clinic();
  const { cabinets, desk, home, olivia, url } = place;
  const rate = { from_currency: 'EUR', to_currency: 'USD', day: day(-3), rate: '1.25' };
  const later = { ...rate, day: day(3), rate: '9' };
  const yen = { from_currency: 'USD', to_currency: 'JPY', day: day(-3), rate: '150' };
  await addRates(portal.knex, home.staff, [rate, later, yen]);
  await placed(place, 'invoice', cabinets, { unit_price: '100.10' }, {}, 'EUR');
  // 100.10 × 1.25 = 125.125
  assert.deepEqual(await sold(place, cabinets), [0, 125.13, 3934.62]);
  await placed(place, 'purchase_order', cabinets, { unit_price: '30001' }, {}, 'JPY');
  // 30,001 ÷ 150 = 200.0067
  assert.deepEqual((await itemOf(place, cabinets)).ordered, 20_001);
  await placed(place, 'invoice', desk, { unit_price: '10' }, {}, 'CHF');
  const { invoiced, foreign_lines, converted_lines } = await itemOf(place, desk);
  assert.deepEqual([invoiced, foreign_lines, converted_lines], [0, 1, 0]);
  const page = textOf((await olivia.get(`${url}/budget`)).text);
  assert.match(page, /Converted from another currency: 2/);
  assert.match(page, /In another currency, not counted: 1/);
  // A rate that comes later counts what waited for it.
  const francs = { from_currency: 'CHF', to_currency: 'USD', day: day(-1), rate: '1.1' };
  await press(olivia, `/${home.slug}/settings/organization/rates`, francs).expect(303);
  const counted = await itemOf(place, desk);
  assert.deepEqual([counted.invoiced, counted.foreign_lines], [1100, 0]);
});

test('a bill without an order is committed besides what is ordered; a bill of an order is not', async () => {
  const place = await clinic();
  const { cabinets, erik } = place;
  const order = await make(place, 'purchase_order', { pick: cabinets, [`part_${cabinets}`]: '3' });
  await send(place, order);
  // 3 × 541.30
  assert.equal((await itemOf(place, cabinets)).committed, 162_390);
  await act(portal.knex, erik, order, 'acknowledge');
  const bill = String((await act(portal.knex, erik, order, 'bill')).created_id);
  const lines = (await linesOf(place, bill)).map(({ id, origin_line, description, unit_price, quantity }) => ({
    ...{ id, origin_line, description, unit_price, quantity },
  }));
  const content = { issued_on: day(0), due_on: day(30), reference: 'NT-1', lines };
  await act(portal.knex, erik, bill, 'edit', { content });
  await act(portal.knex, erik, bill, 'submit');
  assert.equal((await itemOf(place, cabinets)).committed, 162_390);
  const rest = await make(place, 'purchase_order', { pick: cabinets });
  assert.deepEqual(
    (await linesOf(place, rest)).map(({ quantity, amount }) => [Number(quantity), amount]),
    [[2, 108_260]],
  );
});

test('New of the same items twice, or by two people, says that there is a draft already', async () => {
  const place = await clinic();
  const { cabinets, desk, home, olivia, url } = place;
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.tom.id }).update({ role: 'manager' }));
  const tom = await portal.signIn(home.tom.email);
  const press2 = (by: typeof tom, fields: object) => press(by, `${url}/budget/make`, { type: 'invoice', ...fields });
  const both = await Promise.all([olivia, tom].map((by) => press2(by, { pick: cabinets })));
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 422],
  );
  const refusal = both.find(({ status }) => status === 422)?.text ?? '';
  assert.match(textOf(refusal), /There is a draft with “Cabinets” already[\s\S]*Make another draft/);
  assert.equal((await press2(tom, { pick: desk })).status, 303);
  assert.equal((await press2(tom, { all: 'on' })).status, 422);
  // Of another kind it is no double.
  assert.equal((await press(tom, `${url}/budget/make`, { type: 'estimate', all: 'on' })).status, 303);
  assert.equal((await press2(olivia, { all: 'on', anyway: 'on' })).status, 303);
});

test('an award of a bid request counts as ordered in the items it was made of', async () => {
  const place = await clinic();
  const { cabinets, erik, home } = place;
  const request = await make(place, 'request_for_proposal', { pick: cabinets });
  await act(portal.knex, home.staff, request, 'send');
  const proposal = await portal.look(home.organization_id, (db) =>
    db('documents').where({ origin_id: request, type: 'proposal' }).first(),
  );
  const lines = (await linesOf(place, proposal.id)).map((line) => ({ ...line, unit_price: '500' }));
  const prices = Object.fromEntries(lines.map(({ id }) => [id, { unit_price: '500' }]));
  await act(portal.knex, erik, proposal.id, 'submit', { prices });
  await act(portal.knex, home.staff, request, 'award', { awards: { proposal: proposal.id, lines: {}, seen: {} } });
  const order = await portal.look(home.organization_id, (db) =>
    db('documents').where({ origin_id: proposal.id, type: 'purchase_order' }).first(),
  );
  await act(portal.knex, home.staff, order.id, 'send');
  const { ordered, committed, ordered_in } = await itemOf(place, cabinets);
  assert.deepEqual([ordered, committed], [250_000, 250_000]);
  assert.ok(ordered_in);
});

test('an import can’t be undone once a document is about any of its items', async () => {
  const place = await clinic();
  const { desk, olivia, url, undo } = place;
  await send(place, await make(place, 'estimate', { pick: desk }));
  await refused(olivia, `${url}/undo_budget`, 422, { activity: undo });
  assert.equal((await place.rows()).length, 2);
});

test('a large budget opens a group at a time, or all of it; its sums are always of all', async () => {
  const { olivia, url } = await clinic();
  const rows = Array.from({ length: 320 }, (_, n) => `${n % 2 ? 'Odd' : 'Even'}\tItem ${n}\t1`);
  const sheet = ['Group\tItem\tUnit cost', ...rows].join('\n');
  await olivia.post(`${url}/budget/import`).field({ sheet, confirm: 'on' }).expect(303);
  const page = await olivia.get(`${url}/budget`).expect(200);
  const items = (html: string) => html.match(/class="budget-item"/g)?.length;
  assert.equal(items(page.text), 2);
  // 2,706.50 + 5,600.00 + 320
  for (const shown of [page, await olivia.get(`${url}/budget?open=all`).expect(200)])
    assert.match(textOf(shown.text), /Total 8,626\.50/);
  assert.match(page.text, /budget\?open=all/);
  const open = await olivia.get(`${url}/budget?open=all`).expect(200);
  assert.equal(items(open.text), 322);
  assert.doesNotMatch(open.text, /budget\?open=all/);
});
