import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPartner, newContact } from '../../src/people/partner.js';
import { addVendor, harbor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('a project shows its estimates, orders and invoices: each side sees its own, and how far they are paid', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/projects`;
  const post = (path: string, fields: object) => olivia.post(path).type('form').send(fields);
  await post(url, { name: '', key: 'a b', partner: '' })
    .expect(422)
    .expect(/Use up to 20 letters[\s\S]*Choose a customer\./);
  await post(url, { name: 'Reception', key: 'maple-1', partner: home.partner_id })
    .expect(303)
    .expect('Location', `${url}/MAPLE-1?done=saved`);
  await post(url, { name: 'Another', key: 'MAPLE-1', partner: home.partner_id })
    .expect(422)
    .expect(/already/);
  const empty = await olivia
    .get(`${url}/maple-1`)
    .expect(200)
    .expect(/No documents yet/);
  const project = /project=([0-9a-f-]{36})/.exec(empty.text)?.[1] ?? '';
  const begun = await olivia
    .get(`/${home.slug}/estimates/new?partner=${home.partner_id}&project=${project}`)
    .expect(200);
  assert.match(begun.text, new RegExp(`value="${project}" selected`));

  const { vendor, erik } = await addVendor(portal, home);
  const make = async (type: string, partner_id: string, person: string, price: string) => {
    const fields = { title: type, project, recipients: [person], lines: [{ description: 'Desk', unit_price: price }] };
    return (await sentDocument(portal, { ...home, partner_id }, type, fields)).number;
  };
  const estimate = await make('estimate', home.partner_id, home.maya.id, '900');
  const invoice = await make('invoice', home.partner_id, home.maya.id, '300');
  const order = await make('purchase_order', vendor, erik, '120');
  await post(`/${home.slug}/documents/${invoice}/record_payment`, {
    amount: '100',
    paid_on: '2026-11-12',
    method: 'Cheque',
  }).expect(303);

  const page = await olivia.get(`${url}/MAPLE-1`).expect(200);
  for (const words of [
    estimate,
    invoice,
    order,
    '$100.00 of $300.00 paid, last on November 12, 2026',
    'value="10000" max="30000"',
  ])
    assert.ok(page.text.includes(words), words);
  const mayas = await portal.signIn(home.maya.email);
  await mayas.get(`/${home.slug}/documents/${estimate}`).expect(/\/projects\/MAPLE-1/);
  const hers = await mayas.get(`${url}/MAPLE-1`).expect(200);
  assert.match(hers.text, new RegExp(`${invoice}[\\s\\S]*${invoice}/pdf`));
  assert.doesNotMatch(hers.text, new RegExp(`${order}|Edit|New estimate`));
  await mayas.get(`/${home.slug}/documents/${invoice}/pdf`).expect(200).expect('Content-Type', /pdf/);
  await mayas.get(url).expect(/MAPLE-1/);

  const eriks = await portal.signIn('erik@northern.example');
  const his = await eriks.get(`${url}/MAPLE-1`).expect(200);
  assert.match(his.text, new RegExp(order));
  assert.doesNotMatch(his.text, new RegExp(`${invoice}|${estimate}`));

  const stranger = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Another clinic', email: '' });
  await newContact(portal.knex, home.staff, stranger, { name: 'Eve', email: 'eve@rival.example' });
  const eves = await portal.signIn('eve@rival.example');
  await eves.get(`${url}/MAPLE-1`).expect(404);
});
