import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { addTaxRate } from '../../src/documents/taxes/changing_rates.js';
import { setPartnerTaxes } from '../../src/documents/taxes/partner_taxes.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { day } from '../support/days.js';
import { addProject } from '../../src/projects/project.js';
import { decoded, textOf } from '../support/forms.js';
import {
  addVendor,
  draftDocument,
  harbor,
  type Harbor,
  partnerActor,
  sendDraft,
  sentDocument,
} from '../support/harbor.js';
import { addedItem } from '../support/items.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const PANES = { description: 'Pane of toughened glass', quantity: '6', unit: 'panes', unit_price: '400' };

const itemsOf = (home: Harbor, document_id: string) =>
  portal.look(home.organization_id, (db) =>
    db('item_lines').join('lines', 'lines.id', 'item_lines.line_id').where({ 'item_lines.document_id': document_id }),
  );
const hashOf = (home: Harbor, id: string) =>
  portal.look(home.organization_id, async (db) => (await db('documents').where({ id }).first('sha256')).sha256);

test('a line keeps its item: outside of the hash, through an order and an invoice, in a copy', async () => {
  const home = await harbor(portal);
  const item = await addedItem(portal, home);
  const fields = { title: 'Glass', issued_on: day(0), due_on: day(9), recipients: [home.maya.id] };
  const lines = [PANES, { description: 'Delivery', unit_price: '240' }];
  const id = await draftDocument(portal, home, 'estimate', { ...fields, lines, items: [item, null] });
  const [kept, ...others] = await itemsOf(home, id);
  assert.deepEqual([kept.item_id, kept.description, others.length], [item, PANES.description, 0]);
  const hash = await hashOf(home, id);
  const own = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: id }).orderBy('position').pluck('id'),
  );
  const same = lines.map((line, n) => ({ ...line, id: own[n] }));
  await act(portal.knex, home.staff, id, 'edit', { content: { ...fields, lines: same, items: [null, item] } });
  assert.equal(await hashOf(home, id), hash, 'which item it is changes nothing that a partner gets');
  assert.deepEqual(
    (await itemsOf(home, id)).map(({ description }) => description),
    ['Delivery'],
  );
  await act(portal.knex, home.staff, id, 'edit', { content: { ...fields, lines: same } });
  assert.equal((await itemsOf(home, id)).length, 1, 'who says nothing of items changes none');
  await act(portal.knex, home.staff, id, 'edit', { content: { ...fields, lines: same, items: [item, null] } });

  const { id: estimate } = await sendDraft(portal, home, id);
  await act(portal.knex, partnerActor(home, home.maya), estimate, 'accept', {});
  for (const made of ['invoice', 'copy']) {
    const { created_id } = await act(portal.knex, home.staff, estimate, made, {});
    const found = await itemsOf(home, String(created_id));
    assert.deepEqual(
      found.map(({ item_id, description }) => [item_id, description]),
      [[item, PANES.description]],
      made,
    );
  }
  const snapshot = await portal.look(home.organization_id, (db) =>
    db('versions').where({ document_id: estimate }).first(),
  );
  assert.doesNotMatch(JSON.stringify(snapshot.snapshot), new RegExp(item));
});

test('an unknown item, another organization’s, or one that a vendor names is not taken', async () => {
  const home = await harbor(portal);
  const rival = await harbor(portal);
  const [item, theirs] = [await addedItem(portal, home), await addedItem(portal, rival)];
  const content = { title: 'Glass', issued_on: day(0), lines: [PANES], recipients: [home.maya.id] };
  const id = await draftDocument(portal, home, 'invoice', { ...content, items: [theirs] });
  assert.deepEqual(await itemsOf(home, id), []);
  const { vendor, erik } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  const actor = { ...partnerActor(home, { ...home.maya, id: erik }), partner_id: vendor };
  const bill = { title: 'Glass', issued_on: day(0), reference: 'NT-1', lines: [PANES], items: [item] };
  const billed = await createDocument(portal.knex, actor, 'bill', vendor, { currency: 'USD', content: bill });
  assert.deepEqual(await itemsOf(home, billed), []);
});

test('row security shows no partner anything of items, nor does any page', async () => {
  const home = await harbor(portal);
  const item = await addedItem(portal, home, { name: 'Zirbenbrett' });
  const content = { title: 'Glass', lines: [PANES], items: [item] };
  const { url } = await sentDocument(portal, home, 'invoice', content);
  for (const table of ['items', 'item_prices', 'item_vendors', 'item_words', 'item_lines']) {
    const seen = await withActor(portal.knex, partnerActor(home, home.maya), (db) => db(table).select());
    assert.deepEqual(seen, [], table);
    const rival = await harbor(portal);
    assert.deepEqual(await withActor(portal.knex, rival.staff, (db) => db(table).select()), [], table);
  }
  const maya = await portal.signIn(home.maya.email);
  const page = await maya.get(url).expect(200);
  assert.doesNotMatch(page.text, new RegExp(`${item}|Zirben|231[.]5`));
  for (const path of ['', `/${item}`, `/${item}/edit`, '/suggestions?q=zirb&type=invoice'])
    await maya.get(`/${home.slug}/items${path}`).expect(404);
});

test('an item’s page lists where it was sold and bought, with totals by currency', async () => {
  const home = await harbor(portal);
  const item = await addedItem(portal, home);
  const { vendor } = await addVendor(portal, home, `erik2.${home.slug}@northern.example`);
  const first = await sentDocument(portal, home, 'invoice', { lines: [PANES], items: [item] });
  await sentDocument(portal, home, 'invoice', {
    lines: [{ ...PANES, quantity: '2', unit_price: '410' }],
    items: [item],
  });
  await draftDocument(portal, home, 'invoice', { title: 'Later', issued_on: day(0), lines: [PANES], items: [item] });
  const order = { title: 'Panes', issued_on: day(0), lines: [{ ...PANES, unit_price: '230' }], items: [item] };
  await createDocument(portal.knex, home.staff, 'purchase_order', vendor, { currency: 'USD', content: order });
  const olivia = await portal.signIn(home.olivia.email);
  const page = textOf((await olivia.get(`/${home.slug}/items/${item}`).expect(200)).text);
  assert.match(page, /Invoiced \(USD\) \$3,220\.00 8 in all, last at 410\.00/);
  assert.match(page, new RegExp(`Sold .*Later.*${first.number}.*Bought .*Panes Northern Timber.*\\$1,380\\.00`));
});

test('lines are completed from items and earlier lines, with the partner’s own prices and the item’s taxes', async () => {
  const home = await harbor(portal);
  const tax = await withActor(portal.knex, home.staff, (db) =>
    addTaxRate(db, home.staff, {
      ...{ name: 'Glass tax', percent: '4.0000', category: 'S', note: '', valid_from: null, valid_until: null },
    }),
  );
  await withActor(portal.knex, home.staff, (db) => setPartnerTaxes(db, home.staff, home.partner_id, []));
  const { vendor } = await addVendor(portal, home, `erik3.${home.slug}@northern.example`);
  const vendors = [{ partner_id: vendor, code: 'NT-6', currency: 'USD', price: '229.9' }];
  const item = await addedItem(portal, home, { tax_series: [tax], vendors });
  await sentDocument(portal, home, 'invoice', {
    ...{
      lines: [
        { ...PANES, tax_rate: '0' },
        { description: 'Glazier’s putty', unit: 'kg', unit_price: '9.5', tax_rate: '0' },
      ],
    },
    items: [item, null],
  });
  const olivia = await portal.signIn(home.olivia.email);
  const ask = async (q: string, query: Record<string, string> = {}) => {
    const params = new URLSearchParams({ q, type: 'invoice', partner: home.partner_id, currency: 'USD', ...query });
    const { body } = await olivia.get(`/${home.slug}/items/suggestions?${params}`).expect(200);
    return body as { item: string; description: string; unit: string; price: string; taxes: string[]; about: string }[];
  };
  const [listed, own, ...more] = await ask('tough pan');
  assert.deepEqual(
    [listed?.item, listed?.description, listed?.unit, listed?.price, listed?.taxes, listed?.about, more.length],
    [item, 'Pane of toughened glass\n6 mm, edges ground', 'panes', '412', [tax], 'GL-6 · Glass', 0],
  );
  assert.deepEqual([own?.item, own?.price], [item, '400']);
  assert.match(own?.about ?? '', /^Last price for them: INV-0001, /);
  const [putty] = await ask('PÙTTY');
  assert.deepEqual([putty?.item, putty?.price, putty?.unit], ['', '9.5', 'kg']);
  assert.match(putty?.about ?? '', /^On INV-0001, /);
  assert.deepEqual(
    (await ask('gl-6', { currency: 'EUR' })).map(({ price }) => price),
    ['389.9'],
  );
  assert.deepEqual(
    (await ask('gl-6', { currency: 'CHF' })).map(({ price }) => price),
    [''],
  );
  const [bought] = await ask('pane', { type: 'purchase_order', partner: vendor });
  assert.deepEqual([bought?.description.split('\n')[0], bought?.price], ['Pane of toughened glass (NT-6)', '229.9']);
  assert.doesNotMatch(JSON.stringify(await ask('pane', { type: 'purchase_order' })), /231/, 'cost fills nothing');
  assert.deepEqual(await ask('%'), []);
  await olivia.get(`/${home.slug}/items/suggestions?q=pane&type=nothing`).expect(404);
});

test('the form of a draft keeps which item a row is of, and works without script', async () => {
  const home = await harbor(portal);
  const item = await addedItem(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/invoices/new?partner=${home.partner_id}`;
  assert.match((await olivia.get(url).expect(200)).text, /data-suggestions="[^"]*type=invoice&amp;partner=/);
  const sent = new URLSearchParams({ title: 'Glass', currency: 'USD', issued_on: day(0), save: '1' });
  for (const [name, values] of [
    ['line_item[]', ['', item]],
    ['line_description[]', ['', 'Pane']],
    ['line_quantity[]', ['', '2']],
    ['line_price[]', ['', '412']],
  ] as const)
    for (const value of values) sent.append(name, value);
  const { headers } = await olivia.post(url).type('form').send(sent.toString()).expect(303);
  const document = String(headers['location']).replace(/\?.*/, '');
  const form = (await olivia.get(`${document}/edit`).expect(200)).text;
  assert.match(form, new RegExp(`name="line_item\\[\\]" value="${item}"`));
  const again = sent.toString().replace(item, 'no-id');
  assert.match((await olivia.post(url).type('form').send(`${again}&add_line=1`)).text, /value="no-id"/);
});

test('a budget is filled from items, with cost and price, and its documents say which item they are of', async () => {
  const home = await harbor(portal);
  const item = await addedItem(portal, home);
  const project = await addProject(portal.knex, home.staff, { key: 'maple', name: 'Maple', partner: home.partner_id });
  await act(portal.knex, home.staff, project, 'add_budget_group', { name: 'Room' });
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/projects/MAPLE`;
  const group = await portal.look(home.organization_id, (db) => db('budget_groups').first('id'));
  const form = (await olivia.get(`${url}/budget?add=${group.id}`).expect(200)).text;
  const asked = decoded(/data-suggestions="([^"]*)"/.exec(form)?.[1] ?? '');
  const { body } = await olivia.get(`${asked}&q=gl-6`).expect(200);
  assert.deepEqual([body[0].item, body[0].cost, body[0].price], [item, '231.5', '412']);
  const given = { group: group.id, name: 'Pane', quantity: '2', unit_cost: '231.5', unit_price: '412' };
  await olivia
    .post(`${url}/add_item`)
    .type('form')
    .send({ ...given, catalog: item })
    .expect(303);
  const rival = await addedItem(portal, await harbor(portal));
  await olivia
    .post(`${url}/add_item`)
    .type('form')
    .send({ ...given, catalog: rival })
    .expect(422);
  const row = await portal.look(home.organization_id, (db) => db('budget_items').first('id', 'catalog_id'));
  assert.equal(row.catalog_id, item);
  const edit = (await olivia.get(`${url}/budget?edit=${row.id}`).expect(200)).text;
  assert.match(edit, new RegExp(`name="catalog" value="${item}"`));
  const made = { type: 'estimate', pick: row.id };
  await olivia.post(`${url}/budget/make`).type('form').send(made).expect(303);
  const [line] = await portal.look(home.organization_id, (db) => db('item_lines').select('item_id'));
  assert.equal(line.item_id, item);
});
