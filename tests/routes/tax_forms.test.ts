import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { errorsIn, fieldsOf, post as press, refused, textOf } from '../support/forms.js';
import { draftInvoice, harbor, type Harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let page: string;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  page = `/${home.slug}/settings/organization/taxes`;
});
after(() => portal.close());

const VAT = { name: 'VAT', percent: '20', category: 'S', note: '', valid_from: '', valid_until: '' };
const REVERSE = { ...VAT, name: 'Reverse charge', percent: '0', category: 'AE', note: 'The customer pays the VAT.' };

const taxes = () =>
  portal.look(home.organization_id, (db) =>
    db('tax_rates').where({ organization_id: home.organization_id }).orderBy('id'),
  );
const idOf = async (name: string): Promise<string> => (await taxes()).find((tax) => tax.name === name).id;
const series = async () =>
  (await portal.look(home.organization_id, (db) => db('partners').where({ id: home.partner_id }).first('tax_series')))
    .tax_series;

test('taxes are named in the settings; what is wrong comes back beside its field, as it was typed', async () => {
  const wrong = {
    percent: [{ percent: '-1' }, { percent: 'much' }, { percent: '20.00001' }, { percent: '101' }, { percent: '0' }],
    note: [{ ...REVERSE, note: '' }],
    valid_until: [{ valid_from: '2026-12-02', valid_until: '2026-12-01' }, { valid_until: 'soon' }],
    name: [{ name: '\u200b' }, { name: '\u{13000}' }],
    category: [{ category: 'X' }],
  };
  for (const [field, cases] of Object.entries(wrong))
    for (const one of cases) {
      const text = await refused(olivia, page, 422, { ...VAT, ...one });
      assert.match(text, new RegExp(`id="field-${field}-error"`), JSON.stringify(one));
      assert.equal(fieldsOf(text)['percent']?.[0], { ...VAT, ...one }.percent);
    }
  await press(olivia, page, VAT);
  await press(olivia, page, REVERSE);
  await press(olivia, page, { ...VAT, name: 'Levy', percent: '1.5 %', valid_from: '2026-01-01' });
  assert.match(
    errorsIn(await refused(olivia, page, 422, { ...VAT, name: 'vat' })).join(' '),
    /You already have a tax with this name/,
  );
  const shown = textOf((await olivia.get(page).expect(200)).text);
  for (const words of ['VAT 20%', 'Levy 1.5%', 'The customer pays the VAT.', 'From January 1, 2026'])
    assert.ok(shown.includes(words), words);
  const levy = await idOf('Levy');
  await press(olivia, `${page}/${levy}`, { ...VAT, name: 'Levy', percent: '2' });
  await press(olivia, `${page}/${await idOf('Levy')}/remove`);
  assert.deepEqual(
    (await taxes()).map(({ name }) => name),
    ['VAT', 'Reverse charge'],
  );
});

test('without scripts: the editor asks once for a new customer’s taxes; a line may have several; the sheet sums them', async () => {
  await press(olivia, page, { ...VAT, name: 'Levy', percent: '1.5' });
  const [vat, levy] = [await idOf('VAT'), await idOf('Levy')];
  await press(olivia, `${page}/default`, { 'taxes[]': [vat, vat, ''] });
  const form = `/${home.slug}/invoices/new?partner=${home.partner_id}`;
  const asked = (await olivia.get(form).expect(200)).text;
  assert.match(asked, /Which tax does Maple Street Clinic pay\?/);
  assert.match(asked, new RegExp(`value="${vat}" selected`), 'the default is proposed');
  const typed = {
    ...{ title: 'Desks', issued_on: '2026-11-30', currency: 'USD', 'recipient[]': [home.maya.id] },
    'line_description[]': ['Desk', 'Lamp', 'Bulb'],
    'line_price[]': ['100', '50', '10'],
    'line_tax[]': ['partner', vat, 'partner'],
    'line_tax_2[]': ['', levy, levy],
    'line_tax_3[]': ['', '', ''],
  };
  const unanswered = await refused(olivia, form, 422, { ...typed, 'partner_taxes[]': [''], preview: '1' });
  assert.match(unanswered, /id="partner-taxes-error">Choose an answer\./);
  const twice = { ...typed, 'line_tax_2[]': ['', vat, ''], 'partner_taxes[]': [vat], save: '1' };
  assert.match(await refused(olivia, form, 422, twice), /id="line-tax-error-1">Choose each tax once/);
  assert.equal(await series(), null);
  const preview = await press(olivia, form, { ...typed, 'partner_taxes[]': [vat, '', ''], preview: '1' });
  assert.deepEqual(await series(), [vat]);
  const sheet = textOf((await olivia.get(preview).expect(200)).text);
  assert.match(sheet, /Levy 1\.5% on 60\.00 0\.90 VAT 20% on 160\.00 32\.00 Total \$192\.90/);
  // From now on it is known, and new lines begin with it.
  const next = (await olivia.get(form).expect(200)).text;
  assert.doesNotMatch(next, /Which tax does/);
  assert.match(next, new RegExp(`<option value="${vat}" selected`));
  const about = textOf((await olivia.get(`/${home.slug}/partners/${home.partner_id}`).expect(200)).text);
  assert.match(about, /Taxes VAT 20%/);
  await press(olivia, `/${home.slug}/partners/${home.partner_id}/taxes`, { 'taxes[]': [levy] });
  assert.deepEqual(await series(), [levy]);
});

test('lines that were typed with a percentage keep it, and the editor offers it', async () => {
  const id = await draftInvoice(portal, home);
  const text = (await olivia.get(`/${home.slug}/documents/${id}/edit`).expect(200)).text;
  const edited = fieldsOf(text);
  assert.match(text, /<option value="8" selected\s*>8%/);
  await press(olivia, `/${home.slug}/documents/${id}/edit`, { ...edited, 'line_tax[]': ['8', '8'], save: '1' });
  const [line] = await portal.look(home.organization_id, (db) => db('lines').where({ document_id: id }));
  assert.deepEqual([Number(line.tax_rate), line.taxes], [8, []]);
});

test('in the live editor the total follows the taxes that are chosen, and pasted percentages find theirs', async () => {
  await portal.look(home.organization_id, (db) =>
    db('partners').where({ id: home.partner_id }).update({ tax_series: null }),
  );
  const [vat, levy] = [await idOf('VAT'), await idOf('Levy')];
  const { page: window } = await openWindow();
  await signInAt(window, portal.base_url, home.olivia.email, portal.codeFor(home.olivia.email));
  await window.goto(`${portal.base_url}/${home.slug}/invoices/new?partner=${home.partner_id}`);
  await window.$eval('[data-autosave]', (form) => form.removeAttribute('data-autosave'));
  const total = () => window.$eval('[data-sum="total"]', (cell) => cell.textContent);
  await window.type('[name="line_description[]"]', 'Desk');
  await window.type('[name="line_price[]"]', '100');
  assert.equal(await total(), '$120.00', 'what is proposed');
  await window.select('#partner-taxes', levy);
  assert.equal(await total(), '$101.50');
  await window.select('[name="line_tax[]"]', vat);
  await window.select('[name="line_tax_2[]"]', levy);
  assert.equal(await total(), '$121.50');
  await window.click('[name="add_line"]');
  const rows = await window.$$eval('[name="line_tax_2[]"]', (all) =>
    all.map((one) => (one as HTMLSelectElement).value),
  );
  assert.equal(rows.at(-1), '', 'as the row above');
  await window.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'Item\tQty\tPrice\tVAT\nLamp\t1\t50\t1.5\n');
    const at = document.querySelectorAll('textarea[name="line_description[]"]')[1];
    at?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  assert.equal(await total(), '$172.25');
  await window.close();
});
