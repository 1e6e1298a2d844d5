import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { read } from '../../src/db/scope.js';
import { budgetItems } from '../../src/projects/budget/budget_rows.js';
import { addProject } from '../../src/projects/project.js';
import { fieldsOf, post, press, refused, textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const ALL = { group: null, over: false };

/** A project of Maple Street Clinic with a vendor, and a budget of three items in two groups. */
async function clinic() {
  const home = await harbor(portal);
  const { vendor, erik } = await addVendor(portal, home, `erik-${home.slug}@northern.example`);
  const id = await addProject(portal.knex, home.staff, { key: 'MAPLE', name: 'Reception', partner: home.partner_id });
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/projects/MAPLE`;
  await post(olivia, `${url}/add_budget_group`, { name: 'Joinery' });
  await post(olivia, `${url}/add_budget_group`, { name: 'Electrical' });
  const groups = await portal.look(home.organization_id, (db) =>
    db('budget_groups').where({ project_id: id }).orderBy('position').pluck('id'),
  );
  const add = (group: number, fields: object) => post(olivia, `${url}/add_item`, { group: groups[group], ...fields });
  await add(0, { name: 'Reception desk', quantity: '1', unit_cost: '5,600', markup: '50', vendor });
  await add(0, { name: 'Wall cabinets', quantity: '5', unit: 'pc', unit_cost: '541.30', markup: '50', vendor });
  await add(1, { name: 'Wall lights', quantity: '3', unit_price: '345.4166' });
  return { home, olivia, url, id, vendor, erik, groups };
}

const rowsOf = async ({ staff }: Harbor, key = 'MAPLE') =>
  (await read(portal.services.db.pool, staff, budgetItems(staff, key, ALL)))[0];

const itemsOf = async (home: Harbor) => (await rowsOf(home)).map(({ id }) => id);

/** Presses a kind of document under New, and sends what it made. Returns the draft's id. */
async function make(place: Awaited<ReturnType<typeof clinic>>, type: string, fields: object): Promise<string> {
  const page = await post(place.olivia, `${place.url}/budget/make`, { type, ...fields });
  const id = /documents\/([0-9a-f-]{36})\/edit$/.exec(page)?.[1];
  assert.ok(id, page);
  return id;
}

test('an item costs and is sold for quantity × cost, with its markup or a fixed price; sums are sums of rows', async () => {
  const { home, olivia, url } = await clinic();
  const rows = await rowsOf(home);
  assert.deepEqual(
    rows.map(({ name, cost, price, markup }) => [name, cost, price, markup]),
    [
      ['Reception desk', 560_000, 840_000, '50.0000'],
      ['Wall cabinets', 270_650, 405_975, '50.0000'],
      // 3 × 345.4166
      ['Wall lights', 0, 103_625, null],
    ],
  );
  const page = textOf((await olivia.get(`${url}/budget`).expect(200)).text);
  for (const words of ['Wall cabinets, 5 pc', '4,059.75', '8,306.50', '13,496.00', 'Northern Timber'])
    assert.ok(page.includes(words), words);
});

test('a change can be undone until another follows; an item moves, and a group that has items stays', async () => {
  const { home, olivia, url, id, groups } = await clinic();
  const [desk, cabinets] = await itemsOf(home);
  const changed = await press(olivia, `${url}/change_item`, {
    ...{ item: desk, group: groups[0], name: 'Desk', quantity: '2', unit_cost: '100', markup: '10' },
  });
  assert.equal(changed.status, 303);
  const undo = /undo=([0-9a-f-]{36})/.exec(String(changed.headers['location']))?.[1];
  assert.equal((await rowsOf(home))[0]?.price, 22_000);
  await olivia
    .get(String(changed.headers['location']))
    .expect(200)
    .expect(/The budget was changed[\s\S]*Undo/);
  await post(olivia, `${url}/undo_budget`, { activity: undo });
  assert.deepEqual(
    (await rowsOf(home)).slice(0, 1).map(({ name, price }) => [name, price]),
    [['Reception desk', 840_000]],
  );
  await refused(olivia, `${url}/undo_budget`, 409, { activity: undo });
  await post(olivia, `${url}/move_item`, { item: cabinets, direction: 'up' });
  assert.deepEqual((await itemsOf(home)).slice(0, 2), [cabinets, desk]);
  assert.match(await refused(olivia, `${url}/remove_budget_group`, 422, { group: groups[0] }), /Move or remove/);
  const removed = await press(olivia, `${url}/remove_item`, { item: desk });
  assert.equal((await itemsOf(home)).length, 2);
  const [, again = ''] = /undo=([0-9a-f-]{36})/.exec(String(removed.headers['location'])) ?? [];
  await post(olivia, `${url}/undo_budget`, { activity: again });
  assert.equal((await itemsOf(home)).length, 3);
  const page = await olivia.get(`${url}/budget?edit=${desk}`).expect(200);
  assert.deepEqual(fieldsOf(page.text)['markup'], ['50']);
  const seen = await portal.look(home.organization_id, (db) =>
    db('activities').where({ subject_id: id }).whereNot({ visible_to: 'staff' }).pluck('action'),
  );
  assert.deepEqual(seen, []);
});

test('what can’t be read is said by its field, with what was typed', async () => {
  const { olivia, url, groups } = await clinic();
  const page = await refused(olivia, `${url}/add_item`, 422, {
    ...{ group: groups[0], name: '', quantity: 'five', unit_cost: '-1', markup: '-200' },
  });
  assert.match(page, /value="five"/);
  assert.match(textOf(page), /Fill this in[\s\S]*Give a number[\s\S]*below zero[\s\S]*too small/);
  await refused(olivia, `${url}/add_item`, 422, { group: home_group(), name: 'Desk' });
  await refused(olivia, `${url}/add_budget_group`, 422, { name: '' });
});

const home_group = () => '019a0000-0000-7000-8000-000000000000';

test('an estimate of all, accepted, then invoices of a part and of the rest: what is left on each side', async () => {
  const place = await clinic();
  const { home, olivia, url } = place;
  const items = await itemsOf(home);
  const [desk, cabinets] = items;
  const estimate = await make(place, 'estimate', { all: 'on' });
  await act(portal.knex, home.staff, estimate, 'send');
  assert.deepEqual(
    (await rowsOf(home)).map(({ offered, accepted }) => [offered, accepted]),
    [
      [840_000, 0],
      [405_975, 0],
      [103_625, 0],
    ],
  );
  assert.match(textOf((await olivia.get(`${url}/budget`)).text), /EST-0001 waits for an answer/);
  await refused(olivia, `${url}/budget/make`, 422, { type: 'invoice', pick: cabinets });
  await act(
    portal.knex,
    { ...home.staff, side: 'partner', role: 'member', partner_id: home.partner_id, person_id: home.maya.id },
    estimate,
    'accept',
  );
  const panel = textOf((await olivia.get(`${url}/budget?new=1&pick=${desk}&pick=${cabinets}`).expect(200)).text);
  assert.match(panel, /New document from 2 items Reception desk and Wall cabinets/);
  assert.match(panel, /Estimate All of it is offered already/);
  assert.match(panel, /Invoice What isn’t invoiced yet \$12,459\.75/);
  assert.match(panel, /Purchase order What isn’t ordered yet, at cost \$8,306\.50/);

  const part = await make(place, 'invoice', { pick: cabinets, [`part_${cabinets}`]: '2' });
  await act(portal.knex, home.staff, part, 'send');
  const [, half] = await rowsOf(home);
  assert.deepEqual([half?.invoiced, half?.invoiced_quantity], [162_390, '2.0000']);
  assert.match(
    await refused(olivia, `${url}/budget/make`, 422, { type: 'invoice', pick: cabinets, [`part_${cabinets}`]: '4' }),
    /Of “Wall cabinets” 3 are left/,
  );
  const rest = await make(place, 'invoice', { pick: items });
  const { lines } = await portal.look(home.organization_id, async (db) => ({
    lines: await db('lines')
      .where({ document_id: rest })
      .orderBy('position')
      .select('description', 'quantity', 'amount'),
  }));
  assert.deepEqual(
    lines.map(({ description, quantity, amount }) => [description, Number(quantity), amount]),
    [
      ['Reception desk', 1, 840_000],
      ['Wall cabinets', 3, 243_585],
      ['Wall lights', 3, 103_625],
    ],
  );
  await act(portal.knex, home.staff, rest, 'send');
  assert.match(textOf((await olivia.get(`${url}/budget?new=1&all=on`)).text), /Invoice Nothing is left to invoice/);
  await act(portal.knex, home.staff, part, 'void', { reason: 'Wrong' });
  assert.equal((await rowsOf(home))[1]?.invoiced, 243_585);
  assert.match(await refused(olivia, `${url}/remove_item`, 422, { item: desk }), /Documents are about this item/);
});

test('an order for a vendor counts as committed, its bill as actual once approved, and an overrun is found', async () => {
  const place = await clinic();
  const { home, olivia, url, vendor } = place;
  const [desk, cabinets, lights] = await itemsOf(home);
  await refused(olivia, `${url}/budget/make`, 422, { type: 'purchase_order', pick: lights });
  const order = await make(place, 'purchase_order', { pick: [desk, cabinets] });
  const sent = await act(portal.knex, home.staff, order, 'send');
  const figures = async () =>
    (await rowsOf(home)).map(({ ordered, billed, actual, committed }) => [ordered, billed, actual, committed]);
  assert.deepEqual((await figures())[0], [560_000, 0, 0, 560_000]);
  const erik = {
    ...home.staff,
    side: 'partner' as const,
    role: 'member' as const,
    partner_id: vendor,
    person_id: place.erik,
  };
  await act(portal.knex, erik, order, 'acknowledge');
  const { created_id: bill } = await act(portal.knex, erik, order, 'bill');
  assert.ok(bill);
  const lines = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: bill }).orderBy('position'),
  );
  const content = {
    ...{ issued_on: '2026-11-20', due_on: '2026-12-20', reference: 'NT-1' },
    lines: lines.map(({ id, origin_line, description }, n) => ({
      id,
      origin_line,
      description,
      unit_price: n ? '541.30' : '5812',
      quantity: n ? '1' : '1',
    })),
  };
  await act(portal.knex, erik, bill, 'edit', { content });
  await act(portal.knex, erik, bill, 'submit');
  assert.deepEqual(await figures(), [
    [560_000, 581_200, 0, 581_200],
    [270_650, 54_130, 0, 270_650],
    [0, 0, 0, 0],
  ]);
  await act(portal.knex, home.staff, bill, 'approve');
  assert.deepEqual(
    (await figures()).map(([, , actual]) => actual),
    [581_200, 54_130, 0],
  );
  const page = textOf((await olivia.get(`${url}/budget`)).text);
  assert.match(page, /\$212\.00 over on 1 item/);
  assert.match(page, new RegExp(`Northern Timber · ${sent.number}`));
  const over = textOf((await olivia.get(`${url}/budget?over=1`).expect(200)).text);
  assert.match(over, /Reception desk/);
  assert.doesNotMatch(over, /Wall cabinets/);
});

test('of several vendors each gets a draft; a bid request goes to all of them without prices', async () => {
  const place = await clinic();
  const { home, olivia, url, groups } = place;
  const other = await addVendor(portal, home, `anna-${home.slug}@bright.example`);
  await post(olivia, `${url}/add_item`, { group: groups[1], name: 'Wiring', unit_cost: '2000', vendor: other.vendor });
  assert.match(
    textOf((await olivia.get(`${url}/budget?new=1&all=on`)).text),
    /Purchase order 2 drafts, one for each vendor/,
  );
  const made = await press(olivia, `${url}/budget/make`, { type: 'purchase_order', all: 'on' });
  const location = String(made.headers['location']);
  assert.equal(location.match(/made=/g)?.length, 2);
  await olivia
    .get(location)
    .expect(200)
    .expect(/2 drafts created/);
  const request = await make(place, 'request_for_proposal', { all: 'on' });
  const prices = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: request }).sum('unit_price as sum').first(),
  );
  assert.equal(Number(prices?.['sum']), 0);
});

test('a change order moves the budget once it is accepted; one that was never estimated is its own agreement', async () => {
  const place = await clinic();
  const { home } = place;
  const [desk, cabinets, lights] = await itemsOf(home);
  const maya = {
    ...home.staff,
    side: 'partner' as const,
    role: 'member' as const,
    partner_id: home.partner_id,
    person_id: home.maya.id,
  };
  const estimate = await make(place, 'estimate', { pick: [desk, cabinets] });
  await act(portal.knex, home.staff, estimate, 'send');
  await act(portal.knex, maya, estimate, 'accept');
  const change = await make(place, 'change_order', { pick: [cabinets, lights] });
  await act(portal.knex, home.staff, change, 'send');
  assert.equal((await rowsOf(home))[1]?.price, 405_975);
  await act(portal.knex, maya, change, 'accept');
  const rows = await rowsOf(home);
  // One more cabinet, at its price and its cost.
  assert.deepEqual([rows[1]?.price, rows[1]?.cost, rows[1]?.accepted], [487_170, 324_780, 487_170]);
  assert.deepEqual([rows[2]?.price, rows[2]?.accepted], [103_625, 103_625]);
  const copied = await act(portal.knex, home.staff, change, 'copy');
  const links = await portal.look(home.organization_id, (db) =>
    db('budget_lines').where({ document_id: copied.created_id }),
  );
  assert.equal(links.length, 2);
});

test('lines of other documents are placed in an item, or become one; those of another currency are not counted', async () => {
  const place = await clinic();
  const { home, olivia, url, groups, id } = place;
  const [desk] = await itemsOf(home);
  const { createDocument } = await import('../../src/documents/drafts/create.js');
  const invoice = async (currency: string) => {
    const content = {
      title: 'Extra',
      issued_on: '2026-11-01',
      due_on: '2026-12-01',
      project: id,
      recipients: [home.maya.id],
      lines: [{ description: 'Extra shelf', unit_price: '100' }],
    };
    const document = await createDocument(portal.knex, home.staff, 'invoice', home.partner_id, { currency, content });
    await act(portal.knex, home.staff, document, 'send');
    return document;
  };
  const dollars = await invoice('USD');
  const page = await olivia.get(`${url}/budget`).expect(200);
  assert.match(textOf(page.text), /Not in the budget[\s\S]*Extra shelf/);
  const line = async (document_id: string) =>
    String((await portal.look(home.organization_id, (db) => db('lines').where({ document_id }).first('id')))?.id);
  await post(olivia, `${url}/place_line`, { document: dollars, line: await line(dollars), to: groups[0] });
  const rows = await rowsOf(home);
  assert.deepEqual(
    rows.filter(({ name }) => name === 'Extra shelf').map(({ price, invoiced }) => [price, invoiced]),
    [[10_000, 10_000]],
  );
  const euros = await invoice('EUR');
  await refused(olivia, `${url}/place_line`, 422, { document: euros, line: await line(euros), to: groups[0] });
  await post(olivia, `${url}/place_line`, { document: euros, line: await line(euros), to: desk });
  assert.deepEqual(
    (await rowsOf(home)).slice(0, 1).map(({ invoiced, foreign_lines }) => [invoiced, foreign_lines]),
    [[0, 1]],
  );
  assert.match(textOf((await olivia.get(`${url}/budget`)).text), /In another currency, not counted: 1/);
});

test('a sheet is shown before it is added, and a form sent twice adds it once', async () => {
  const { home, olivia, url } = await clinic();
  const sheet =
    'Group\tItem\tQuantity\tUnit cost\tMarkup\tVendor\nJoinery\tPanels\t12\t96.67\t50\tNorthern Timber\nLabor\tInstallation\t44\t50.00\t60\t';
  const form = (fields: object) =>
    olivia.post(`${url}/budget/import`).field({ form_token: 'a-token-of-mine', ...fields });
  const preview = await form({ sheet }).expect(200);
  assert.match(textOf(preview.text), /2 items: \$3,360\.04 cost, \$5,260\.12 price/);
  assert.equal((await rowsOf(home)).length, 3);
  await form({ sheet, confirm: 'on' }).expect(303);
  await form({ sheet, confirm: 'on' }).expect(303);
  assert.deepEqual(
    (await rowsOf(home)).map(({ name, group }) => `${group}: ${name}`),
    [
      'Joinery: Reception desk',
      'Joinery: Wall cabinets',
      'Joinery: Panels',
      'Electrical: Wall lights',
      'Labor: Installation',
    ],
  );
  await form({ sheet: 'Item\tCost\nDesk\t=A1*2' })
    .expect(422)
    .expect(/Cell B2 holds a formula/);
  await form({ sheet: 'Item\tCost\tVendor\nDesk\t2\tNobody' })
    .expect(422)
    .expect(/Cell C2: no vendor is called “Nobody”/);
  const csv = await olivia.get(`${url}/budget/export`).expect(200).expect('Content-Type', /csv/);
  assert.match(csv.text, /Joinery,Panels,12,,96\.67,50,145\.01,Northern Timber/);
});
