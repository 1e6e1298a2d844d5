import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  isCounted,
  lineAmount,
  type Priced,
  shareOf,
  totalsOf,
  totalsOfAmounts,
} from '../../src/documents/content/totals.js';
import { readNumber } from '../../src/input/read_number.js';
import { formatFor } from '../../src/pages/format.js';
import { addVendor, draftDocument, harbor, type Harbor, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { seeded } from '../support/random.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
});
after(() => portal.close());

const random = seeded(20_261_129);

/** A decimal string of up to so many digits before and after the point. */
const decimal = (whole: number, decimals: number) =>
  `${random(10 ** (1 + random(whole)))}${decimals ? `.${String(random(10 ** decimals)).padStart(decimals, '0')}` : ''}`;

const randomLine = () => ({
  quantity: decimal(4, random(5)),
  unit_price: decimal(6, random(7)),
  discount_percent: random(3) ? '0' : decimal(1, random(5)),
  tax_rate: ['0', '7', '8.25', '19', '7.7', '5.5'][random(6)] ?? '0',
  choice: random(8) ? ('' as const) : ('optional' as const),
  picked: random(2) === 0,
  refused: random(20) === 0,
});
type RandomLine = ReturnType<typeof randomLine>;

const DIGITS: Record<string, number> = { JPY: 0, USD: 2, EUR: 2, KWD: 3 };

/** A decimal as a whole number of millionths. */
function millionths(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}

/** Half away from zero. */
const rounded = (above: bigint, below: bigint) => (2n * above + below) / (2n * below);

/** Counted by whole numbers alone, apart from the module that is tested. */
function exactly(lines: RandomLine[], currency: string, included: boolean) {
  const unit = 10n ** BigInt(DIGITS[currency] ?? 2);
  const amounts = lines.map(({ quantity, unit_price, discount_percent }) =>
    rounded(
      millionths(quantity) * millionths(unit_price) * (100_000_000n - millionths(discount_percent)) * unit,
      10n ** 20n,
    ),
  );
  const byRate = new Map<string, bigint>();
  for (const [i, line] of lines.entries())
    if (!line.refused && (line.choice === '' || line.picked))
      byRate.set(line.tax_rate, (byRate.get(line.tax_rate) ?? 0n) + (amounts[i] ?? 0n));
  const taxes = [...byRate].map(([rate, sum]) =>
    rounded(sum * millionths(rate), 100_000_000n + (included ? millionths(rate) : 0n)),
  );
  const sum = [...byRate.values()].reduce((all, one) => all + one, 0n);
  const tax = taxes.reduce((all, one) => all + one, 0n);
  return { amounts: amounts.map(Number), tax: Number(tax), total: Number(included ? sum : sum + tax) };
}

test('of 100,000 random lines no cent differs from exact decimals, in currencies of 0, 2 and 3 digits', () => {
  for (let document = 0; document < 5000; document++) {
    const lines = Array.from({ length: 20 }, randomLine);
    const currency = Object.keys(DIGITS)[document % 4] ?? 'USD';
    const included = document % 3 === 0;
    const { amounts, tax, total } = exactly(lines, currency, included);
    const lined = lines.map((line) => lineAmount(line, currency));
    assert.deepEqual(lined, amounts);
    const kept = lines.flatMap((line, i) =>
      isCounted(line) ? [{ tax_rate: line.tax_rate, amount: lined[i] ?? 0 }] : [],
    );
    const counted = totalsOfAmounts(kept, included);
    assert.deepEqual([counted.tax, counted.total], [tax, total], JSON.stringify({ currency, included, lines }));
    assert.equal(counted.subtotal + counted.tax, counted.total);
    if (document % 10 === 0) assert.deepEqual(totalsOf(lines, currency, included), counted);
  }
  assert.equal(shareOf(1005, '50'), 503);
  assert.equal(shareOf(100_000_000_000_010, '12.5'), 12_500_000_000_001);
});

test('amounts are written to the last cent, however large', () => {
  const english = formatFor({ locale: 'en-US', time_zone: 'UTC' });
  assert.equal(english.money(9_007_199_254_740_991, 'USD'), '$90,071,992,547,409.91');
  assert.equal(english.amount(-5, 'KWD'), '-0.005');
  assert.equal(english.price('99999999999.123456', 'USD'), '99,999,999,999.123456');
  assert.equal(english.money(1200, 'JPY'), '¥1,200');
  assert.equal(formatFor({ locale: 'de-DE', time_zone: 'UTC' }).moneyInput(108_000, 'KWD'), '108,000');
});

test('a number is read as its writer means it, or not at all', () => {
  const table: [locale: string, typed: string, value: string | null][] = [
    ['en-US', '0,500', null],
    ['de-DE', '0.500', null],
    ['en-US', '1,234.50', '1234.50'],
    ['en-US', '1,23,456', null],
    ['en-US', '12,34', null],
    ['en-US', '1,234,56', null],
    ['en-US', '01,234', null],
    ['en-US', '1 234,567', null],
    ['en-US', '1,234.', null],
    ['en-US', '5²', null],
    ['de-DE', '1.234,50', '1234.50'],
    ['de-DE', '12.34.567', null],
    ['de-DE', '1234.567', null],
    ['de-DE', '12.50', '12.50'],
    ['de-AT', '€ 5', null],
    ['de-AT', '1.234,50', '1234.50'],
    ['de-CH', "1'234.50", '1234.50'],
    ['de-CH', '1’234’567.5', '1234567.5'],
    ['fr-FR', '1\u202f234,5', '1234.5'],
    ['fr-FR', '1\u00a0234\u00a0567', '1234567'],
    ['fr-FR', '1.234', null],
    ['en-IN', '12,34,567.5', '1234567.5'],
    ['en-IN', '1,234,567', '1234567'],
    ['ar-EG', '١٢٬٣٤٥٫٩', '12345.9'],
    ['ja-JP', '１２３', '123'],
    ['en-US', '−5', '-5'],
  ];
  for (const [locale, typed, value] of table) assert.equal(readNumber(typed, locale), value, `${typed} in ${locale}`);
});

test('what a locale writes it reads again, to the last digit', () => {
  for (const locale of [
    'en-US',
    'en-GB',
    'de-DE',
    'de-AT',
    'de-CH',
    'fr-FR',
    'en-IN',
    'hi-IN',
    'es-ES',
    'sv-SE',
    'ar-EG',
  ])
    for (const currency of Object.keys(DIGITS))
      for (let i = 0; i < 200; i++) {
        const minor = random(10 ** (1 + random(11)));
        const format = formatFor({ locale, time_zone: 'UTC' });
        const major = format.moneyInput(minor, currency);
        assert.equal(
          readNumber(major, locale),
          readNumber(format.amount(minor, currency), locale),
          `${major} in ${locale}`,
        );
        assert.equal(Number(readNumber(major, locale)?.replace('.', '')), minor, `${major} in ${locale}`);
      }
});

const LINES = [
  ['2.5', '19.99'],
  ['1', '10.075'],
  ['3', '8.165'],
  ['0.333', '1,234.5678'],
];
const GERMAN_LINES = LINES.map((line) =>
  line.map((typed) => typed.replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ','))),
);

test('while it is typed a draft comes to the cent to what is saved, in the language of who types', async () => {
  const { page } = await openWindow();
  await signInAt(page, portal.base_url, home.olivia.email, portal.codeFor(home.olivia.email));
  for (const [locale, lines] of [
    ['en-US', LINES],
    ['de-DE', GERMAN_LINES],
  ] as const) {
    await portal.look(home.organization_id, (db) => db('people').where({ id: home.olivia.id }).update({ locale }));
    const drafted = { title: 'Cents', lines: LINES.map((_, i) => ({ description: `Line ${i}`, tax_rate: '8.25' })) };
    const id = await draftDocument(portal, home, 'invoice', {
      ...{ issued_on: '2026-11-01', recipients: [home.maya.id] },
      ...drafted,
    });
    await page.goto(`${portal.base_url}/${home.slug}/documents/${id}/edit`);
    const typed = await page.evaluate((rows) => {
      for (const [i, [quantity = '', price = '']] of rows.entries())
        for (const [name, value] of Object.entries({ quantity, price, discount: i === 1 ? '5' : '' })) {
          const input = document.querySelectorAll<HTMLInputElement>(`[name="line_${name}[]"]`)[i];
          if (input) input.value = value;
          input?.dispatchEvent(new Event('input', { bubbles: true }));
        }
      return ['subtotal', 'tax', 'total'].map((name) => document.querySelector(`[data-sum="${name}"]`)?.textContent);
    }, lines);
    await page.click('.form-end [name="save"]');
    await page.waitForFunction(() => !location.pathname.endsWith('/edit'));
    const saved = await portal.look(home.organization_id, (db) =>
      db('documents').where({ id }).first('subtotal', 'tax', 'total', 'currency'),
    );
    const format = formatFor({ locale, time_zone: 'UTC' });
    assert.deepEqual(
      typed,
      [saved.subtotal, saved.tax, saved.total].map((minor) => format.money(minor, 'USD')),
    );
    assert.equal(saved.subtotal, 4998 + 957 + 2450 + 41_111);
  }
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.olivia.id }).update({ locale: 'en-US' }),
  );
  await page.close();
});

const ANSWERED = [
  { description: 'Oak', quantity: '3', unit_price: '8.165', discount_percent: '5', tax_rate: '8.25' },
  { description: 'Ash', quantity: '1', unit_price: '10', tax_rate: '8.25' },
];
const OFFERED = [
  { description: 'Desk', unit_price: '100.075', tax_rate: '8.25' },
  { description: 'Lamp', unit_price: '33.335', tax_rate: '8.25', choice: 'optional' as const, picked: false },
];
const counted = (line: Partial<Priced>): Priced => ({
  ...{ quantity: '1', unit_price: '0', discount_percent: '0', tax_rate: '0', choice: '', refused: false, ...line },
  picked: true,
});

test('a vendor’s answer and a customer’s options come to the cent to what the server counts', async () => {
  const own = await harbor(portal);
  const { vendor, erik } = await addVendor(portal, own);
  const at = { ...own, partner_id: vendor };
  const order = await sentDocument(portal, at, 'purchase_order', { recipients: [erik], lines: ANSWERED });
  const offer = { lines: OFFERED, deposit_percent: '33.3333' };
  const estimate = await sentDocument(portal, own, 'estimate', offer);
  const format = formatFor({ locale: 'en-US', time_zone: 'UTC' });
  const windowOf = async (email: string, url: string) => {
    const { page } = await openWindow();
    await signInAt(page, portal.base_url, email, portal.codeFor(email));
    await page.goto(`${portal.base_url}${url}`);
    return page;
  };
  const eriks = await windowOf('erik@northern.example', `${order.url}/answer`);
  const answered = await eriks.evaluate(() => {
    for (const [name, value] of Object.entries({ quantity: '2.5', price: '19.99' })) {
      const input = document.querySelector<HTMLInputElement>(`[name="line_${name}[]"]`);
      if (input) input.value = value;
      input?.dispatchEvent(new Event('input', { bubbles: true }));
    }
    return ['subtotal', 'tax', 'total'].map(
      (name) => document.querySelector(`[data-answer-sum="${name}"]`)?.textContent,
    );
  });
  const wanted = totalsOf(
    [{ ...ANSWERED[0], quantity: '2.5', unit_price: '19.99' }, { ...ANSWERED[1] }].map(counted),
    'USD',
  );
  assert.deepEqual(
    answered,
    [wanted.subtotal, wanted.tax, wanted.total].map((minor) => format.money(minor, 'USD')),
  );
  const mayas = await windowOf(own.maya.email, estimate.url);
  const ticked = await mayas.evaluate(() => {
    const pick = document.querySelector<HTMLInputElement>('[data-pick]');
    if (pick) pick.checked = true;
    pick?.dispatchEvent(new Event('change', { bubbles: true }));
    return ['subtotal', 'tax-sum', 'total', 'deposit'].map(
      (name) => document.querySelector(`[data-${name}]`)?.textContent,
    );
  });
  const { subtotal, tax, total } = totalsOf(OFFERED.map(counted), 'USD');
  const money = (minor: number) => format.money(minor, 'USD');
  const amount = (minor: number) => format.amount(minor, 'USD');
  assert.deepEqual(ticked, [amount(subtotal), amount(tax), money(total), money(shareOf(total, '33.3333'))]);
  for (const page of [eriks, mayas]) await page.close();
});

test('the form of a bill offers no currency but its order’s', async () => {
  const { vendor, erik } = await addVendor(portal, home);
  const fields = { recipients: [erik], lines: [{ description: 'Oak', unit_price: '5' }] };
  const order = await sentDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', fields);
  const form = await olivia.get(`/${home.slug}/bills/new?partner=${vendor}&from=${order.number}`).expect(200);
  const [, options = ''] = /<select[^>]*name="currency"[^>]*>(.*?)<\/select>/s.exec(form.text) ?? [];
  assert.deepEqual(
    [...options.matchAll(/value="(\w+)"/g)].map(([, code]) => code),
    ['USD'],
  );
});

test('of random lines with several taxes, each tax is rounded once, and no cent is lost, included or not', () => {
  const pick = seeded(7);
  const named = ['6', '1.25', '20', '5.5', '0'].map((rate, n) => ({ name: `Tax ${n}`, rate }));
  for (let round = 0; round < 500; round++) {
    const lines = Array.from({ length: 1 + pick(8) }, () => ({
      amount: pick(2_000_000) - 300_000,
      tax_rate: '0',
      taxes: named.filter(() => pick(5) < 2),
    }));
    const all = lines.reduce((sum, { amount }) => sum + amount, 0);
    for (const included of [false, true]) {
      const { subtotal, taxes, tax, total } = totalsOfAmounts(lines, included);
      assert.equal(included ? total : subtotal, all);
      assert.equal(subtotal + tax, total);
      assert.equal(
        taxes.reduce((sum, { amount }) => sum + amount, 0),
        tax,
      );
      for (const { name, rate, base, amount } of taxes.filter((one) => one.name)) {
        const own = lines.filter(({ taxes }) => taxes.some((one) => one.name === name));
        const exact = own.reduce((sum, line) => {
          const contained = line.taxes.reduce((percent, one) => percent + Number(one.rate), 0);
          return sum + (line.amount * Number(rate)) / (included ? 100 + contained : 100);
        }, 0);
        assert.ok(Math.abs(amount - exact) <= 0.5 + 1e-6, `${name}: ${amount}, ${exact}`);
        if (!included)
          assert.equal(
            base,
            own.reduce((sum, line) => sum + line.amount, 0),
          );
      }
    }
  }
});
