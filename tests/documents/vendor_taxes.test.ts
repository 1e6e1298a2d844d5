import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { addTaxRate } from '../../src/documents/taxes/changing_rates.js';
import { errorsIn, fieldsOf, post, refused, textOf } from '../support/forms.js';
import { draftDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { timber } from '../support/timber.js';

let portal: Portal;
before(async () => {
  portal = await openPortal();
});
after(() => portal.close());

type Home = Awaited<ReturnType<typeof timber>>['home'];

const VAT = { name: 'VAT', percent: '20.0000', category: 'S', note: '', valid_from: null, valid_until: null } as const;
const LEVY = { ...VAT, name: 'Timber levy', percent: '1.0000' };

/** Harbor & Pine with two taxes, at its desk, and Erik of Northern Timber. */
async function taxed() {
  const made = await timber(portal);
  const { home } = made;
  const add = (tax: typeof VAT | typeof LEVY) =>
    withActor(portal.knex, home.staff, (db) => addTaxRate(db, home.staff, tax));
  const [vat, levy] = [await add(VAT), await add(LEVY)];
  const [olivia, erik] = [await portal.signIn(home.olivia.email), await portal.signInByCode(made.erik)];
  return { ...made, vat, levy, olivia, erik };
}

const linesOf = (home: Home, number: string) =>
  portal.look(home.organization_id, (db) =>
    db('lines as l')
      .join('documents as d', 'd.id', 'l.document_id')
      .where({ 'd.number': number })
      .orWhereRaw('d.id::text = ?', [number])
      .orderBy('l.position')
      .select('l.tax_rate', 'l.taxes'),
  );

const partnerTaxes = (home: Home, id: string) =>
  portal.look(home.organization_id, (db) => db('partners').where({ id }).first('tax_series', 'vendor_tax_series'));

test('an order has the taxes that its vendor charges, asked once; the bill keeps them, and what the vendor says else', async () => {
  const { home, vendor, erik_id, vat, levy, olivia, erik } = await taxed();
  const form = `/${home.slug}/purchase-orders/new?partner=${vendor}`;
  assert.match((await olivia.get(form).expect(200)).text, /Which tax does Northern Timber charge\?/);
  const typed = {
    ...{ title: 'Oak', issued_on: '2026-11-30', currency: 'USD', 'recipient[]': [erik_id] },
    'line_description[]': ['Oak boards', 'Beech boards'],
    'line_price[]': ['100', '50'],
    'line_tax[]': ['partner', vat],
    'line_tax_2[]': ['', levy],
    'line_tax_3[]': ['', ''],
  };
  await refused(olivia, form, 422, { ...typed, 'partner_taxes[]': [''], preview: '1' });
  const preview = await post(olivia, form, { ...typed, 'partner_taxes[]': [vat], preview: '1' });
  assert.deepEqual(await partnerTaxes(home, vendor), { tax_series: null, vendor_tax_series: [vat] });
  assert.doesNotMatch((await olivia.get(form).expect(200)).text, /Which tax does/);
  const order = await post(olivia, preview.replace('/preview', '/send'));
  const sums = /Timber levy 1% on 50\.00 0\.50 VAT 20% on 150\.00 30\.00 Total \$180\.50/;
  assert.match(textOf((await erik.get(order).expect(200)).text), sums);
  await post(erik, `${order}/acknowledge`);
  const draft = await post(erik, `${order}/bill`);
  const edit = (await erik.get(`${draft}/edit`).expect(200)).text;
  assert.deepEqual(fieldsOf(edit)['line_tax[]']?.slice(0, 2), ['20', '21'], 'vendors say percentages');
  await post(erik, `${draft}/edit`, { ...fieldsOf(edit), reference: 'NT-7', save: '1' });
  assert.match(textOf((await erik.get(draft).expect(200)).text), sums);
  // A percentage of their own is theirs; a line without tax says why.
  const other = fieldsOf((await erik.get(`${draft}/edit`).expect(200)).text);
  const own = { ...other, 'line_tax[]': ['0', '21', '0'], untaxed: 'AE', untaxed_note: 'You owe the VAT.' };
  assert.match(
    errorsIn(await refused(erik, `${draft}/edit`, 422, { ...own, untaxed: 'S', save: '1' })).join(' '),
    /Choose a reason/,
  );
  await refused(erik, `${draft}/edit`, 422, { ...own, untaxed_note: '\u{13000}', save: '1' });
  await post(erik, `${draft}/edit`, { ...own, save: '1' });
  const bill = await post(erik, `${draft}/submit`);
  const shown = textOf((await olivia.get(bill).expect(200)).text);
  assert.match(shown, /Reverse charge on 100\.00 0\.00 Timber levy 1% on 50\.00 0\.50 VAT 20% on 50\.00 10\.00/);
  assert.match(shown, /You owe the VAT\./);
});

test('an order doesn’t go out untaxed by accident; nobody takes the taxes of what they bill from elsewhere', async () => {
  const { home, vendor, erik_id, vat, olivia, erik } = await taxed();
  const place = { staff: home.staff, partner_id: vendor };
  const line = { description: 'Oak', unit_price: '100' };
  const content = { recipients: [erik_id], issued_on: '2026-11-30', lines: [line] };
  const undecided = await draftDocument(portal, place, 'purchase_order', content);
  await assert.rejects(act(portal.knex, home.staff, undecided, 'send'), /choose which taxes Northern Timber charges/);
  const partner = `/${home.slug}/partners/${vendor}`;
  assert.match(textOf((await olivia.get(partner).expect(200)).text), /Taxes they charge Not decided/);
  await post(olivia, `${partner}/taxes`, { side: 'vendor', 'taxes[]': [vat] });
  assert.match(textOf((await olivia.get(partner).expect(200)).text), /Taxes they charge VAT 20%/);
  assert.deepEqual(await partnerTaxes(home, vendor), { tax_series: null, vendor_tax_series: [vat] });
  // It is no customer: nothing is decided for one.
  await refused(olivia, `${partner}/taxes`, 404, { side: 'customer', 'taxes[]': [vat] });
  const order = await draftDocument(portal, place, 'work_order', content);
  assert.equal((await act(portal.knex, home.staff, order, 'send')).number, 'WO-0001');
  const [ordered] = await linesOf(home, order);
  assert.deepEqual([Number(ordered.tax_rate), ordered.taxes[0].name], [20, 'VAT']);
  // Staff enter a bill: it begins with what the vendor charges, and names nobody else’s taxes.
  const bills = `/${home.slug}/bills/new?partner=${vendor}`;
  assert.equal(fieldsOf((await olivia.get(bills).expect(200)).text)['line_tax[]']?.[0], '20');
  const [{ id: foreign }] = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: order }).select('id'),
  );
  const bill = {
    ...{ title: 'Oak', reference: 'NT-9', issued_on: '2026-11-30', due_on: '2026-12-20', currency: 'USD', save: '1' },
    ...{ 'line_origin[]': [foreign], 'line_description[]': ['Oak'], 'line_price[]': ['100'], 'line_tax[]': ['20'] },
  };
  const made = await post(erik, `/${home.slug}/bills/new`, bill);
  const [copied] = await linesOf(home, made.split('/').at(-1)?.replace(/\?.*/, '') ?? '');
  assert.deepEqual([Number(copied.tax_rate), copied.taxes], [20, []]);
});
