import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import type { ContentFields } from '../../src/document_types/shared/inputs.js';
import { day } from '../support/days.js';
import { post, press, refused, seenOn, textOf } from '../support/forms.js';
import { draftDocument, harbor, type Harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

// What is left of a document is counted when something is sent that takes from it, not when its draft is begun.

let portal: Portal;
let home: Harbor;
let desk: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  desk = await portal.signIn(home.olivia.email);
});

after(() => portal.close());

const CHAIRS: Partial<ContentFields> = { lines: [{ description: 'Chairs', quantity: '10', unit_price: '50.00' }] };

/** A document of the type that its customer has accepted. */
async function accepted(type: string, fields = CHAIRS) {
  const sent = await sentDocument(portal, home, type, fields);
  await act(portal.knex, partnerActor(home, home.maya), sent.id, 'accept');
  return sent;
}

const makes = async (id: string, action: string) => String((await act(portal.knex, home.staff, id, action)).created_id);
const path = (id: string) => `/${home.slug}/documents/${id}`;
const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);
const row = (id: string) => portal.look(home.organization_id, (db) => db('documents').where({ id }).first());

test('of two drafts of all of an order, sent at once, one goes out; the other says what is left, at its line', async () => {
  for (const type of ['sales_order', 'estimate', 'change_order']) {
    const order = await accepted(type);
    const drafts = [await makes(order.id, 'invoice'), await makes(order.id, 'invoice')];
    const both = await Promise.all(drafts.map((id) => press(desk, `${path(id)}/send`)));
    assert.deepEqual(statuses(both), [303, 422], type);
    const rows = await Promise.all(drafts.map(row));
    const states = rows.map(({ state }) => String(state));
    assert.deepEqual(new Set(states), new Set(['draft', 'sent']));
    const late = rows.find(({ state }) => state === 'draft');
    const words = new RegExp(`No more than 0 is left of ${order.number}\\.`);
    assert.match(textOf(both.find(({ status }) => status === 422)?.text ?? ''), words);
    const seen = seenOn(await desk.get(`${path(late.id)}/preview`));
    const problem = await desk
      .post(`${path(late.id)}/send`)
      .send({ seen })
      .expect(422);
    assert.match(problem.body.errors['content.lines.0.quantity'], words);
    // Nor is another begun.
    await refused(desk, `${order.url}/invoice`, 409);
  }
});

test('a part leaves the rest; a later version is counted without itself; what is extra is not limited', async () => {
  const order = await accepted('sales_order');
  const lines = await portal.look(home.organization_id, (db) => db('lines').where({ document_id: order.id }));
  const content = (quantity: string) => ({
    ...{ issued_on: day(0), due_on: day(14), recipients: [home.maya.id] },
    lines: [
      { description: 'Chairs', quantity, unit_price: '50', origin_line: lines[0]?.id },
      { description: 'Freight', quantity: '1', unit_price: '900' },
    ],
  });
  const first = await makes(order.id, 'invoice');
  const revise = (quantity: string) => act(portal.knex, home.staff, first, 'revise', { content: content(quantity) });
  await act(portal.knex, home.staff, first, 'edit', { content: content('4') });
  await act(portal.knex, home.staff, first, 'send');
  await revise('10');
  await assert.rejects(revise('10.5'), { status: 422, message: `No more than 10 is left of ${order.number}.` });
  await revise('6');
  const second = await makes(order.id, 'invoice');
  await act(portal.knex, home.staff, second, 'edit', { content: content('4.5') });
  await assert.rejects(act(portal.knex, home.staff, second, 'send'), {
    message: `No more than 4 is left of ${order.number}.`,
  });
  await act(portal.knex, home.staff, second, 'edit', { content: content('4') });
  await act(portal.knex, home.staff, second, 'send');
  assert.equal((await row(order.id)).state, 'invoiced');
});

test('an estimate is ordered or invoiced, not both; deposits and credit notes stay within the total', async () => {
  const estimate = await accepted('estimate', { ...CHAIRS, deposit_percent: '60' });
  const order = await makes(estimate.id, 'order');
  const invoice = await makes(estimate.id, 'invoice');
  await act(portal.knex, home.staff, order, 'send');
  await assert.rejects(act(portal.knex, home.staff, invoice, 'send'), { status: 422 });
  // $300.00 went out on acceptance.
  const retainer = await makes(estimate.id, 'retainer');
  assert.match(await refused(desk, `${path(retainer)}/send`, 422), /No more than \$200\.00 is left of EST-/);

  const { id, number } = await sentDocument(portal, home, 'invoice', CHAIRS);
  const notes = [await makes(id, 'credit_note'), await makes(id, 'credit_note')];
  const both = await Promise.all(notes.map((note) => press(desk, `${path(note)}/send`)));
  assert.deepEqual(statuses(both), [303, 422]);
  assert.match(both.find(({ status }) => status === 422)?.text ?? '', new RegExp(`\\$0\\.00 is left of ${number}`));
  const credited = { message: `${number} has been credited: void the credit note first.` };
  await assert.rejects(act(portal.knex, home.staff, id, 'void', { reason: 'Twice' }), credited);
  const less = { issued_on: day(0), due_on: day(10), recipients: [home.maya.id], lines: [{ description: 'Chair' }] };
  await assert.rejects(act(portal.knex, home.staff, id, 'revise', { content: less }), credited);
});

test('an estimate that is accepted a second time asks for no second deposit', async () => {
  const estimate = await accepted('estimate', { ...CHAIRS, deposit_percent: '60' });
  const content = { issued_on: day(0), due_on: day(10), recipients: [home.maya.id], deposit_percent: '60' };
  const lines = [{ description: 'Chairs', quantity: '12', unit_price: '50.00' }];
  await act(portal.knex, home.staff, estimate.id, 'revise', { content: { ...content, lines } });
  await act(portal.knex, partnerActor(home, home.maya), estimate.id, 'accept');
  const deposits = await portal.look(home.organization_id, (db) =>
    db('documents').where({ origin_id: estimate.id, state: 'sent' }).orderBy('id').pluck('total'),
  );
  assert.deepEqual(deposits, [30_000, 6_000]);
});

test('what was begun is not sent once nothing may be made from its origin any more', async () => {
  const order = await accepted('sales_order');
  const invoice = await makes(order.id, 'invoice');
  await act(portal.knex, home.staff, order.id, 'close', {});
  assert.match(
    await refused(desk, `${path(invoice)}/send`, 409),
    new RegExp(`${order.number} is “Closed”: this can’t be done to it now`),
  );
  const paid = await sentDocument(portal, home, 'invoice', CHAIRS);
  const note = await makes(paid.id, 'credit_note');
  await act(portal.knex, home.staff, paid.id, 'void', { reason: 'Twice' });
  await refused(desk, `${path(note)}/send`, 409);
});

test('an address begins what its button would, and nothing else', async () => {
  const to = (type: string, from: string) => `/${home.slug}/${type}/new?partner=${home.partner_id}&from=${from}`;
  const typed = {
    ...{ title: 'Chairs', issued_on: day(0), due_on: day(14), currency: 'USD', save: '1' },
    ...{ 'line_description[]': ['Chairs'], 'line_quantity[]': ['10'], 'line_price[]': ['50'] },
  };
  const estimate = await sentDocument(portal, home, 'estimate', CHAIRS);
  // Not accepted yet; never by anything but a copy; no such button.
  for (const [type, status] of [
    ['invoices', 409],
    ['orders', 409],
    ['estimates', 404],
    ['credit-notes', 404],
  ] as const) {
    await desk.get(to(type, estimate.number)).expect(status);
    await refused(desk, to(type, estimate.number), status, typed);
  }
  await act(portal.knex, partnerActor(home, home.maya), estimate.id, 'accept');
  await desk.get(to('invoices', estimate.number)).expect(200);
  assert.match(await refused(desk, to('invoices', estimate.number), 422, { ...typed, currency: 'KWD' }), /is in USD/);
  await post(desk, to('invoices', estimate.number), typed);
  const draft = await draftDocument(portal, home, 'sales_order', { issued_on: day(0), ...CHAIRS });
  await desk.get(to('invoices', draft)).expect(409);
});
