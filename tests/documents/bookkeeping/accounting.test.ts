import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Papa from 'papaparse';
import { act } from '../../../src/act.js';
import { withActor } from '../../../src/db/scope.js';
import { createDocument } from '../../../src/documents/drafts/create.js';
import { addTaxRate } from '../../../src/documents/taxes/changing_rates.js';
import { day } from '../../support/days.js';
import { fieldsOf, post, textOf } from '../../support/forms.js';
import { addVendor, harbor, type Harbor, partnerActor, sentDocument } from '../../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const VAT = { category: 'S', note: '', valid_from: null, valid_until: null } as const;

/** Harbor & Pine as a German company, with 19 % and 7 %. */
async function german() {
  const home = await harbor(portal);
  await portal.look(home.organization_id, (db) => db('organizations').update({ locale: 'de-DE' }));
  const add = (name: string, percent: string) =>
    withActor(portal.knex, home.staff, (db) => addTaxRate(db, home.staff, { ...VAT, name, percent }));
  const [full, reduced] = [
    await add('USt', '19.0000'),
    await add('USt', '7.0000').catch(() => add('USt red', '7.0000')),
  ];
  return { home, full, reduced, olivia: await portal.signIn(home.olivia.email) };
}

const download = async (olivia: Browser, { slug }: Harbor, format: string) => {
  const days = `from=${day(-3)}&to=${day(1)}`;
  const answer = await olivia.get(`/${slug}/accounting?${days}&currency=USD&format=${format}`).buffer(true);
  assert.equal(answer.status, 200, textOf(answer.text));
  return answer;
};

type Row = Record<string, string>;

const rowsOf = (text: string): Row[] => Papa.parse<Row>(text.trim(), { header: true }).data;

/** "1,234.50" in cents, of a column. */
const cents = (typed = '') => Math.round(Number(typed.replaceAll(',', '') || '0') * 100);
const sum = (rows: Row[], column: string) => rows.reduce((sum, row) => sum + cents(row[column]), 0);

/** Debits of an account less its credits. */
const balance = (rows: Row[], account: string) => {
  const mine = rows.filter((row) => row['Account'] === account);
  return sum(mine, 'Debit') - sum(mine, 'Credit');
};

const does = (home: Harbor, id: string, action: string, input: object = {}) =>
  act(portal.knex, home.staff, id, action, { ...input });

/** All that moves an account: invoices, a revision, payments, a deposit, a credit note, a void, a bill with its payment. */
async function play({ home, full, reduced }: Awaited<ReturnType<typeof german>>) {
  const line = (description: string, unit_price: string, taxes: string[]) => ({ description, unit_price, taxes });
  const desks = await sentDocument(portal, home, 'invoice', {
    title: 'Desks',
    partial_payments: true,
    lines: [line('Desk', '1000', [full]), line('Book', '100', [reduced])],
  });
  await does(home, desks.id, 'record_payment', { amount: 50_000, paid_on: day(0), method: 'Bank transfer' });
  const mistake = await sentDocument(portal, home, 'invoice', { lines: [line('Mistake', '10', [full])] });
  await does(home, mistake.id, 'void', { reason: 'A mistake' });
  const note = await sentDocument(portal, home, 'credit_note', { lines: [line('Scratched', '20', [full])] });
  await does(home, desks.id, 'apply_credit', { amount: 2380 });
  const estimate = await sentDocument(portal, home, 'estimate', {
    deposit_percent: '50',
    lines: [line('Shelf', '400', [full])],
  });
  await act(portal.knex, partnerActor(home, home.maya), estimate.id, 'accept', {});
  const [deposit] = await portal.look(home.organization_id, (db) =>
    db('documents').where({ origin_id: estimate.id }).select(),
  );
  await does(home, deposit.id, 'record_payment', { amount: deposit.total, paid_on: day(0), method: 'Bank transfer' });
  const { created_id } = await does(home, estimate.id, 'invoice');
  await does(home, String(created_id), 'send');
  const { vendor, erik } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  const bill = await createDocument(portal.knex, home.staff, 'bill', vendor, {
    currency: 'USD',
    content: {
      ...{ title: 'Oak', reference: 'NT-9', issued_on: day(0), due_on: day(14), recipients: [erik] },
      lines: [{ description: 'Oak', unit_price: '200', tax_rate: '19' }],
    },
  });
  await does(home, bill, 'submit');
  await does(home, bill, 'approve');
  await does(home, bill, 'record_payment', {
    amount: 10_000,
    paid_on: day(0),
    method: 'Bank transfer',
    reference: 'P-1',
  });
  return { desks, note, deposit };
}

test('the journal has each booking with two sides that agree, taxes apart, and comes to what the ledger says', async () => {
  const made = await german();
  await play(made);
  const { home, olivia } = made;
  const rows = rowsOf((await download(olivia, home, 'journal')).text.replace(/^\ufeff/, ''));
  for (const entry of new Set(rows.map((row) => row['Entry']))) {
    const mine = rows.filter((row) => row['Entry'] === entry);
    assert.equal(sum(mine, 'Debit'), sum(mine, 'Credit'), JSON.stringify(mine));
  }
  // By hand. Sales at 19 %: 1,000 + 10 − 10 − 20 + 400; their tax 190 + 1.90 − 1.90 − 3.80 + 76.
  assert.equal(balance(rows, '8400'), -138_000);
  assert.equal(balance(rows, '8300'), -10_000);
  // The deposit's 38.00 were charged with it, and taken off again.
  assert.equal(balance(rows, '1776'), -26_220);
  assert.equal(balance(rows, '1771'), -700);
  assert.equal(balance(rows, '1710'), 0, 'what was paid ahead is used up');
  assert.equal(balance(rows, '3400'), 20_000);
  assert.equal(balance(rows, '1576'), 3800);
  assert.equal(balance(rows, '1200'), 50_000 + 23_800 - 10_000);
  // 1,297 − 500 − 23.80 + 476 − 238 are still to come; 138 are still to be paid.
  assert.equal(balance(rows, '1400'), 101_120);
  assert.equal(balance(rows, '1600'), -13_800);
  const ledger = await portal.look(home.organization_id, (db) => db('ledger_entries').sum('amount as sum').first());
  assert.equal(balance(rows, '1400') + balance(rows, '1600'), Number(ledger?.['sum']));
});

test('DATEV takes gross amounts on partners’ accounts, with the accounts that take out the tax', async () => {
  const made = await german();
  await play(made);
  const { home, olivia } = made;
  const url = `/${home.slug}/accounting?from=${day(-3)}&to=${day(0)}&currency=USD&format=datev`;
  assert.match(textOf((await olivia.get(url).expect(422)).text), /DATEV needs the numbers of the adviser/);
  const settings = `/${home.slug}/settings/organization/accounting`;
  const typed = { chart: 'skr03', first_month: '1', consultant_number: '29098', client_number: '55003' };
  const wrong = await olivia
    .post(settings)
    .type('form')
    .send({ ...typed, consultant_number: '29' })
    .expect(422);
  assert.match(textOf(wrong.text), /Four to seven digits/);
  await post(olivia, settings, { ...typed, bank_account: '1201' });
  assert.match((await olivia.get(settings).expect(200)).text, /value="1201"/);
  const answer = await olivia.get(url).buffer(true).parse(bytes).expect(200);
  const text = new TextDecoder('windows-1252').decode(answer.body);
  const [head = '', columns = '', ...lines] = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(';'));
  assert.deepEqual(head.slice(0, 5), ['"EXTF"', '700', '21', '"Buchungsstapel"', '13']);
  assert.equal(head.length, 31);
  assert.deepEqual(head.slice(10, 16), [
    '29098',
    '55003',
    `${day(0).slice(0, 4)}0101`,
    '4',
    ...[day(-3), day(0)].map(plain),
  ]);
  assert.equal(columns.length, 125);
  assert.ok(lines.every((line) => line.length === 125));
  const shown = lines.map((line) => [0, 1, 6, 7, 8, 10].map((n) => String(line[n]).replaceAll('"', '')).join(' '));
  for (const booking of [
    '1190,00 S 10000 8400  INV-0001',
    '107,00 S 10000 8300  INV-0001',
    '500,00 H 10000 1201  INV-0001',
    '11,90 H 10000 8400  INV-0002',
    '238,00 S 10000 1710 3 RET-0001',
    '238,00 H 10000 1710 3 INV-0003',
    '238,00 H 70000 3400  BILL-0001',
    '100,00 S 70000 1201  BILL-0001',
  ])
    assert.ok(shown.includes(booking), `${booking} in\n${shown.join('\n')}`);
  assert.ok(lines.every(([amount = '', side = '']) => /^\d+,\d\d$/.test(amount) && /^"[SH]"$/.test(side)));
});

const plain = (day: string) => day.replaceAll('-', '');

const bytes: Parameters<ReturnType<Browser['get']>['parse']>[0] = (res, done) => {
  const chunks: Buffer[] = [];
  res.on('data', (chunk: Buffer) => chunks.push(chunk));
  res.on('end', () => done(null, Buffer.concat(chunks)));
};

test('QuickBooks gets journal entries that agree, Xero invoices and bills with their taxes', async () => {
  const made = await german();
  await play(made);
  const { home, olivia } = made;
  const entries = rowsOf((await download(olivia, home, 'quickbooks')).text);
  assert.equal(sum(entries, 'Debits'), sum(entries, 'Credits'));
  assert.equal(new Set(entries.map((row) => row['Name'])).size, 3, 'partners stand beside their own accounts alone');
  const sales = rowsOf((await download(olivia, home, 'xero-sales')).text);
  const desks = sales.filter((row) => row['*InvoiceNumber'] === 'INV-0001');
  assert.deepEqual(
    desks.map((row) => [row['*UnitAmount'], row['*AccountCode'], row['TaxAmount']]),
    [
      ['1000.00', '8400', '190.00'],
      ['100.00', '8300', '7.00'],
    ],
  );
  assert.equal(sales.find((row) => row['*InvoiceNumber'] === 'CN-0001')?.['*UnitAmount'], '-20.00');
  const [bill] = rowsOf((await download(olivia, home, 'xero-bills')).text);
  assert.equal(bill?.['*ContactName'], 'Northern Timber');
  assert.equal(bill?.['*UnitAmount'], '200.00');
});

test('an account of one’s own is used for its tax; days that can’t be, and who may not, are told', async () => {
  const made = await german();
  await sentDocument(portal, made.home, 'invoice', {
    lines: [{ description: 'Desk', unit_price: '100', taxes: [made.full] }],
  });
  const { home, olivia } = made;
  const settings = `/${home.slug}/settings/organization/accounting`;
  const { text } = await olivia.get(settings).expect(200);
  const row = /name="(sales_\w+)_account"[^>]*aria-label="Sales, USt 19%/.exec(text)?.[1] ?? '';
  // Another tax that comes before it in the list, while the form is open.
  const levy = { ...VAT, name: 'A levy', percent: '2.0000' };
  await withActor(portal.knex, home.staff, (db) => addTaxRate(db, home.staff, levy));
  const own = { [`${row}_account`]: '8409', [`${row}_tax_account`]: '1779' };
  await post(olivia, settings, { chart: 'skr03', first_month: '7', ...own });
  const rows = rowsOf((await download(olivia, home, 'journal')).text.replace(/^\ufeff/, ''));
  assert.equal(balance(rows, '8409'), -10_000);
  assert.equal(balance(rows, '1779'), -1900);
  const page = (query: string) => olivia.get(`/${home.slug}/accounting?${query}`);
  const late = await page(`from=${day(0)}&to=${day(-1)}&currency=USD&format=journal`).expect(422);
  assert.match(textOf(late.text), /The last day is before the first/);
  await page('from=2026-02-30&to=2026-03-01&currency=USD&format=journal').expect(422);
  await page(`from=${day(-1)}&to=${day(0)}&currency=CHF&format=journal`).expect(422);
  const tom = await portal.signIn(home.tom.email);
  await tom.get(`/${home.slug}/accounting`).expect(403);
  await tom.get(settings).expect(403);
});

test('a partner’s account in the books is given, can be another, and never belongs to two', async () => {
  const { home, olivia } = await german();
  const { vendor } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  const form = async (id: string) => {
    const fields = fieldsOf((await olivia.get(`/${home.slug}/partners/${id}/edit`).expect(200)).text);
    return Object.fromEntries(Object.entries(fields).map(([name, [value]]) => [name, value]));
  };
  const maple = await form(home.partner_id);
  assert.equal(maple['debtor_number'], '10000');
  assert.equal((await form(vendor))['creditor_number'], '70000');
  const save = (fields: object) =>
    olivia
      .post(`/${home.slug}/partners/${home.partner_id}`)
      .type('form')
      .send({ ...maple, ...fields });
  await save({ kind: 'both', debtor_number: '10400', creditor_number: '' }).expect(303);
  const changed = await form(home.partner_id);
  assert.deepEqual([changed['debtor_number'], changed['creditor_number']], ['10400', '70001']);
  const taken = await save({ kind: 'both', debtor_number: '10400', creditor_number: '70000' }).expect(422);
  assert.match(textOf(taken.text), /Northern Timber has this account/);
  await save({ debtor_number: '9' }).expect(422);
});
