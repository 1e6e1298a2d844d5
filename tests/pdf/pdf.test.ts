import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { PDFDict, PDFDocument, PDFName } from 'pdf-lib';
import { totalsOf } from '../../src/documents/content/totals.js';
import type { Snapshot } from '../../src/documents/content/version.js';
import { documentPdf, printSnapshot } from '../../src/documents/queries/document_pdf.js';
import { sheet } from '../../src/documents/queries/sheet.js';
import { formatFor } from '../../src/pages/format.js';
import { translatorFor } from '../../src/pages/i18n.js';
import { undrawable } from '../../src/pages/fonts/drawable.js';
import { pdfPage } from '../../src/pages/print_html.js';
import { createPdfRenderer } from '../../src/pdf/pdf_renderer.js';

const renderer = createPdfRenderer();

/** Text is read by poppler's pdftotext; all else needs nothing installed. */
const poppler = { skip: spawnSync('pdftotext', ['-v']).error ? 'pdftotext (poppler-utils) is not installed' : false };

const SCRIPTS = {
  Japanese: '株式会社ハーバー',
  Korean: '책상과 의자',
  Chinese: '办公桌和椅子',
  Arabic: 'مكتب الاستقبال',
  Hebrew: 'שולחן קבלה',
  Hindi: 'स्वागत मेज़',
  Thai: 'โต๊ะต้อนรับ',
  Russian: 'Стол для приёмной',
  Greek: 'Γραφείο',
  Vietnamese: 'Bàn tiếp tân',
};

/** By the font that draws them. */
const MORE_SCRIPTS = {
  NotoSansBengali: 'অভ্যর্থনা ডেস্ক',
  NotoSansTamil: 'வரவேற்பு மேசை',
  NotoSansTelugu: 'స్వాగత బల్ల',
  NotoSansGujarati: 'સ્વાગત ટેબલ',
  NotoSansKannada: 'ಸ್ವಾಗತ ಮೇಜು',
  NotoSansMalayalam: 'സ്വീകരണ മേശ',
  NotoSansGurmukhi: 'ਸਵਾਗਤ ਮੇਜ਼',
  NotoSansOriya: 'ସ୍ୱାଗତ ଟେବୁଲ',
  NotoSansSinhala: 'පිළිගැනීමේ මේසය',
  NotoSansEthiopic: 'የእንግዳ መቀበያ ጠረጴዛ',
  NotoSansKhmer: 'តុទទួលភ្ញៀវ',
  NotoSansMyanmar: 'ဧည့်ကြိုစားပွဲ',
  NotoSansLao: 'ໂຕະຕ້ອນຮັບ',
  NotoEmoji: '🪑 👩🏽‍🔧 🇩🇪 ✅ ❤️',
  NotoSansKR: 'かな 책상',
};

const lines = (descriptions: string[]): Snapshot['lines'] =>
  descriptions.map((description, index) => ({
    id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    position: index + 1,
    group_name: '',
    choice: '' as const,
    picked: true,
    refused: false,
    delivery_on: null,
    origin_line: null,
    description,
    quantity: '2',
    unit: 'h',
    unit_price: '145.00',
    discount_percent: '0',
    tax_rate: '8.25',
    amount: 29000,
  }));

const parts = (count: number, more = '') =>
  lines(Array.from({ length: count }, (_, index) => `Part ${index + 1}.${more}`));

function invoice(fields: Partial<Snapshot> = {}): Snapshot {
  const party = {
    name: 'Harbor & Pine',
    address: '1 Quay Road\nPortland',
    tax_number: 'US-1',
    email: 'olivia@harbor.example',
  };
  const dates = {
    issued_on: '2026-11-01',
    due_on: '2026-12-01',
    delivery_on: null,
    reference: '',
    deposit_percent: '0',
  };
  const off = { reference_required: false, signature_required: false, tax_included: false };
  const sums = totalsOf(fields.lines ?? parts(1), 'USD');
  const words = { title: 'Reception fit-out', terms: 'Payment within 30 days.', note: '', payment_note: '' };
  const content = {
    type: 'invoice',
    number: 'INV-0042',
    version: 1,
    currency: 'USD',
    partial_payments: true,
    lines: parts(1),
  };
  return {
    ...content,
    ...off,
    ...dates,
    ...sums,
    ...words,
    from: party,
    to: { ...party, name: 'Maple Street Clinic' },
    ...fields,
  };
}

const print = (fields: Partial<Snapshot> = {}, locale = 'en-US') =>
  printSnapshot(renderer, invoice(fields), '#1f5f4f', locale);

function html(fields: Partial<Snapshot> = {}, locale = 'en-US', label = 'Invoice INV-0042'): string {
  const i18n = { t: translatorFor(locale), format: formatFor({ locale, time_zone: 'UTC' }) };
  return pdfPage({
    locale,
    time_zone: 'UTC',
    accent: '#1f5f4f',
    title: 'INV-0042',
    label,
    view: documentPdf,
    input: { document: { ...sheet(invoice(fields), i18n), open: 0 }, slip: null, mark: null },
  });
}

/** The text of each page, without the marks of direction that are added where it turns. */
const pagesOf = (pdf: Buffer) =>
  execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8', maxBuffer: 2 ** 26 })
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .split('\f')
    .slice(0, -1);

/** The fonts that are embedded, as "Inter-Regular". */
async function fontsOf(pdf: Buffer): Promise<string[]> {
  const { context } = await PDFDocument.load(pdf);
  const dictionaries = context
    .enumerateIndirectObjects()
    .flatMap(([, found]) => (found instanceof PDFDict ? [found] : []));
  // Of a variable font only the descriptor tells the name.
  const names = dictionaries.flatMap((found) =>
    ['BaseFont', 'FontName'].flatMap((key) => found.get(PDFName.of(key))?.toString() ?? []),
  );
  return [...new Set(names.map((name) => name.replace(/^\/[A-Z]{6}\+/, '')))].toSorted();
}

const sizesOf = async (pdf: Buffer) => {
  const pages = (await PDFDocument.load(pdf)).getPages();
  return [...new Set(pages.map((page) => `${Math.round(page.getWidth())} × ${Math.round(page.getHeight())}`))];
};

describe('a PDF', () => {
  it('is on the paper of the reader’s country', async () => {
    assert.deepEqual(await sizesOf(await print({}, 'en-US')), ['612 × 792']);
    assert.deepEqual(await sizesOf(await print({ lines: parts(60) }, 'en-CA')), ['612 × 792']);
    for (const locale of ['en-GB', 'de-DE', 'ja-JP', 'en', 'no such language'])
      assert.deepEqual(await sizesOf(await print({}, locale)), ['595 × 842'], locale);
  });

  it('has its number, the page number and the heads of the columns on each page', poppler, async () => {
    const pdf = await print({ lines: parts(500) });
    const pages = pagesOf(pdf);
    assert.equal(pages.length, (await PDFDocument.load(pdf)).getPageCount());
    assert.ok(pages.length > 20 && pages.length < 35, `${pages.length} pages`);
    for (const [index, page] of pages.entries()) {
      assert.match(page, new RegExp(`Invoice INV-0042 +Page ${index + 1} of ${pages.length}\\s*$`));
      assert.match(page, /Description +Quantity +Price +Amount/);
    }
    const numbers = [...pages.join('\n').matchAll(/Part (\d+)\. +2 ?h +145\.00 +290\.00/g)].map(([, number]) =>
      Number(number),
    );
    assert.deepEqual(
      numbers,
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
  });

  it('does so in the reader’s language', poppler, async () => {
    const pages = pagesOf(await print({ lines: parts(25) }, 'de-AT'));
    assert.match(pages[1] ?? '', /Beschreibung.*Rechnung INV-0042 +Seite 2 von 2\s*$/s);
    assert.match(pagesOf(await print())[0] ?? '', /Invoice INV-0042 +Page 1 of 1\s*$/);
  });

  it('never breaks in a line that fits on a page, and goes on for one that does not', poppler, async () => {
    const pages = pagesOf(await print({ lines: parts(40, `\nbegins ${'oak '.repeat(150)} ends`) }));
    for (const page of pages) assert.equal(page.match(/begins/g)?.length, page.match(/ends/g)?.length);
    const long = pagesOf(await print({ lines: parts(1, `\n${'oak '.repeat(3000)} ends`) }));
    assert.equal(long.join('').match(/oak/g)?.length, 3000);
    for (const page of long.slice(1, 4)) assert.match(page, /Description +Quantity/);
  });

  it('leaves neither totals nor a group’s heading alone, wherever the page ends', poppler, async () => {
    for (let lines_before = 6; lines_before < 34; lines_before += 1) {
      const grouped = html({ lines: [...parts(lines_before), ...lines(['Heading', 'First', 'Last'])] }).replace(
        /<tr\s*>(?=\s*<td>\s*<span class="description">Heading)/,
        '<tr class="group">',
      );
      assert.match(grouped, /<tr class="group">/);
      const pages = pagesOf(await renderer.render(grouped));
      const pageWith = (words: string) => pages.findIndex((page) => page.includes(words));
      assert.equal(pageWith('Heading'), pageWith('First'), `${lines_before} lines before`);
      assert.equal(pageWith('Last'), pageWith('Subtotal'), `${lines_before} lines before`);
      assert.equal(pageWith('Subtotal'), pageWith('Total '), `${lines_before} lines before`);
    }
  });
});

describe('the scripts of the world in a PDF', () => {
  const world = { lines: lines(Object.values(SCRIPTS)), title: SCRIPTS.Japanese };

  it('are drawn with our fonts, which are embedded', async () => {
    const fonts = await fontsOf(await print(world));
    assert.deepEqual(
      fonts.filter(
        (font) => !/^(Inter|ParleySerif|SourceSerif4|NotoSans(JP|SC|KR|Arabic|Hebrew|Devanagari|Thai))/.test(font),
      ),
      [],
    );
    for (const script of ['JP', 'KR', 'SC', 'Arabic', 'Hebrew', 'Devanagari', 'Thai'])
      assert.ok(
        fonts.some((font) => font.startsWith(`NotoSans${script}`)),
        `${script}: ${fonts.join(' ')}`,
      );
  });

  it('are drawn for India, South-East Asia, Ethiopia, in emoji, and as hangul beside kana', async () => {
    assert.deepEqual(undrawable(Object.values(MORE_SCRIPTS).join(' ')), []);
    const fonts = await fontsOf(await print({ lines: lines(Object.values(MORE_SCRIPTS)), title: 'Ẁ Ƈ ↔' }));
    for (const font of [...Object.keys(MORE_SCRIPTS), 'NotoSansJP'])
      assert.ok(
        fonts.some((name) => name.startsWith(font)),
        `${font}: ${fonts.join(' ')}`,
      );
    assert.deepEqual(
      fonts.filter((font) => !/^(Inter|ParleySerif|SourceSerif4|Noto)/.test(font)),
      [],
    );
  });

  it('are written by their numbers where no font draws them: never as a box', () => {
    assert.deepEqual(undrawable('Desk 𓀀, 𒀀 and 𓀀\u200b'), ['𓀀', '𒀀']);
    const page = html({ title: '𓀀 desk', lines: lines(['𒀀']) });
    assert.match(page, /\[U\+13000\] desk/);
    assert.match(page, /\[U\+12000\]/);
  });

  it('can be copied out of it again', poppler, async () => {
    // Where emails join, pdftotext sees spaces between them.
    const text = pagesOf(await print(world))
      .join('')
      .replace(/\s/g, '')
      .normalize();
    for (const [script, words] of Object.entries(SCRIPTS))
      assert.ok(text.includes(words.replace(/\s/g, '').normalize()), script);
  });

  it('draw Han characters as the reader’s language does, or else as the text’s', () => {
    const first = (title: string, locale: string) => /font-family:'(Noto [a-z]+)'/.exec(html({ title }, locale))?.[1];
    assert.deepEqual(
      ['ja-JP', 'ko-KR', 'zh-CN', 'en-US'].map((locale) => first('直角', locale)),
      ['Noto jp', 'Noto kr', 'Noto sc', 'Noto sc'],
    );
    assert.equal(first('直角の', 'en-US'), 'Noto jp');
  });

  it('cost a Latin document nothing, and a Chinese one only its own characters', async () => {
    const faces = (page: string) => page.match(/@font-face \{[^}]*unicode-range|@font-face\{/g)?.length;
    assert.equal(faces(html()), 2);
    assert.ok(html().length < 100_000);
    assert.equal(faces(html({ title: 'Łódź' })), 4);
    assert.ok(html({ title: '办公桌和椅子' }).length < 600_000);
    const fonts = await fontsOf(await print());
    assert.deepEqual(fonts, ['Inter-Regular', 'ParleySerif']);
  });

  it('turn where they must, and stay at the sheet’s side', poppler, async () => {
    const [page = ''] = pagesOf(await print({ lines: lines([`${SCRIPTS.Arabic} 12`, 'Desk']) }));
    const row = page.split('\n').find((line) => line.includes('12') && line.includes('145.00')) ?? '';
    assert.match(row, /^ *12/);
  });
});

describe('odd text in a PDF', () => {
  it('break nothing: emoji, half of one, controls, and what looks like our styles', async () => {
    const odd = '👩‍👩‍👧‍👦 🇩🇪 ✅ \ud83d \u0007 \u202e </style><script>x</script> "} @page{size:A5} \\';
    const pdf = await print({ number: odd, title: odd, note: odd, terms: odd, lines: lines([odd]) });
    assert.deepEqual(await sizesOf(pdf), ['612 × 792']);
    assert.equal(html({}, 'en-US', odd).match(/<\/style>/g)?.length, 1);
  });

  it('load nothing: whatever a page names is inside it', () => {
    const page = html({ title: 'url(http://a.example) 骨', note: '<img src=//a.example>' });
    assert.doesNotMatch(page, /url\('(?!data:)|@import|<img|<link/);
  });
});
