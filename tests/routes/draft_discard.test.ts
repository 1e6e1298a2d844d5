import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { fieldsOf, press, textOf } from '../support/forms.js';
import { addVendor, draftDocument, draftInvoice, harbor, type Harbor, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
});
after(() => portal.close());

const actions = (id: string) =>
  portal.look(home.organization_id, (db) => db('activities').where({ subject_id: id }).orderBy('id').pluck('action'));

test('a draft is discarded by the side that made it: it is in no list, search or page, and its number is not used', async () => {
  const id = await draftInvoice(portal, home, { title: 'Never meant' });
  const other = await draftInvoice(portal, home);
  const url = `/${home.slug}/documents/${id}`;
  const page = await olivia.get(`${url}?open=discard`).expect(200);
  assert.match(textOf(page.text), /Discard.*The draft disappears for everyone on your side/);
  await olivia.get(`${url}/edit`).expect(new RegExp(`href="${url}\\?open=discard"`));
  const maya = await portal.signIn(home.maya.email);
  await press(maya, `${url}/discard`, {}).expect(404);
  // Somebody has changed it meanwhile.
  await press(olivia, `${url}/discard`, { seen: 'f'.repeat(64) }).expect(409);
  const gone = await press(olivia, `${url}/discard`, { seen: fieldsOf(page.text)['seen']?.[0] }).expect(303);
  assert.equal(gone.headers['location'], `/${home.slug}/invoices?done=discarded`);
  await olivia
    .get(gone.headers['location'])
    .expect(200)
    .expect(/Draft discarded\./);
  for (const list of [
    'invoices',
    'documents',
    'desk',
    'documents?q=never',
    'invoices?state=draft',
    `partners/${home.partner_id}`,
  ])
    assert.doesNotMatch((await olivia.get(`/${home.slug}/${list}`).expect(200)).text, /Never meant/, list);
  for (const path of ['', '/edit', '/preview', '/live']) await olivia.get(`${url}${path}`).expect(404);
  for (const action of ['send', 'discard', 'edit', 'copy']) await press(olivia, `${url}/${action}`, {}).expect(404);
  assert.deepEqual((await actions(id)).at(-1), 'discard');
  const sent = await act(portal.knex, home.staff, other, 'send');
  assert.equal(sent.number, 'INV-0001');
  await press(olivia, `/${home.slug}/documents/${sent.number}/discard`, {}).expect(409);
});

test('of two who discard and send at once, one does it; what was sent stays', async () => {
  for (let round = 0; round < 3; round++) {
    const id = await draftInvoice(portal, home);
    const url = `/${home.slug}/documents/${id}`;
    const answers = await Promise.all(
      ['discard', 'send', 'discard'].map((name) => press(olivia, `${url}/${name}`, {})),
    );
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    assert.deepEqual(
      answers.filter(({ status }) => ![303, 404, 409].includes(status)),
      [],
    );
    const done = (await actions(id)).filter((name) => name !== 'start');
    assert.equal(done.length, 1);
  }
});

test('a vendor discards the bill they began: their order can be billed in full, under the same number', async () => {
  const { vendor, erik } = await addVendor(portal, home);
  const order = await sentDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', { recipients: [erik] });
  const browser = await portal.signIn('erik@northern.example');
  const begun = await press(browser, `${order.url}/bill`, {}).expect(303);
  const draft = String(begun.headers['location']).replace(/\?.*/, '');
  const left = await press(browser, `${draft}/discard`, {}).expect(303);
  assert.match(String(left.headers['location']), /\/documents\/[0-9a-f-]{36}\?done=discarded$/, 'back to the order');
  await browser
    .get(String(left.headers['location']))
    .expect(200)
    .expect(/100\.00/);
  await browser.get(draft).expect(404);
  await olivia.get(draft).expect(404);
  const again = await press(browser, `${order.url}/bill`, {}).expect(303);
  await browser
    .get(String(again.headers['location']).replace(/\?.*/, ''))
    .expect(200)
    .expect(/100\.00/);
  const request = await draftDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', {
    title: 'x',
    issued_on: '2026-11-01',
  });
  await press(browser, `/${home.slug}/documents/${request}/discard`, {}).expect(404);
});
