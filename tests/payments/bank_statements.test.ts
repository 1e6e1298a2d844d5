import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { withKeys } from '../../src/payments/bank_statements/bank_entry.js';
import { readStatement } from '../../src/payments/bank_statements/read_statement.js';
import { creditorReference, paymentReference } from '../../src/people/getting_paid/payment_reference.js';
import { day } from '../support/days.js';
import { type Harbor, harbor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { press, textOf } from '../support/forms.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

interface Entry {
  amount: string;
  currency?: string;
  text: string;
  payer?: string;
  reference?: string;
  status?: string;
  sign?: string;
}

const transaction = ({ text, payer = '', amount, currency = 'USD' }: Entry) => `<TxDtls>
  <Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="${currency}">${amount}</Amt>
  <RltdPties><Dbtr><Nm>${payer}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls>`;

/** An entry of camt.053.001.02, which is a batch if it has further parts. */
const entry = (one: Entry, ...more: Entry[]) => `<Ntry>
  <Amt Ccy="${one.currency ?? 'USD'}">${[one, ...more].reduce((sum, { amount }) => sum + Number(amount), 0).toFixed(2)}</Amt>
  <CdtDbtInd>${one.sign ?? 'CRDT'}</CdtDbtInd><Sts>${one.status ?? 'BOOK'}</Sts>
  <BookgDt><Dt>${day(-1)}</Dt></BookgDt><AcctSvcrRef>${one.reference ?? ''}</AcctSvcrRef>
  <NtryDtls>${[one, ...more].map(transaction).join('')}</NtryDtls></Ntry>`;

const camt = (...entries: string[]) => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>${entries.join('')}</Stmt></BkToCstmrStmt></Document>`;

async function olivias(home: Harbor) {
  const olivia = await portal.signIn(home.olivia.email);
  const path = `/${home.slug}/bank`;
  return {
    olivia,
    path,
    imports: (text: string | Buffer, name = 'statement.xml') =>
      olivia.post(path).attach('files', Buffer.from(text), name).redirects(1),
    page: async () => (await olivia.get(path).expect(200)).text,
    entries: () => portal.look(home.organization_id, (db) => db('bank_entries').orderBy(['amount', 'id']).select()),
  };
}

test('a statement is imported, its entries matched by number, amount and name, recorded with a click, and undone', async () => {
  const home = await harbor(portal);
  const first = await sentDocument(portal, home, 'invoice');
  const second = await sentDocument(portal, home, 'invoice', { lines: [{ description: 'Desk', unit_price: '70.00' }] });
  const { olivia, path, imports, page, entries } = await olivias(home);
  await imports(
    camt(
      entry({
        amount: '100.00',
        text: `Thanks, ${first.number?.toLowerCase()}`,
        payer: 'Someone else',
        reference: 'a',
      }),
      entry({ amount: '70.00', text: 'Desk', payer: 'Maple Street Clinic', reference: 'b' }),
      entry({ amount: '5.00', text: 'Interest', reference: 'c' }),
      entry({ amount: '900.00', text: 'Rent', sign: 'DBIT' }),
      entry({ amount: '800.00', text: 'Perhaps', status: 'PDNG' }),
    ),
  ).then(({ text }) => assert.match(text, /3 entries imported\./));
  const shown = await page();
  assert.match(shown, /number in the reference, same amount\)/);
  assert.match(shown, /same amount, same name\)/);
  const [interest, small, large] = await entries();
  await press(olivia, `${path}/${large.id}/record`, { number: first.number, open: '10000' }).expect(303);
  await press(olivia, `${path}/${small.id}/record`, { number: second.number, open: '7000' }).expect(303);
  await press(olivia, `${path}/${interest.id}/ignore`).expect(303);
  const stateOf = (id: string) =>
    portal.look(home.organization_id, (db) => db('documents').where({ id }).first('state'));
  assert.deepEqual([await stateOf(first.id), await stateOf(second.id)], [{ state: 'paid' }, { state: 'paid' }]);
  const receipt = await portal.post.to(home.maya.email, 'recorded a payment of $100.00');
  assert.ok(receipt);
  assert.match(await page(), /Nothing to match/);
  // The second time it is not recorded again.
  await press(olivia, `${path}/${large.id}/record`, { number: second.number }).expect(
    422,
    /already handled this entry/,
  );
  await press(olivia, `${path}/${large.id}/reopen`, { was: 'recorded' }).expect(303);
  assert.deepEqual(await stateOf(first.id), { state: 'sent' });
  await press(olivia, `${path}/${interest.id}/reopen`, { was: 'ignored' }).expect(303);
  assert.match(await page(), /number in the reference, same amount\)/);
});

test('what was imported before is left out; entries that are alike in one file are several payments', async () => {
  const home = await harbor(portal);
  const { imports, entries } = await olivias(home);
  const [a, b] = [entry({ amount: '10.00', text: 'Twice' }), entry({ amount: '20.00', text: 'Once', reference: 'x' })];
  await imports(camt(a, a));
  await imports(camt(a, a, b), 'later.xml').then(({ text }) => assert.match(text, /1 entry imported/));
  await imports(camt(b)).then(({ text }) => assert.match(text, /already imported/));
  assert.deepEqual(
    (await entries()).map(({ amount }) => amount),
    [1000, 1000, 2000],
  );
});

test('two who record the same entry at once: one payment', async () => {
  const home = await harbor(portal);
  const invoice = await sentDocument(portal, home, 'invoice');
  const { olivia, path, imports, entries } = await olivias(home);
  await imports(camt(entry({ amount: '40.00', text: 'Part' })));
  const [{ id }] = await entries();
  const record = () => press(olivia, `${path}/${id}/record`, { number: invoice.number, open: '10000' });
  const answers = await Promise.all([record(), record(), record()]);
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 422, 422],
  );
  const paid = await portal.look(home.organization_id, (db) => db('payments').select('amount', 'paid_on'));
  assert.deepEqual(paid, [{ amount: 4000, paid_on: day(-1) }]);
});

test('what can’t be recorded is said beside the entry, with what was typed', async () => {
  const home = await harbor(portal);
  const invoice = await sentDocument(portal, home, 'invoice');
  const { olivia, path, imports, entries } = await olivias(home);
  await imports(
    camt(entry({ amount: '40.00', text: 'Part' }), entry({ amount: '41.00', currency: 'EUR', text: 'Part' })),
  );
  const [dollars, euros] = await entries();
  const record = (id: string, number: string, open = '') =>
    press(olivia, `${path}/${id}/record`, { number, proposed: number, open }).expect(422);
  assert.match((await record(dollars.id, 'INV-9999')).text, /value="INV-9999"[^]*Enter the number of an open invoice/);
  await record(dollars.id, invoice.number ?? '', '900').then(({ text }) =>
    assert.match(text, /The open amount has changed/),
  );
  await record(euros.id, invoice.number ?? '');
  await press(olivia, `/${home.slug}/documents/${invoice.number}/void`, { reason: 'A mistake' }).expect(303);
  await record(dollars.id, invoice.number ?? '');
  assert.deepEqual(
    (await entries()).map(({ state }) => state),
    ['open', 'open'],
  );
});

test('another invoice than the proposed one can be chosen; what was open is asked of the proposed one alone', async () => {
  const home = await harbor(portal);
  const proposed = await sentDocument(portal, home, 'invoice', {
    lines: [{ description: 'Desk', unit_price: '70.00' }],
  });
  const other = await sentDocument(portal, home, 'invoice');
  const { olivia, path, imports, entries, page } = await olivias(home);
  await imports(camt(entry({ amount: '40.00', text: `For ${proposed.number}` })));
  const [{ id }] = await entries();
  assert.match(await page(), new RegExp(`name="proposed" value="${proposed.number}"[^]*name="open" value="7000"`));
  const seen = { proposed: proposed.number, open: '7000' };
  await press(olivia, `${path}/${id}/record`, { ...seen, number: other.number }).expect(303);
  const paid = await portal.look(home.organization_id, (db) => db('payment_parts').select('document_id', 'amount'));
  assert.deepEqual(paid, [{ document_id: other.id, amount: 4000 }]);
});

test('files that can’t be used say why, and nothing is imported', async () => {
  const home = await harbor(portal);
  const { imports, entries } = await olivias(home);
  const says = async (text: string | Buffer, message: RegExp) =>
    imports(text).then((answer) => assert.match(answer.text, message));
  await says('<html><body>No</body></html>', /not a bank statement in camt\.053/);
  await says('<Document><BkToCstmrStmt>', /damaged, or not XML|not a bank statement/);
  await says(
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>',
    /can’t be read|not a bank/,
  );
  await says(camt(entry({ amount: 'many', text: '' })), /An amount in this statement can’t be read/);
  await says('Name;Number\nMaple;3', /header row with Date and Amount/);
  await says('Date,Amount\n2026-01-02,ten', /Line 2: this amount/);
  await says('Date,Amount\nyesterday,10', /A date in this file/);
  await says(camt(entry({ amount: '9.00', text: 'Rent', sign: 'DBIT' })), /no incoming payments/);
  assert.deepEqual(await entries(), []);
});

test('a batch is read by its parts; a CSV as its bank writes numbers, days and letters', () => {
  const read = (text: string | Buffer, locale = 'en-US') => readStatement(Buffer.from(text), 'EUR', locale);
  const parts = read(
    camt(entry({ amount: '10.00', text: 'One' }, { amount: '5.50', text: 'Two', payer: 'Ö &amp; Co' })),
  );
  assert.deepEqual(
    parts.map(({ amount, reference }) => [amount, reference]),
    [
      [1000, 'One'],
      [550, 'Two'],
    ],
  );
  const german =
    'Buchungstag;Betrag;Verwendungszweck;Auftraggeber\r\n03.11.2026;"1.234,50";"INV-0001; danke";Müller\r\n04.11.2026;-3,00;Gebühr;Bank\r\n';
  const expected = { booked_on: '2026-11-03', amount: 123_450, currency: 'EUR', bank_reference: '' };
  for (const bytes of [Buffer.from(german), Buffer.from(german, 'latin1'), Buffer.from(`\uFEFF${german}`, 'utf16le')])
    assert.deepEqual(read(bytes), withKeys([{ ...expected, reference: 'INV-0001; danke', payer: 'Müller' }]));
  assert.equal(read('Date,Amount,Currency\n12/31/2026,1500,JPY')[0]?.amount, 1500);
  assert.equal(read('Date,Amount,Currency\n2026-12-31,1.234,KWD')[0]?.amount, 1234, 'a dinar has a thousand fils');
  const either = 'Date,Amount\n05/06/2026,"1,234"\n06/06/2026,\n';
  const first = (locale: string) => read(either, locale).map(({ booked_on, amount }) => [booked_on, amount]);
  assert.deepEqual(first('en-US'), [['2026-05-06', 123_400]], 'and a line without an amount is none');
  assert.deepEqual(first('en-GB'), [['2026-06-05', 123_400]]);
  assert.equal(read('Date,Amount\n13/06/2026,1', 'en-US')[0]?.booked_on, '2026-06-13');
});

// Statements as banks send them, by files of a folder that the environment names.
const folder = process.env['CAMT_FOLDER'];
test('published statements are read', { skip: !folder && 'CAMT_FOLDER names no folder of statements' }, () => {
  for (const name of readdirSync(folder ?? '').filter((one) => one.startsWith('camt') && one.endsWith('.xml')))
    for (const one of readStatement(readFileSync(join(folder ?? '', name)), 'EUR', 'en-US'))
      assert.match(`${one.amount} ${one.booked_on}`, /^[1-9]\d* \d{4}-\d\d-\d\d$/, name);
});

test('a creditor reference names its invoice, printed in groups too, and so does that of a Swiss QR-IBAN', async () => {
  const home = await harbor(portal);
  const [first, second] = [await sentDocument(portal, home, 'invoice'), await sentDocument(portal, home, 'invoice')];
  const { imports, page } = await olivias(home);
  const grouped = (creditorReference(first.number) ?? '').replace(/(.{4})/g, '$1 ');
  const account = { id: '', currency: 'CHF', kind: 'iban' as const, holder: 'H', bank_name: 'B', country: 'CH' };
  const swiss = paymentReference({ ...account, numbers: { account: 'CH4431999123000889012' } }, second.number);
  await imports(
    camt(entry({ amount: '13.00', text: grouped }), entry({ amount: '14.00', text: swiss?.printed ?? '' })),
  ).expect(200);
  const shown = textOf(await page());
  assert.match(
    shown,
    new RegExp(`${swiss?.printed} ${second.number} Maple Street Clinic · Reception \\(number in the reference`),
  );
  assert.match(shown, new RegExp(`${grouped.trim()} Maple Street Clinic · Reception \\(number in the reference`));
});
