import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { root } from '../../src/config.js';
import { totalsOf } from '../../src/documents/content/totals.js';
import type { Snapshot } from '../../src/documents/content/version.js';
import { printSnapshot } from '../../src/documents/queries/document_pdf.js';
import { createPdfRenderer } from '../../src/pdf/pdf_renderer.js';
import { paymentReference } from '../../src/people/getting_paid/payment_reference.js';
import { qrAddress } from '../../src/people/getting_paid/qr_address.js';

// It would be fetched from elsewhere.
const wasmBinary = readFileSync(join(root, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')).buffer;
prepareZXingModule({ overrides: { wasmBinary } });

const renderer = createPdfRenderer();
after(() => renderer.close());

/** PDFs are read and drawn by poppler. */
const poppler = { skip: spawnSync('pdftotext', ['-v']).error ? 'poppler-utils is not installed' : false };

const account = (currency: string, iban: string) => ({
  ...{
    id: iban,
    currency,
    kind: 'iban' as const,
    holder: 'Hafen & Föhre AG',
    bank_name: 'Beispielbank',
    country: 'CH',
  },
  numbers: { account: iban, bic: '' },
});
const QR_IBAN = account('CHF', 'CH4431999123000889012');
const PLAIN_IBAN = account('EUR', 'CH9300762011623852957');

function bill(count: number, fields: Partial<Snapshot> = {}): Snapshot {
  const currency = fields.currency ?? 'CHF';
  const lines = Array.from({ length: count }, (_, index) => ({
    ...{ id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`, position: index + 1, group_name: '' },
    ...{ choice: '' as const, picked: true, refused: false, delivery_on: null, origin_line: null },
    ...{ description: `Tisch ${index + 1}`, quantity: '1', unit: '', unit_price: '1234.50' },
    ...{ discount_percent: '0', tax_rate: '0', amount: 123_450 },
  }));
  return {
    ...{ type: 'invoice', number: 'INV-0042', version: 1, currency, partial_payments: true, lines },
    ...{ reference_required: false, signature_required: false, tax_included: false, deposit_percent: '0' },
    ...{ issued_on: '2026-11-01', due_on: '2026-12-01', delivery_on: null, reference: '' },
    ...{
      title: 'Empfangstheke',
      terms: 'Zahlbar in 30 Tagen.',
      note: '',
      payment_note: '',
      ...totalsOf(lines, currency),
    },
    from: { name: 'Hafen & Föhre', address: 'Seestrasse 7\n8001 Zürich', tax_number: '', email: 'o@harbor.example' },
    to: { name: 'Praxis Müller', address: 'Lindenallee 3\n10115 Berlin\nDeutschland', tax_number: '', email: '' },
    accounts: [QR_IBAN],
    ...fields,
  };
}

const print = (snapshot: Snapshot, locale: string) => printSnapshot(renderer, snapshot, '#1f5f4f', locale);
const pagesOf = (pdf: Buffer) =>
  execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' }).split('\f').slice(0, -1);

const MM = 72 / 25.4;

/** The words of the last page, with where they begin in millimetres, and how high they are. */
function wordsOf(pdf: Buffer) {
  const html = execFileSync('pdftotext', ['-bbox', '-', '-'], { input: pdf, encoding: 'utf8' });
  const last = html.split('<page ').at(-1) ?? '';
  const found = last.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)<\/word>/g);
  return [...found].map(([, x, top, bottom, word]) => ({
    ...{ word, x: Number(x) / MM, y: Number(top) / MM, height: Number(bottom) - Number(top) },
  }));
}

/** What the code on the last page says, and its place in millimetres. */
async function codeOn(pdf: Buffer) {
  const last = String(pagesOf(pdf).length);
  // 254 dpi: ten pixels a millimetre.
  const png = execFileSync('pdftoppm', ['-r', '254', '-png', '-f', last, '-l', last, '-'], { input: pdf });
  const [code] = await readBarcodes(png, { formats: ['QRCode'] });
  assert.ok(code, 'a code that can be read');
  const { topLeft, bottomRight } = code.position;
  const [left, top, right, bottom] = [topLeft.x, topLeft.y, bottomRight.x, bottomRight.y].map((at) => at / 10);
  return { text: code.text, left, top, right, bottom };
}

const near = (is: number | undefined, wanted: number, what: string) =>
  assert.ok(is !== undefined && Math.abs(is - wanted) < 0.6, `${what}: ${is} instead of ${wanted}`);

test('payment part and receipt end the page, to the millimetre', poppler, async () => {
  const pdf = await print(bill(1), 'de-CH');
  const [page = '', ...others] = pagesOf(pdf);
  assert.equal(others.length, 0, 'a short invoice leaves room for it');
  const reference = paymentReference(QR_IBAN, 'INV-0042');
  for (const text of ['Empfangsschein', 'Zahlteil', 'Konto / Zahlbar an', 'Annahmestelle', 'Zusätzliche Informationen'])
    assert.ok(page.includes(text), text);
  assert.equal(page.split('CH44 3199 9123 0008 8901 2').length, 3, 'on both parts, and nowhere else');
  assert.equal(page.split(reference?.printed ?? '-').length, 3);
  assert.match(page, /DE-10115 Berlin.*DE-10115 Berlin.*CHF +1 234\.50/s);
  assert.doesNotMatch(page, /Seite 1 von/, 'nothing else is printed on it');

  const words = wordsOf(pdf);
  const left = (word: string) => words.find((found) => found.word === word && found.y > 190 && found.x < 62);
  const right = (word: string) => words.find((found) => found.word === word && found.y > 190 && found.x > 62);
  const at = (word: string) => words.find((found) => found.word === word)?.x;
  near(at('Beschreibung'), at('Empfangstheke') ?? NaN, 'the lines begin where the title does');
  near(right('Zahlteil')?.x, 67, 'payment part');
  near(right('Zahlteil')?.y, 297 - 105 + 5, 'its title');
  near(left('Empfangsschein')?.x, 5, 'receipt');
  near(right('Betrag')?.y, 192 + 68, 'amount');
  near(left('Annahmestelle')?.y, 192 + 82, 'acceptance point');
  const points = (word?: { height: number }) => (Number(word?.height) / Number(right('Zahlteil')?.height)) * 11;
  near(points(left('Referenz')), 6, 'heading of the receipt, in points');
  near(points(right('Referenz')), 8, 'heading of the payment part');
  near(points(left('CH44')), 8, 'text of the receipt');
  near(points(right('CH44')), 10, 'text of the payment part');

  const code = await codeOn(pdf);
  near(code.left, 67, 'code');
  near(code.top, 192 + 17, 'code');
  near(code.right, 67 + 46, 'its width');
  near(code.bottom, 192 + 17 + 46, 'its height');
  const nobody = ['', '', '', '', '', '', ''];
  assert.deepEqual(code.text.split('\n'), [
    ...[
      'SPC',
      '0200',
      '1',
      'CH4431999123000889012',
      'S',
      'Hafen & Föhre AG',
      'Seestrasse 7',
      '',
      '8001',
      'Zürich',
      'CH',
    ],
    ...[...nobody, '1234.50', 'CHF', 'S', 'Praxis Müller', 'Lindenallee 3', '', '10115', 'Berlin', 'DE'],
    ...['QRR', reference?.value, 'INV-0042', 'EPD'],
  ]);
  const fonts = execFileSync('pdffonts', ['-'], { input: pdf, encoding: 'utf8' });
  assert.match(fonts, /LiberationSans-Bold.*LiberationSans\b/s);
});

test('or have a page of their own; IBANs have SCOR references', poppler, async () => {
  const euros = { currency: 'EUR', accounts: [PLAIN_IBAN], payment_note: 'Ou par chèque.' };
  const long = pagesOf(await print(bill(11, euros), 'fr-CH'));
  assert.equal(long.length, 2);
  assert.doesNotMatch(long[0] ?? '', /Récépissé/);
  assert.match(
    long[1] ?? '',
    /Page 2 sur 2.*Récépissé.*Section paiement.*RF97 INV0 042.*EUR +13 579\.50.*Point de dépôt/s,
  );
  assert.match(long.join(''), /Ou par chèque\./);
  // Printed on Letter for others, here on A4, with a box to write in: who pays has no postal code.
  const to = { name: 'Maple Street Clinic', address: '1200 Main Street\nPortland', tax_number: '', email: '' };
  const unknown = await print(bill(1, { ...euros, to }), 'en-US');
  assert.match(pagesOf(unknown).join(''), /Payable by \(name\/address\).*Acceptance point/s);
  assert.equal(pagesOf(unknown).join('').split('Maple Street Clinic').length, 2);
  const { text } = await codeOn(unknown);
  assert.equal(text.split('\n').slice(18).join('|'), '1234.50|EUR||||||||SCOR|RF97INV0042|INV-0042|EPD');
  assert.match(pagesOf(await print(bill(1), 'es-ES')).join(''), /Payment part/);
});

test('what was paid ahead is not asked for again', poppler, async () => {
  const ahead = (amount: number) => [
    { id: QR_IBAN.id, number: 'RET-0001', issued_on: '2026-10-01', amount, taxes: [] },
  ];
  const pdf = await print(bill(1, { deductions: ahead(100_000) }), 'de-CH');
  assert.match(pagesOf(pdf).join(''), /Zahlteil[^]*CHF +234\.50/);
  assert.equal((await codeOn(pdf)).text.split('\n')[18], '234.50');
  const settled = await print(bill(1, { deductions: ahead(123_450) }), 'de-CH');
  assert.doesNotMatch(pagesOf(settled).join(''), /Zahlteil/);
});

test('without a Swiss account, a number or an amount there is no slip', poppler, async () => {
  const german = { ...PLAIN_IBAN, numbers: { account: 'DE89370400440532013000', bic: '' } };
  const none = [
    bill(1, { currency: 'EUR', accounts: [german] }),
    bill(1, { accounts: [] }),
    bill(1, { type: 'estimate' }),
    bill(1, { from: { ...bill(1).from, address: 'Seestrasse 7\nZürich' } }),
  ];
  for (const snapshot of none)
    assert.doesNotMatch(pagesOf(await print(snapshot, 'de-CH')).join(''), /Zahlteil|Empfangsschein/);
});

test('addresses become structured ones only where they are clear', () => {
  const read = (address: string, name = 'Ana') => {
    const found = qrAddress(name, address, 'CH');
    return found && [found.street, found.postal_code, found.town, found.country].join('|');
  };
  assert.equal(read('c/o Meier\nSeestrasse 7\n8001 Zürich'), 'Seestrasse 7|8001|Zürich|CH');
  assert.equal(read('Hauptstrasse 1\nFL-9490 Vaduz'), 'Hauptstrasse 1|9490|Vaduz|LI');
  assert.equal(read('Graben 1\n1010 Wien\nAutriche'), 'Graben 1|1010|Wien|AT');
  assert.equal(read('12 rue d’Or\n75002 Paris\nFrance'), "12 rue d'Or|75002|Paris|FR");
  assert.equal(read('Linden 3\n10115 Berlin'), null, 'five digits are not Swiss, and no country is named');
  assert.equal(read('1200 Main Street\nPortland, ME 04101\nUnited States'), null);
  assert.equal(read('Seestrasse 7\n8001 Zürich', 'Мария'), null, 'letters that the code can’t have');
  assert.equal(read(''), null);
});
