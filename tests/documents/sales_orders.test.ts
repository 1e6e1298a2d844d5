import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { day } from '../support/days.js';
import { press, seenOn } from '../support/forms.js';
import { harbor, type Harbor, sentDocument } from '../support/harbor.js';
import { type ContentFields } from '../../src/document_types/shared/inputs.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});

after(() => portal.close());

const sent = (type: string, fields: Partial<ContentFields> = {}, of = home) => sentDocument(portal, of, type, fields);

const about =
  (number: string, words = '') =>
  (received: { subject?: string | undefined; text?: string | undefined }) =>
    Boolean(received.subject?.includes(number) && received.text?.includes(words));

const stateOf = (id: string) => portal.look(home.organization_id, (db) => db('documents').where({ id }).first());

test('the customer’s own order number is asked for, and a deposit is invoiced on acceptance', async () => {
  const estimate = await sent('estimate', {
    reference_required: true,
    deposit_percent: '30',
    lines: [{ description: 'Desk', unit_price: '1000' }],
  });
  const mayas = await portal.open(await portal.post.to(home.maya.email, about(estimate.number)));
  const page = await mayas.get(estimate.url).expect(/Your order number/);
  const seen = seenOn(page);
  await press(mayas, `${estimate.url}/accept`, { seen })
    .expect(422)
    .expect(/Give your order number/);
  await press(mayas, `${estimate.url}/accept`, { seen, reference: 'PO 7731' }).expect(303);
  const row = await stateOf(estimate.id);
  assert.deepEqual([row.state, row.reference], ['accepted', 'PO 7731']);
  const retainer = await portal.look(home.organization_id, (db) =>
    db('documents').where({ origin_id: estimate.id }).first(),
  );
  assert.deepEqual([retainer.type, retainer.state, retainer.total], ['retainer_invoice', 'sent', 30_000]);
  const received = await portal.post.to(home.maya.email, about(retainer.number));
  assert.match(received.text ?? '', /Olivia Grant sent you retainer invoice/);
});

test('an order is accepted, and invoiced in two parts; voiding one of them counts back', async () => {
  const olivias = await portal.signIn(home.olivia.email);
  const order = await sent('sales_order', {
    lines: [{ description: 'Chairs', quantity: '10', unit_price: '50.00' }],
  });
  const mayas = await portal.open(await portal.post.to(home.maya.email, about(order.number)));
  await press(mayas, `${order.url}/accept`, { seen: seenOn(await mayas.get(order.url)) }).expect(303);
  const made = await press(olivias, `${order.url}/invoice`, {}).expect(303);
  const draft =
    String(made.headers['location'])
      .split('/documents/')[1]
      ?.replace(/[/?].*/, '') ?? '';
  const [line] = await portal.look(home.organization_id, (db) => db('lines').where({ document_id: draft }));
  const fields = {
    title: '',
    issued_on: day(0),
    due_on: day(30),
    'recipient[]': [home.maya.id],
    'line_id[]': [line.id],
    'line_origin[]': [line.origin_line],
  };
  await press(olivias, `/${home.slug}/documents/${draft}/edit`, {
    ...fields,
    'line_description[]': ['Chairs'],
    'line_quantity[]': ['4'],
    'line_price[]': ['50.00'],
    save: '1',
  }).expect(303);
  await press(olivias, `/${home.slug}/documents/${draft}/send`, {}).expect(303);
  assert.equal((await stateOf(order.id)).state, 'partly_invoiced');
  const rest = await act(portal.knex, home.staff, order.id, 'invoice');
  const second = await act(portal.knex, home.staff, String(rest.created_id), 'send');
  const [remaining] = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: rest.created_id }),
  );
  assert.equal(Number(remaining.quantity), 6);
  assert.equal((await stateOf(order.id)).state, 'invoiced');
  await act(portal.knex, home.staff, second.id, 'void', { reason: 'Wrong' });
  assert.equal((await stateOf(order.id)).state, 'partly_invoiced');
});
